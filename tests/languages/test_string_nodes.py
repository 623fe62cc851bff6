"""Strings that are put together of many."""

from __future__ import annotations

from scaleaudit.facts import QueryFound
from scaleaudit.languages.java import extract


def test_a_statement_of_many_lines_is_read_to_its_end() -> None:
    columns = [f'"c{number}, "' for number in range(20)]
    text = " + ".join(['"SELECT "', *columns, '"c FROM parcels "', '"WHERE code = ?"'])
    source = f"class A {{ void f(JdbcTemplate jdbc) {{ jdbc.query({text}, mapper); }} }}"
    (found,) = (each for each in extract(source.encode()).facts if isinstance(each, QueryFound))
    assert [(each.column, each.operator) for each in found.predicates] == [("code", "=")]
