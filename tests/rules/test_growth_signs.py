"""Which tables look as if rows come with use."""

from __future__ import annotations

import pytest

from scaleaudit.schemas import sql_files
from scaleaudit.schemas.replay import replay
from scaleaudit_rules.data._growth_signs import RUNS_BY_ROLE, filled_by_use, is_one_of_each


@pytest.mark.parametrize(
    ("definition", "filled"),
    [
        ("shipments (id int PRIMARY KEY, order_id int, carrier_id int, created_at timestamp)", True),
        ('shipments (id int PRIMARY KEY, "orderId" int, "carrierId" int, "createdAt" timestamp)', True),
        ('province ("provinceId" int PRIMARY KEY, "countryId" int, "createdAt" timestamp)', False),
        ('tokens (id int PRIMARY KEY, "userId" int, "createdAt" timestamp)', True),
        # One's own key refers to nothing.
        ("province (province_id int PRIMARY KEY, country_id int, created_at timestamp)", False),
        ("fee_category (id int PRIMARY KEY, work_id int, finance_id int, created_at timestamp)", False),
        ("shipments (order_id int, carrier_id int, created_at timestamp, PRIMARY KEY (order_id, carrier_id))", True),
    ],
)  # fmt: skip
def test_filled_by_use(definition: str, filled: bool) -> None:
    schema = replay([("a.sql", sql_files.extract(f"CREATE TABLE {definition};".encode()))])
    (table,) = schema.tables.values()
    assert filled_by_use(table) is filled


@pytest.mark.parametrize(
    ("column", "each"),
    [("command", True), ('"jobName"', True), ("config_key", True), ("shop_command", False), ("command_id", False)],
)  # fmt: skip
def test_a_row_for_each_part_of_the_program(column: str, *, each: bool) -> None:
    text = f"CREATE TABLE parts (id int PRIMARY KEY, {column} text UNIQUE);"
    (table,) = replay([("a.sql", sql_files.extract(text.encode()))]).tables.values()
    assert is_one_of_each(table) is each


@pytest.mark.parametrize(
    ("text", "few"),
    [
        ("SELECT id FROM users WHERE role = 'admin'", True),
        ("User.where(role: :super_admin)", True),
        ("users.filter(role=Role.SYSADMIN)", True),
        ('users.find({ role: "shop_admin" })', True),
        ("users.where('role', 'guest')", False),
        ("SELECT id FROM users WHERE role = %s", False),
        ("SELECT id FROM roles WHERE admin", False),
    ],
)
def test_people_of_a_role_that_runs_the_system(text: str, few: bool) -> None:
    assert (RUNS_BY_ROLE.search(text) is not None) is few
