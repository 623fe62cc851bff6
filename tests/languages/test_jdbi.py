"""Statements that programs hand to JDBI."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages import kotlin
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


KOTLIN = """
import com.acme.db.Database

fun Database.Read.one(email: String): List<Order> =
    createQuery(
        \"\"\"
        SELECT id FROM orders WHERE email = :email
        \"\"\"
            .trimIndent()
    ){first}

fun Database.Read.two(state: String): List<Order> {{
    val sql = "SELECT id FROM orders WHERE state = :state"
    return createQuery(sql){second}
}}
"""


@pytest.mark.parametrize(
    ("first", "second", "columns"),
    [
        ('\n.bind("email", email).list()', ".mapTo<Order>().list()", {"email", "state"}),
        ('.setParameter("email", email)', ".resultList.mapTo(found)", set()),
    ],
)
def test_its_queries_behind_a_class_of_ones_own(first: str, second: str, columns: set[str]) -> None:
    facts = kotlin.extract(KOTLIN.format(first=first, second=second).encode()).facts
    asked = {p.column for f in facts if isinstance(f, QueryFound) for p in f.predicates}
    assert asked == columns
