"""Statements that programs hand to JDBI."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.java import extract

DAO = """
import {library};
class Orders {{
  static final String FIND = "SELECT * FROM orders WHERE state = :state";
  List<Order> one(String email) {{
    return jdbi.withHandle(handle -> handle
        .createQuery("SELECT id FROM orders WHERE email = :email").bind("email", email).list());
  }}
  List<Order> two(String state) {{
    return jdbi.withHandle(handle -> handle.createQuery(FIND).bind("state", state).list());
  }}
}}
"""


@pytest.mark.parametrize(
    ("library", "columns"),
    [("org.jdbi.v3.core.Jdbi", {"email", "state"}), ("javax.persistence.EntityManager", set())],
)
def test_its_queries_are_sql(library: str, columns: set[str]) -> None:
    facts = extract(DAO.format(library=library).encode()).facts
    asked = {p.column for f in facts if isinstance(f, QueryFound) for p in f.predicates}
    assert asked == columns
