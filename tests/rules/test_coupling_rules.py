"""Which circles of modules the rules on coupling report, and how grave they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Severity

if TYPE_CHECKING:
    from scaleaudit.findings import Finding


def ring(folders: list[str], last: str = "js") -> list[Severity]:
    """The findings over modules, one in each folder given, of which each imports the next."""
    ends = ["js"] * (len(folders) - 1) + [last]
    paths = [f"{folder}/part{number}.{ends[number]}" for number, folder in enumerate(folders)]
    files = {}
    for number, path in enumerate(paths):
        up = "../" * path.count("/")
        files[path] = (
            f'import {{ run }} from "{up}{paths[(number + 1) % len(paths)]}";\nexport const a = run;\n'
        )
    return [found.severity for found in find("cyclic-dependency", files)]


@pytest.mark.parametrize(
    ("folders", "severities"),
    [
        (["shop/orders", "shop/billing"], [Severity.LOW]),
        ([f"shop/part{number}" for number in range(10)], [Severity.MEDIUM]),
        (["shop/orders", "shop/orders"], []),
        (["shop/orders", "shop/orders/lines"], []),
        (["shop/orders"] * 12, []),
        (["shop/orders"] * 9 + ["shop/orders/lines"], [Severity.LOW]),
        (["shop/orders"] * 8 + ["shop/orders/lines"], []),
    ],
)
def test_circles_of_modules(folders: list[str], severities: list[Severity]) -> None:
    assert ring(folders) == severities


def test_a_knot_that_parts_of_a_page_belong_to_is_of_low_severity() -> None:
    folders = [f"shop/part{number}" for number in range(10)]
    assert ring(folders, "jsx") == [Severity.LOW]


def catalog_and_pricing(tables: list[str], asked: list[str]) -> list[Finding]:
    """`asked`: what pricing does, a statement for each table."""
    service = "    environment:\n      DATABASE_URL: postgres://app@postgres:5432/shop\n"
    compose = (
        f"services:\n  catalog:\n    build: ./catalog\n{service}  pricing:\n    build: ./pricing\n{service}"
        "  postgres:\n    image: postgres:16\n"
    )
    connect = (
        'const { Pool } = require("pg");\n'
        "const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n"
    )
    files = {
        "compose.yaml": compose,
        "catalog/schema.sql": "".join(
            f"CREATE TABLE {name} (id bigserial PRIMARY KEY, made_at timestamptz, user_id bigint);\n"
            for name in tables
        ),
        "catalog/make.js": connect
        + "".join(
            f'pool.query("INSERT INTO {name} (user_id) VALUES ($1)", [1]);\n' for name in tables
        ),
        "pricing/read.js": connect + "".join(f'pool.query("{each}", [1]);\n' for each in asked),
    }
    return find("cross-service-table-access", files)


def test_one_application_that_works_on_many_tables_of_another() -> None:
    tables = [f"part{number}s" for number in range(4)]
    reads = [f"SELECT made_at FROM {name} WHERE id = $1" for name in tables]
    (found,) = catalog_and_pricing(tables, reads)
    assert found.data == {"tables": tables, "owner": "catalog", "writes": False}
    assert "pricing reads 4 tables that belong to catalog" in found.message
    assert len(found.related) + 1 == 4


def test_what_is_read_and_what_is_written_are_two_findings() -> None:
    tables = [f"part{number}s" for number in range(8)]
    reads = [f"SELECT made_at FROM {name} WHERE id = $1" for name in tables[:4]]
    writes = [f"UPDATE {name} SET user_id = $1" for name in tables[4:]]
    found = {
        str(each.data["tables"]): each.data["writes"]
        for each in catalog_and_pricing(tables, [*reads, *writes])
    }
    assert found == {str(tables[:4]): False, str(tables[4:]): True}
