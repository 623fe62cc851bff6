"""Hosts that somebody is still to fill in."""

from __future__ import annotations

import pytest

from scaleaudit.linking.hosts import is_placeholder
from scaleaudit.time_limit import cpu_limit


@pytest.mark.parametrize(
    "host",
    ["host", "your_host", "my-redis-server", "the_db.hostname", "your-broker", "xxx", "changeme"],
)
def test_examples_name_nobody(host: str) -> None:
    assert is_placeholder(host)


@pytest.mark.parametrize(
    "host", ["db", "orders-db", "mysql", "theatre", "my.shop.example", "somehost1"]
)
def test_names_are_no_placeholders(host: str) -> None:
    assert not is_placeholder(host)


def test_a_long_name_is_read_at_once() -> None:
    with cpu_limit(5):  # there is no limit while files are linked
        assert not is_placeholder("my" + "_a" * 2_000)
