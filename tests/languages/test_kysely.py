"""Queries built with Kysely."""

from __future__ import annotations

import pytest

from scaleaudit.facts import QueryFound, TableChanged, TableDefined
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


def test_one_way_of_each_decision_holds() -> None:
    found = queries(
        """
        async function list(queue, seen, type) {
          let query = db.selectFrom("orders");
          if (queue) query = query.where("queue", "=", queue);
          else query = query.where("owner", "=", owner);
          if (seen) {
            query = query.where("seen", "=", seen);
          } else {
            query = query.where("seen", "is", null);
          }
          if (type) query = query.where("type", "=", type);
          return query.execute();
        }
        """
    )
    assert [set(asked(query)) for query in found] == [
        {"orders.queue =", "orders.seen ="},
        {"orders.owner =", "orders.seen ="},
        {"orders.queue =", "orders.seen ="},
        {"orders.queue =", "orders.seen is-null"},
        {"orders.queue =", "orders.seen =", "orders.type ="},
    ]


def test_a_function_that_takes_the_query_may_go_on_with_it() -> None:
    paged, narrowed = queries(
        """
        async function list() {
          let query = db.selectFrom("orders").where("a", "=", a);
          query = paginate(query, { limit });
          return query.execute();
        }
        async function other() {
          const query = db.selectFrom("orders").where("a", "=", a);
          return restrict(query).execute();
        }
        """
    )
    assert (paged.limited, paged.partial) == (True, False)
    assert narrowed.partial


def test_exists_is_tied_to_the_statement_around() -> None:
    outer, inner = queries(
        """
        await db.selectFrom("lists").selectAll().where(({ exists }) => exists(
          db.selectFrom("blocks").where("blocks.by", "=", me).whereRef("blocks.uri", "=", "lists.uri"),
        )).execute();
        """
    )
    assert asked(outer) == ["lists.uri search"]
    assert (asked(inner)[0], inner.limited) == ("blocks.by =", True)


def test_migrations_in_the_words_of_the_database() -> None:
    source = """
    import { type Kysely, sql } from "kysely";
    export async function up(db: Kysely<any>) {
      const known = await sql<{ there: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_tables)`.execute(db);
      await sql`--
-- PostgreSQL database dump
--
CREATE TABLE public."Loan" (id integer PRIMARY KEY, "readerId" integer);
CREATE INDEX "byReader" ON public."Loan" USING btree ("readerId");
`.execute(db);
      await sql`ALTER TABLE "Loan" ADD COLUMN shelf text`.execute(db);
      await sql`CREATE INDEX ON ${sql.table(name)} (shelf)`.execute(db);
    }
    export async function down(db: Kysely<any>) {
      await sql`DROP TABLE "Loan"`.execute(db);
    }
    """
    facts = typescript.extract(source.encode()).facts
    (table,) = [fact for fact in facts if isinstance(fact, TableDefined)]
    assert (table.table, table.at.line) == ("loan", 8)
    changes = [(f.table, f.action) for f in facts if isinstance(f, TableChanged)]
    assert changes == [("loan", "add-index"), ("loan", "add-column")]


def test_migrations() -> None:
    source = """
    import { Kysely, sql } from "kysely";
    export async function up(db) {
      await db.schema.createTable("orders")
        .addColumn("id", "serial", (col) => col.primaryKey())
        .addColumn("code", "varchar(20)", (col) => col.notNull().unique())
        .addColumn("user_id", "integer", (col) => col.references("users.id"))
        .addUniqueConstraint("pair", [
          "user_id", // first
          "code",
        ])
        .execute();
      await db.schema.createIndex("by_user").on("orders").columns(["user_id", "at desc"]).execute();
      await db.schema // so that they are found again
        .createIndex("gone").on("orders").column("at").where("old", "is", null).execute();
      await db.schema.createIndex("lately").on("orders")
        .expression(sql`code DESC) WHERE (old IS NOT NULL`).execute();
      await db.schema.createIndex("folded").on("orders").expression(sql`lower(code)`).unique().execute();
      await db.schema.alterTable("orders").addColumn("at", sql`timestamptz`).dropColumn("old").execute();
    }
    export async function down(db) {
      await db.schema.dropTable("orders").execute();
    }
    """
    facts = typescript.extract(source.encode()).facts
    (table,) = [fact for fact in facts if isinstance(fact, TableDefined)]
    assert [(c.name, c.type, c.nullable) for c in table.columns] == [
        ("id", "SERIAL", False),
        ("code", "VARCHAR", False),
        ("user_id", "INTEGER", True),
    ]
    assert [(i.columns, i.primary) for i in table.indexes] == [
        (("id",), True),
        (("code",), False),
        (("user_id", "code"), False),
    ]
    assert [(k.columns, k.table, k.references) for k in table.foreign_keys] == [
        (("user_id",), "users", ("id",))
    ]
    changes = [fact for fact in facts if isinstance(fact, TableChanged)]
    assert [(c.table, c.action, c.index.columns if c.index else c.name) for c in changes] == [
        ("orders", "add-index", ("user_id", "at")),
        ("orders", "add-index", ("at",)),
        ("orders", "add-index", ("code",)),
        ("orders", "add-index", ("(lower(code))",)),
        ("orders", "add-column", ""),
        ("orders", "drop-column", "old"),
    ]
    assert [c.index.where for c in changes if c.index] == [
        "",
        "old is null",
        "(old is not null)",
        "",
    ]


CLASS = """
import { Kysely } from 'kysely'
export class Orders {
  constructor(private readonly db: Kysely<DB>) {}
  private base() { return this.db.selectFrom('orders').selectAll() }
  private ofSku(qb, sku) { return qb.where('sku', '=', sku) }
  private perhaps(qb, day) { if (day) { qb = qb.where('day', '=', day) } return qb }
  BODY
}
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("of(id) { return this.base().where('userId', '=', id).execute() }",
         [(["orders.userid ="], False)]),
        ("of(x) { return this.ofSku(this.db.selectFrom('orders').selectAll(), x).execute() }",
         [(["orders.sku ="], False)]),
        ("of(x) { return this.perhaps(this.db.selectFrom('orders').selectAll(), x)"
         ".where('code', '=', x).execute() }",
         [(["orders.day =", "orders.code ="], False)]),
        # what a function of another file adds is not known
        ("of(x) { return visible(this.db.selectFrom('orders').selectAll(), x)"
         ".where('code', '=', x).execute() }",
         [(["orders.code ="], True)]),
        # a helper that makes JSON of a subquery is no such function
        ("of(x) { return this.db.selectFrom('users').select([jsonArrayFrom("
         "this.db.selectFrom('orders').where('code', '=', x)).as('orders')]).execute() }",
         [([], False), (["orders.code ="], False)]),
    ],
)  # fmt: skip
def test_functions_that_begin_a_query_or_go_on_with_it(
    body: str, expected: list[tuple[list[str], bool]]
) -> None:
    found = queries(CLASS.replace("BODY", body))
    told = [(asked(each), each.partial) for each in found]
    assert [each for each in told if each != ([], False)] == [
        each for each in expected if each != ([], False)
    ]


def test_a_query_is_told_where_its_caller_runs_it() -> None:
    body = "of(id) { return this.base().where('userId', '=', id).execute() }"
    (found,) = queries(CLASS.replace("BODY", body))
    assert found.scope == "Orders.of"
    assert found.text.startswith("this.base()")
