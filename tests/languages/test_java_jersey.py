"""Requests of Jersey 1, whose resources are JAX-RS' targets under an older name."""

from __future__ import annotations

import pytest

from scaleaudit.facts import RemoteCall, Timeout
from scaleaudit.languages.java import extract
from scaleaudit.values import Literal

HEAD = "package shop;\nimport com.sun.jersey.api.client.*;\nclass Orders {{ Client held; {} }}"


def requests(code: str) -> list[tuple[str, object, Timeout]]:
    found = extract(HEAD.format(code).encode())
    assert found.problem == ""
    return [(f.library, f.target, f.timeout) for f in found.facts if isinstance(f, RemoteCall)]


URL = '"http://stock:8080/items"'
STOCK = Literal("http://stock:8080/items")


@pytest.mark.parametrize(
    ("code", "waits"),
    [
        (f"void a() {{ Client.create().resource({URL}).get(String.class); }}", Timeout.NEVER),
        (
            f"void a() {{ Client c = Client.create(); WebResource r = c.resource({URL}); r.get(); }}",
            Timeout.NEVER,
        ),
        (
            f"void a() {{ Client c = Client.create(); c.setReadTimeout(900); c.resource({URL}); }}",
            Timeout.SET,
        ),
        (f"void a() {{ Client.create(config).asyncResource({URL}).get(); }}", Timeout.UNKNOWN),
        (f'void a() {{ held.resource({URL}).type("text").post(); }}', Timeout.UNKNOWN),
    ],
)
def test_a_resource_is_called(code: str, waits: Timeout) -> None:
    assert requests(code) == [("jersey-client", STOCK, waits)]


def test_other_resources_are_no_requests() -> None:
    other = HEAD.replace("com.sun.jersey.api.client.*", "org.shop.Client")
    code = f"void a() {{ held.resource({URL}); }}"
    assert not [f for f in extract(other.format(code).encode()).facts if isinstance(f, RemoteCall)]
