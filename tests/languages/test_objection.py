"""What Objection's models are asked."""

from __future__ import annotations

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.javascript.typescript import extract


def queries(source: str) -> list[tuple[str, list[str]]]:
    found = extract(f"import {{ Model }} from 'objection'\n{source}".encode())
    assert found.problem == ""
    return [
        (fact.model, [each.path for each in fact.conditions])
        for fact in found.facts
        if isinstance(fact, OrmQuery) and fact.framework == "objection"
    ]


def test_a_query_that_is_begun_without_a_condition() -> None:
    found = queries(
        """
        async function f(x, trx) {
          const loans = Loan.query(trx)
          loans.where('reader_id', x.reader)
          if (x.shelf) loans.where('shelf', x.shelf)
          return loans
        }
        const rows = pool.query(text)
        """
    )
    assert found == [("Loan", ["reader_id"]), ("Loan", ["reader_id", "shelf"])]


def test_one_of_two_queries_under_a_new_name() -> None:
    found = queries(
        """
        async function f(user) {
          const own = user.$relatedQuery('loans')
          const all = Loan.query()
          const base = user.admin ? all : own
          const page = base.clone().where('state', 1).orderBy('updated_at')
          return page
        }
        """
    )
    assert ("Loan", ["state", "updated_at"]) in found
    assert ("", ["state", "updated_at"]) in found
