"""Definitions with a hole where IF [NOT] EXISTS may stand."""

from __future__ import annotations

import pytest

from scaleaudit.sql import without_existence


@pytest.mark.parametrize("hole", ["{}", "\0"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE INDEX {} orders_idx ON orders (code)", "CREATE INDEX orders_idx ON orders (code)"),
        (
            "create unique index concurrently {} orders_idx ON orders (code)",
            "create unique index concurrently orders_idx ON orders (code)",
        ),
        ('CREATE TABLE {} "orders" (id int)', 'CREATE TABLE "orders" (id int)'),
        ("ALTER TABLE orders ADD COLUMN {} code text", "ALTER TABLE orders ADD COLUMN code text"),
        ("DROP TABLE {} orders", "DROP TABLE orders"),
        # The hole may be the name: PostgreSQL names the index by itself.
        ("CREATE INDEX {} ON orders (code)", "CREATE INDEX ON orders (code)"),
    ],
)
def test_a_hole_for_existence_goes(text: str, expected: str, hole: str) -> None:
    assert without_existence(text.replace("{}", hole)) == expected


@pytest.mark.parametrize("hole", ["{}", "\0"])
@pytest.mark.parametrize(
    "text",
    [
        "SELECT {} FROM orders",
        "CREATE {} INDEX orders_idx ON orders (code)",  # UNIQUE may stand there
        "CREATE TABLE {}",
    ],
)
def test_other_holes_stay(text: str, hole: str) -> None:
    held = text.replace("{}", hole)
    assert without_existence(held) == held
