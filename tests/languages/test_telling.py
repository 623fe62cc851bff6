"""Which names say of a text that it is an address."""

from __future__ import annotations

import pytest

from scaleaudit.languages.telling import telling


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        ("orders_base", True),
        ("base", True),
        ("database", False),
        ("based_on", False),
        ("api_prefix", True),
        ("apiVersion", True),
        ("API_PATH", True),
        ("routePrefix", True),
        ("global_prefix", True),
        ("prefix", False),
        ("version", False),
    ],
)
def test_names_of_addresses(name: str, *, tells: bool) -> None:
    assert telling(name) is tells
