"""Scripts inside of pages, which ask other parts of the system from the browser."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

COMPOSE = """
    services:
      shop: {build: shop, ports: ["80:80"]}
      orders: {build: orders, ports: ["8080:80"]}
    """
GO = 'package main\nimport "net/http"\nfunc main() { http.HandleFunc("/take", take); http.ListenAndServe(":80", nil) }\n'
PAGE = """
    <html><body>
    <script>
      %s
    </script>
    </body></html>
    """


@pytest.mark.parametrize("name", ["index.html", "pages/test.page.gohtml", "public/cart.html"])
@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ('fetch("http://localhost:8080/take", body).then(show)', True),
        (r'fetch("http:\/\/localhost:8080/take")', True),
        ("axios.post('http://127.0.0.1:8080/take', it)", True),
        ("$.ajax({ type: 'POST', url: 'http://localhost:8080/take' })", True),
        ('request.open("GET", "http://localhost:8080/take")', True),
        ("new WebSocket(`ws://localhost:8080/take`)", True),
        ('show("http://localhost:8080/take")', False),
        ('fetch("http://localhost:9999/take")', False),
        ('fetch("https://example.org/take")', False),
    ],
)
def test_what_a_page_asks_by_an_open_port(name: str, script: str, asked: bool) -> None:
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            **{f"{each}/Dockerfile": "FROM golang\n" for each in ("shop", "orders")},
            **{f"{each}/go.mod": f"module {each}\n" for each in ("shop", "orders")},
            **{f"{each}/main.go": GO for each in ("shop", "orders")},
            f"shop/{name}": PAGE % script,
        }
    )
    calls = {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)}
    assert calls == ({("service:shop", "service:orders")} if asked else set())
