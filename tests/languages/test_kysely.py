"""Queries built with Kysely."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound
from scaleaudit.languages.javascript import typescript


def queries(source: str) -> list[QueryFound]:
    facts = typescript.extract(source.encode()).facts
    return [fact for fact in facts if isinstance(fact, QueryFound) and fact.library == "kysely"]


def asked(query: QueryFound) -> list[str]:
    return [
        f"{f'~{p.branch} ' if p.alternative else ''}{p.table}.{p.column} {p.operator}"
        f"{'!' if p.constant else ''}{f' {p.function}' if p.function else ''}"
        for p in query.predicates
    ]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ('.where("state", "=", "open")', ["orders.state =!"]),
        ('.where("o.userId", "in", ids)', ["orders.userid in"]),
        ('.where("deletedAt", "is", null)', ["orders.deletedat is-null"]),
        ('.where("kind", "=", sql.lit(Kind.BIG))', ["orders.kind =!"]),
        ('.where((eb) => eb.or([eb("a", "=", x), eb("b", "=", y)]))',
         ["~1 orders.a =", "~2 orders.b ="]),
        ('.where(({ eb, and }) => and([eb("a", "=", x), eb("b", ">", y)]))',
         ["orders.a =", "orders.b >"]),
        ('.where(sql`"o"."state" = ${state}::"State"`)', ["orders.state ="]),
        ('.where((eb) => eb(eb.fn("lower", ["email"]), "=", x))', ["orders.email = lower"]),
        ('.orderBy("o.createdAt", "desc").limit(9)', ["orders.createdat sort"]),
        ('.select(["o.at as day"]).orderBy("day")', ["orders.at sort"]),
        ('.select(sql`date_trunc(x)`.as("day")).orderBy("day")', []),
        ('.$if(!!x, (qb) => qb.where("a", "=", x))', ["orders.a ="]),
    ],
)  # fmt: skip
def test_conditions(calls: str, expected: list[str]) -> None:
    (query,) = queries(f'const rows = await db.selectFrom("orders as o"){calls}.execute();')
    assert asked(query) == expected
    assert query.reads == ("orders",)
    assert not query.partial


def test_joins() -> None:
    (query,) = queries(
        """
        await db.selectFrom("orders as o")
          .innerJoin("users as u", "u.id", "o.user_id")
          .leftJoin("lines as l", (join) => join.onRef("l.order_id", "=", "o.id").on("l.kind", "=", "x"))
          .where("u.email", "=", mail)
          .execute();
        """
    )
    assert query.reads == ("orders", "users", "lines")
    assert {"users.email =", "users.id =", "orders.user_id =", "lines.order_id ="} <= set(
        asked(query)
    )


def test_changes() -> None:
    update, delete, insert = queries(
        """
        await db.updateTable("orders").set({ a: 1 }).where("code", "=", code).execute();
        await trx.deleteFrom("orders").where("at", "<", day).execute();
        await db.insertInto("orders").values({ a }).execute();
        """
    )
    assert (update.writes, asked(update)) == (("orders",), ["orders.code ="])
    assert (delete.writes, asked(delete)) == (("orders",), ["orders.at <"])
    assert insert.inserts == ("orders",)


def test_a_query_that_a_variable_keeps() -> None:
    found = queries(
        """
        async function list(state, since) {
          let query = db.selectFrom("orders").where("teamId", "=", team);
          if (state) {
            query = query.where("state", "=", state);
          }
          if (since) query = query.where("at", ">=", since);
          return await query.limit(20).execute();
        }
        """
    )
    assert [asked(query) for query in found] == [
        ["orders.teamid =", "orders.state ="],
        ["orders.teamid =", "orders.at >="],
    ]
    assert all(query.limited for query in found)


def test_one_beginning_for_the_page_and_its_count() -> None:
    page, count = queries(
        """
        async function list() {
          const base = db.selectFrom("orders").where("teamId", "=", team);
          const rows = await base.orderBy("at").limit(20).execute();
          const number = await base.select(({ fn }) => [fn.countAll().as("n")]).executeTakeFirst();
        }
        """
    )
    assert (asked(page), page.limited) == (["orders.teamid =", "orders.at sort"], True)
    assert (asked(count), count.aggregate) == (["orders.teamid ="], True)


@pytest.mark.parametrize(
    "calls",
    ['.where(column, "=", x)', ".where(build(x))", '.where((eb) => eb.and([a, ...filters]))',
     ".$call(narrowed)"],
)  # fmt: skip
def test_what_is_not_known_is_partial(calls: str) -> None:
    (query,) = queries(f'function f(filters) {{ return db.selectFrom("orders"){calls}.execute() }}')
    assert query.partial


def test_half_a_statement_is_not_read_without_limit() -> None:
    (query,) = queries('const open = () => db.selectFrom("orders").where("state", "=", "open");')
    assert query.limited
