"""What of a source line may be shown."""

from __future__ import annotations

import time

import pytest

from scaleaudit.reports.source_lines import line_reader, shown, without_secrets


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL: postgresql://shop:hunter2@db:5432/shop",
        "BROKER=amqp://u:hun@hunter2@host/",
        "redis://:hunter2@cache:6379",
        "https://hunter2@host/x",
        "DB_PASSWORD=hunter2",
        'password: "hunter2"',
        "auth=('user', 'hunter2')",
        '.basicAuth("user", "hunter2")',
        'withCredentials("admin", "hunter2")',
        "ENV DB_PASSWORD hunter2",
        "curl --token hunter2 http://x",
        '{name: DB_PASSWORD, value: "hunter2"}',
        '{ "name": "API_TOKEN", "value": "hunter2" }',
        'setPassword("hunter2")',
        "Authorization: Bearer hunter2hunter2",
        "url: jdbc:mysql://db:3306/x?user=root&password=hunter2",
        "Server=db;Database=x;User Id=sa;Password=hunter2",
        "-e MYSQL_ROOT_PASSWORD=hunter2 -p x",
        'requests.post(url, data={"user": u, "password": "hunter2"})',
        'const key = "sk-proj-hunter2hunter2"',
        'x = call("ghp_hunter2hunter2hunter2")',
        'call("A1hunter2b3C4d5E6F7g8H9")',
    ],
)
def test_secrets_are_hidden(line: str) -> None:
    assert "hunter2" not in without_secrets(line)
    assert "***" in without_secrets(line)


@pytest.mark.parametrize(
    "line",
    [
        'requests.get(f"{settings.PRICING_URL}/prices/{sku}", timeout=3)',
        "const res = await fetch(`${BASE}/auth/token`)",
        'restTemplate.exchange("http://ts-order-service/api/v1/orderservice/order/refresh", GET)',
        "PRICING_URL: http://pricing:8080",
        'public static final String ORDER_V1_BASE_URL = "http://ts-order2-service"',
        "url = self.get_token_url()",
        "proxy_pass http://catalog:3000/api/;",
        "image: registry.example.com/shop/catalog-service:1.2.3",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert without_secrets(line) == line


def test_a_line_is_harmless_and_short() -> None:
    assert shown("  a\x1b[31m\u202eb\t ") == r"a\x1b[31m\u202eb"
    assert shown("x" * 500, 20) == "x" * 17 + "..."


def test_no_text_makes_it_slow() -> None:
    start = time.perf_counter()
    for hostile in ("a", "password ", '"', "pass=\\", "://", "auth(", "key.", "'\\", "://a@"):
        shown(hostile * 100_000)
    assert time.perf_counter() - start < 1


def test_lines_of_files() -> None:
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return b"one\r\n\xff two\nthree" if path == "a" else None

    line = line_reader(read)
    assert [line("a", n) for n in range(5)] == ["", "one", "\ufffd two", "three", ""]
    assert line("b", 1) == ""
    assert asked == ["a", "b"]


def test_an_entry_of_a_manifest_comes_with_its_value() -> None:
    def read(path: str) -> bytes:
        return (
            b"- name: ORDERS_URL\n  value: http://orders\n"
            b"- name: API_TOKEN\n  value: hunter2\n- name: x\n  image: y\n"
        )

    line = line_reader(read)
    assert shown(line("a", 1)) == "- name: ORDERS_URL, value: http://orders"
    assert shown(line("a", 3)) == "- name: API_TOKEN, value: ***"
    assert shown(line("a", 5)) == "- name: x"
