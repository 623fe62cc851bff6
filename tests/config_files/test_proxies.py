"""Reverse proxies: whom their configurations pass requests on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import proxies
from scaleaudit.config_files.interpolation import spelled
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.values import Join, Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.values import Value


def told(text: str) -> list[tuple[str, int, str]]:
    """Key, line and address, with `${NAME}` for what the deployment fills in."""
    return [
        (f.key, f.at.line, spelled(f.value).removeprefix("http://"))
        for f in proxies.extract(text.encode()).facts
        if isinstance(f, SettingDefined)
    ]


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


def test_sets_of_servers_that_a_request_chooses_between() -> None:
    text = """\
upstream orders_GET { server reads:80; }
upstream orders_POST { server writes:80; }
upstream stock { server stock:80; }
location /orders { proxy_pass http://orders_$request_method; }
location /any { proxy_pass http://$scheme; }
"""
    assert told(text) == [
        ("nginx", 4, "reads:80"),
        ("nginx", 4, "writes:80"),
        ("nginx", 5, "{}"),
        ("nginx:stock", 3, "stock:80"),
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
	forward_auth gate:9091 {
		uri /verify
	}
}
"""
    assert passes(text) == [
        (2, Literal("http://api:8000")),
        (3, Literal("http://live-1:3000")),
        (3, Literal("http://live-2:3000")),
        (4, Join((Literal("http://"), Setting("WEB", Literal("web")), Literal(":3000")))),
        (9, Literal("http://files:9000")),
        (13, Literal("http://gate:9091")),
    ]


def test_what_templates_and_maps_of_nginx_leave_open() -> None:
    text = """\
map $http_upgrade $shop {
    default shop-1:80;
    websocket "live:3000";
}
upstream stock { server {{ env "STOCK_HOST" "stock" }}:80; }
server {
    location /a { proxy_pass http://$shop/x; }
    location /b { proxy_pass http://${ORDERS:-orders}:80; }
    location /c { proxy_pass $BACKEND_URL; }
    location /d { proxy_pass http://<%= ENV["USERS_HOST"] || "users" %>:80; }
    location /e { proxy_pass http://u:geheim12@files:80; }
}
"""
    assert told(text) == [
        ("nginx", 7, "shop-1:80/x"),
        ("nginx", 7, "live:3000/x"),
        ("nginx", 8, "orders:80"),
        ("nginx", 9, "${BACKEND_URL}"),
        ("nginx", 10, "users:80"),
        ("nginx", 11, "u:***@files:80"),
        ("nginx:stock", 5, "stock:80"),
    ]


def test_apache() -> None:
    text = """\
Define STOCK stock:8080
<VirtualHost *:80>
    ProxyPass /static !
    ProxyPass "/orders" "http://orders:8080/"
    ProxyPassReverse /orders http://orders-back:8080/
    ProxyPassMatch ^/s/(.*)$ http://${STOCK}/$1
    ProxyPass / balancer://shops/
    <Proxy balancer://shops>
        BalancerMember http://shop-1:80 route=1
        # BalancerMember http://shop-2:80
    </Proxy>
    RewriteRule ^/live/(.*) ws://live:3000/$1 [P,L]
    RewriteRule ^/old http://elsewhere/ [R=301]
    <FilesMatch \\.php$>
        SetHandler "proxy:fcgi://php:9000"
    </FilesMatch>
    <Location /users>
        ProxyPass http://${USERS_HOST}:80/
    </Location>
</VirtualHost>
"""
    assert told(text) == [
        ("apache", 4, "orders:8080/"),
        ("apache", 6, "stock:8080/$1"),
        ("apache", 9, "shop-1:80"),
        ("apache", 12, "live:3000/$1"),
        ("apache", 15, "php:9000"),
        ("apache", 18, "${USERS_HOST}:80/"),
    ]


def test_haproxy() -> None:
    text = """\
frontend www
    bind *:80
    default_backend shops
backend shops
    balance roundrobin
    server s1 shop-1:8080 check
    server s2 "${SHOP_2}":8080 check
    server-template live 1-3 live:3000 check
listen stats
    stats enable
    server own unix@/run/x.sock
"""
    assert told(text) == [
        ("haproxy", 6, "shop-1:8080"),
        ("haproxy", 7, "${SHOP_2}:8080"),
        ("haproxy", 8, "live:3000"),
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
        b"proxy_pass http://a;\n{{" + b" " * 1_990,
        b"proxy_pass http://a;\n<%=" + b" " * 1_990,
        b"proxy_pass service;\n" + (b"{{env " + b" " * 1_900 + b"\n") * 20,
    ],
)
def test_hostile_files_end(content: bytes) -> None:
    assert len(proxies.extract(content).facts) < 600
