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


def test_conditions_that_a_function_sets_while_the_query_is_built() -> None:
    found = queries(
        """
        class Loan extends Model {
          static async known(ids, shelf) {
            return await this.query().onBuild((builder) => {
              builder.whereIn('id', ids)
              if (shelf) builder.where('shelf', shelf)
            })
          }
        }
        """
    )
    assert found == [("Loan", ["id"]), ("Loan", ["id", "shelf"])]


def test_a_query_that_a_function_for_all_classes_begins() -> None:
    found = queries(
        """
        export async function list({ reader }, options) {
          let loans: QueryBuilder<Loan> = begun<Loan>(
            Loan,
            options,
          );
          if (reader !== undefined) {
            loans = loans.where('reader_id', reader);
          }
          return loans.orderBy('due');
        }
        const own: QueryBuilder<Loan> = openLoans(Loan)
        """
    )
    assert ("Loan", ["reader_id", "due"]) in found
    assert {model for model, _ in found} == {"Loan"}
    assert len(found) == 2


def test_a_query_that_is_given_its_transaction_on_a_line_of_its_own() -> None:
    found = queries(
        """
        const f = (options, id) => Loan.query(
          Transaction.get(options.txId),
        ).where('reader_id', id)
        """
    )
    assert found == [("Loan", ["reader_id"])]


def test_a_function_from_elsewhere_that_builds_hides_its_conditions() -> None:
    source = (
        "import { Model } from 'objection'\nconst f = (narrow) => Loan.query().onBuild(narrow)\n"
    )
    found = extract(source.encode())
    (fact,) = (each for each in found.facts if isinstance(each, OrmQuery))
    assert fact.partial


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


def test_rows_by_several_keys() -> None:
    found = queries("const f = (ids) => Loan.query().findByIds(ids).where('shelf', 1)")
    assert found == [("Loan", ["id", "shelf"])]
