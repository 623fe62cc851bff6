"""Hosts that somebody is still to fill in."""

from __future__ import annotations

import textwrap

import pytest
from tests.linking.system import architecture

from scaleaudit.linking.hosts import is_placeholder
from scaleaudit.time_limit import cpu_limit


@pytest.mark.parametrize(
    "host",
    [
        "host",
        "your_host",
        "my-redis-server",
        "the_db.hostname",
        "your-broker",
        "xxx",
        "changeme",
        "ep-xxx.eu-west-1.aws.acme.io",
        "xxxx.acme.io",
    ],
)
def test_examples_name_nobody(host: str) -> None:
    assert is_placeholder(host)


@pytest.mark.parametrize(
    "host", ["db", "orders-db", "mysql", "theatre", "my.shop.example", "somehost1", "maxxxi.io"]
)
def test_names_are_no_placeholders(host: str) -> None:
    assert not is_placeholder(host)


def test_a_long_name_is_read_at_once() -> None:
    with cpu_limit(5):  # there is no limit while files are linked
        assert not is_placeholder("my" + "_a" * 2_000)


def test_two_stores_behind_one_host_of_a_provider() -> None:
    compose = """
        services:
          orders:
            image: acme/orders
            environment: {DATABASE_URL: "postgres://u:p@proxy.hosted.net:47175/orders"}
          carts:
            image: acme/carts
            environment: {MONGO_URL: "mongodb://proxy.hosted.net:15037/carts"}
          bills:
            image: acme/bills
            environment: {DATABASE_URL: "postgres://u:p@proxy.hosted.net:47175/bills"}
        """
    found = architecture({"compose.yaml": textwrap.dedent(compose)})
    without = architecture({"compose.yaml": textwrap.dedent(compose).replace(":15037", "")})
    assert {each.target for each in without.edges()} == {"database:proxy.hosted.net"}
    assert sorted((each.source, each.target) for each in found.edges()) == [
        ("service:bills", "database:proxy.hosted.net"),
        ("service:carts", "database:proxy.hosted.net:15037"),
        ("service:orders", "database:proxy.hosted.net"),
    ]
