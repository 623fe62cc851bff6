"""Reverse proxies: whom their configurations pass requests on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import proxies
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.values import Join, Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.values import Value


def passes(text: str) -> list[tuple[int, Value]]:
    facts = proxies.extract(text.encode()).facts
    assert all(isinstance(f, SettingDefined) and f.source == "proxy" for f in facts)
    return [(f.at.line, f.value) for f in facts if isinstance(f, SettingDefined)]


def test_upstreams_and_variables_of_nginx(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
upstream shop {
    least_conn;
    server shop-1:8000 weight=5; # the big one
    server shop-2:8000;
}
upstream one { server only:9000; }
server {
    # proxy_pass http://gone:1;
    set $stock "stock:3000";
    location /a { proxy_pass http://shop; }
    location /b { proxy_pass http://$stock/api; }
    location /c { fastcgi_pass one; }
    location /d { fastcgi_pass unix:/run/php.sock; }
    location /e { grpc_pass grpc://prices:50051; }
    location /f { proxy_pass http://${USERS_HOST}:8080/; }
    location /g { proxy_pass https://$host; }
}
"""
    stored(proxies.extract(text.encode()))
    assert passes(text) == [
        (10, Literal("http://shop-1:8000")),
        (10, Literal("http://shop-2:8000")),
        (11, Literal("http://stock:3000/api")),
        (12, Literal("http://only:9000")),
        (14, Literal("http://prices:50051")),
        (15, Join((Literal("http://"), Setting("USERS_HOST"), Literal(":8080/")))),
        (16, Join((Literal("http://"), Unknown("$host")))),
    ]


def test_caddy() -> None:
    text = """\
{$SITE} {
	reverse_proxy /api/* api:8000
	reverse_proxy @ws live-1:3000 live-2:3000
	reverse_proxy {$WEB:web}:3000 {
		header_up Host {host}
	}
	handle /files/* {
		reverse_proxy {
			to files:9000
		}
	}
	php_fastcgi unix//run/php.sock
}
"""
    assert passes(text) == [
        (2, Literal("http://api:8000")),
        (3, Literal("http://live-1:3000")),
        (3, Literal("http://live-2:3000")),
        (4, Join((Literal("http://"), Setting("WEB", Literal("web")), Literal(":3000")))),
        (9, Literal("http://files:9000")),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00proxy_pass",
        b"upstream x {" * 10_000,
        b"proxy_pass http://" + b"$" * 100_000 + b";",
        b"reverse_proxy " + b"{$" * 50_000,
        b"set $a $a;\n" * 5_000 + b"proxy_pass http://$a;",
    ],
)
def test_hostile_files_end(content: bytes) -> None:
    assert len(proxies.extract(content).facts) < 600
