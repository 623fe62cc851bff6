"""Drizzle: tables, relations, statements."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, ModelDefined, OrmQuery
from scaleaudit.languages.javascript import typescript

TABLES = """
import { relations, sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, serial, text, timestamp, uniqueIndex, varchar } from "drizzle-orm/pg-core";

export const users = pgTable("app_users", {
  id: serial("id").primaryKey(),
  email: varchar("mail", { length: 200 }).notNull().unique(),
  role: text("role", { enum: ["a", "b"] }),
  teamId: integer("team_id").references(() => teams.id, { onDelete: "cascade" }),
  seen: timestamp(),
}, (table) => ({
  byTeam: index("by_team").on(table.teamId, table.seen.desc()),
  lower: uniqueIndex("lower_mail").on(sql`lower(${table.email})`),
  fresh: index("fresh").on(table.seen).where(sql`${table.teamId} is null`),
}));

export const members = pgTable("members", {
  userId: integer("user_id"),
  groupId: integer("group_id"),
}, (t) => [primaryKey({ columns: [t.userId, t.groupId] }), index().using("gin", t.groupId)]);

export const usersRelations = relations(users, ({ one, many }) => ({
  team: one(teams, { fields: [users.teamId], references: [teams.id] }),
  members: many(members),
}));
"""


def models(source: str) -> dict[str, ModelDefined]:
    facts = typescript.extract(source.encode()).facts
    return {fact.name: fact for fact in facts if isinstance(fact, ModelDefined)}


def queries(source: str) -> list[OrmQuery]:
    facts = typescript.extract(source.encode()).facts
    return [fact for fact in facts if isinstance(fact, OrmQuery) and fact.framework == "drizzle"]


def told(query: OrmQuery) -> list[str]:
    return [
        f"{f'~{c.branch} ' if c.alternative else ''}{f'{c.model}:' if c.model else ''}{c.path} "
        f"{c.operator}{'!' if c.constant else ''}{f' {c.function}' if c.function else ''}"
        f"{' join' if c.clause is Clause.JOIN else ''}"
        for c in query.conditions
    ]


def test_tables() -> None:
    found = models(TABLES)
    users = found["users"]
    assert (users.table, users.dialect) == ("app_users", "postgres")
    assert [(f.name, f.column, f.type, f.nullable, f.unique, f.primary) for f in users.fields] == [
        ("id", "id", "SERIAL", False, False, True),
        ("email", "mail", "VARCHAR", False, True, False),
        ("role", "role", "ENUM", True, False, False),
        ("teamId", "team_id", "INT", True, False, False),
        ("seen", "", "TIMESTAMP", True, False, False),
    ]
    assert [(i.columns, i.unique, i.where) for i in users.indexes] == [
        (("teamId", "seen"), False, ""),
        (("(lower(email))",), True, ""),
        (("seen",), False, "team_id is null"),
    ]
    assert [(i.columns, i.primary, i.method) for i in found["members"].indexes] == [
        (("userId", "groupId"), True, ""),
        (("groupId",), False, "gin"),
    ]


def test_columns_that_a_function_returns() -> None:
    source = """
    import { pgTable, index } from "drizzle-orm/pg-core";
    export const loans = pgTable("loans", ({ uuid, text }) => ({
      id: uuid("id").primaryKey(),
      readerId: text("reader_id").notNull(),
    }), (t) => [index("by_reader").on(t.readerId)]);
    export const shelves = pgTable("shelves", (t) => { return { room: t.varchar("room_no") }; });
    """
    found = models(source)
    assert [(f.name, f.column, f.primary) for f in found["loans"].fields] == [
        ("id", "id", True),
        ("readerId", "reader_id", False),
    ]
    assert [i.columns for i in found["loans"].indexes] == [("readerId",)]
    assert [(f.name, f.column, f.type) for f in found["shelves"].fields] == [
        ("room", "room_no", "VARCHAR")
    ]


@pytest.mark.parametrize("after", [".enableRLS()", ".enableRLS() satisfies Kept", ".a().b()"])
def test_calls_on_a_table(after: str) -> None:
    (table,) = models(
        'import { pgTable, text } from "drizzle-orm/pg-core";\n'
        f'export const notes = pgTable("notes", {{ body: text("body") }}){after};'
    ).values()
    assert (table.name, table.table) == ("notes", "notes")


@pytest.mark.parametrize("after", [' .as("n")', ".enableRLS().as('n')"])
def test_another_name_of_a_table_is_none(after: str) -> None:
    assert not models(
        'import { pgTable, text } from "drizzle-orm/pg-core";\n'
        f'export const n = pgTable("notes", {{ body: text("body") }}){after};'
    )


def test_relations_and_references_are_one() -> None:
    assert [
        (r.name, r.target, r.kind, r.column, r.constrained)
        for r in models(TABLES)["users"].relations
    ] == [
        ("team", "teams", "belongs-to", "team_id", True),
        ("members", "members", "has-many", "", True),
    ]


def test_prefixed_tables() -> None:
    found = models(
        'import { mysqlTableCreator } from "drizzle-orm/mysql-core";\n'
        "const createTable = mysqlTableCreator((name) => `shop_${name}`);\n"
        'export const posts = createTable("post", { id: bigint("id").primaryKey() });'
    )
    assert (found["posts"].table, found["posts"].dialect) == ("shop_post", "mysql")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("eq(users.email, mail)", ["email ="]),
        ("eq(schema.users.state, 'open')", ["state =!"]),
        ("and(eq(users.a, x), isNull(users.b), gte(users.c, day))", ["a =", "b is-null", "c >="]),
        ("or(eq(users.a, x), and(eq(users.b, y), inArray(users.c, z)))",
         ["~1 a =", "~2 b =", "~2 c in"]),
        ("not(eq(users.a, x))", ["a !="]),
        ("like(users.name, `${start}%`)", ["name like"]),
        ("ilike(users.name, `%${part}%`)", ["name contains"]),
        ("like(users.name, 'a%')", ["name like!"]),
        ("eq(sql`lower(${users.email})`, mail)", ["email = lower"]),
        ("sql`${users.at} > now()`", ["at >"]),
        ("and(eq(users.a, x), q ? eq(users.b, q) : undefined)", ["a =", "b ="]),
        ("and(...conditions)", ["a ="]),
    ],
)  # fmt: skip
def test_conditions(where: str, expected: list[str]) -> None:
    (query,) = queries(
        "async function f() { const conditions = [eq(users.a, x)];\n"
        f"return await db.select().from(users).where({where}); }}"
    )
    assert (query.model, told(query), query.partial) == ("users", expected, False)


def test_joins_orders_and_limits() -> None:
    (query,) = queries(
        """
        await db.select({ n: lines.n }).from(orders).innerJoin(lines, eq(lines.orderId, orders.id))
          .where(eq(lines.sku, sku)).orderBy(desc(orders.createdAt), asc(lines.n)).limit(5);
        """
    )
    assert told(query) == [
        "lines:orderId = join", "id = join", "lines:sku =", "createdAt sort", "lines:n sort",
    ]  # fmt: skip
    assert query.limited


def test_changes_and_counts() -> None:
    found = queries(
        """
        await db.update(orders).set({ a: 1 }).where(eq(orders.code, code));
        await tx.delete(orders).where(lt(orders.at, day));
        await db.insert(orders).values({ a });
        await db.select({ n: count() }).from(orders).where(eq(orders.a, x));
        await db.$count(orders, eq(orders.a, x));
        cache.delete(orders);
        """
    )
    flags = ("writes", "deletes", "inserts", "aggregate")
    assert [({f for f in flags if getattr(q, f)}, told(q)) for q in found] == [
        ({"writes"}, ["code ="]),
        ({"writes", "deletes"}, ["at <"]),
        ({"inserts"}, []),
        ({"aggregate"}, ["a ="]),
        ({"aggregate"}, ["a ="]),
    ]


def test_figures_that_have_a_name() -> None:
    found = queries(
        """
        const total = sql<number>`count(*)`;
        const code = orders.code;
        await db.select({ n: total }).from(orders).where(eq(orders.a, x));
        await db.select({ code }).from(orders).where(eq(orders.a, x));
        await db.select({ n: total, c: code }).from(orders).where(eq(orders.a, x));
        """
    )
    assert [query.aggregate for query in found] == [True, False, False]


def test_finders() -> None:
    first, second = queries(
        """
        await db.query.users.findMany({
          where: (user, { eq, and }) => and(eq(user.teamId, id), eq(user.state, "open")),
          orderBy: (user, { desc }) => [desc(user.createdAt)],
          with: { posts: { where: eq(posts.draft, true), limit: 3 }, team: true },
        });
        """
    )
    assert (first.model, told(first)) == ("users", ["teamId =", "state =!", "createdAt sort"])
    assert first.loads == ("team",)
    assert (second.via, told(second)) == (("posts",), ["draft =!"])


@pytest.mark.parametrize("where", ["filter", "build(x)", "and(eq(users.a, x), more(y))"])
def test_what_is_not_known_is_partial(where: str) -> None:
    (query,) = queries(f"function f(filter) {{ return db.select().from(users).where({where}) }}")
    assert query.partial


def test_names_of_other_modules() -> None:
    (query,) = queries(
        'import { users as table } from "./schema";\ndb.select().from(table).where(eq(table.a, x));'
    )
    assert (query.model, told(query)) == ("users", ["a ="])


@pytest.mark.parametrize(
    ("where", "expected", "partial"),
    [
        ("{ teamId: x }", ["teamId ="], False),
        ("{ role: 'a', seen: { gte: day } }", ["role =", "seen >="], False),
        (
            "{ AND: [{ teamId: x }, { email: { isNull: true } }] }",
            ["teamId =", "email is-null"],
            False,
        ),
        ("{ teamId: x, OR: [{ role: 'a' }, { role: 'b' }] }", ["teamId ="], True),
        ("{ team: { name: { like: x } } }", [], True),
        ("{ ...more, teamId: x }", ["teamId ="], True),
        ("{ teamId: undefined }", [], False),
    ],
)
def test_conditions_as_objects(where: str, expected: list[str], partial: bool) -> None:
    (query,) = queries(
        TABLES + f"export const all = () => db.query.users.findMany({{ where: {where} }})"
    )
    assert [f"{c.path} {c.operator}" for c in query.conditions] == expected
    assert query.partial is partial


def test_an_order_as_an_object() -> None:
    (query,) = queries(
        TABLES + "export const all = () => db.query.users.findMany({ orderBy: { seen: 'desc' } })"
    )
    assert [(c.path, c.clause) for c in query.conditions] == [("seen", Clause.SORT)]


@pytest.mark.parametrize(
    "made",
    [
        "const ofTeam = (id) => eq(users.teamId, id)",
        "function ofTeam(id) { const more = []\n more.push(eq(users.teamId, id))\n return and(...more) }",
    ],
)
def test_a_condition_that_a_function_of_the_file_makes(made: str) -> None:
    source = f"{TABLES}\n{made}\nexport const all = (x) => db.select().from(users).where(ofTeam(x))"
    (query,) = queries(source)
    assert [f"{c.path} {c.operator}" for c in query.conditions] == ["teamId ="]
    assert not query.partial


def test_a_condition_of_another_file_is_not_known() -> None:
    source = f"{TABLES}\nexport const all = (x) => db.select().from(users).where(ofTeam(x))"
    (query,) = queries(source)
    assert query.partial


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ("const where = eq(users.teamId, id)", "{ where }"),
        (
            "const all = []\nif (id) all.push(eq(users.teamId, id))\nconst where = all.length ? and(...all) : undefined",
            "{ where, limit: 5 }",
        ),
    ],
)
def test_a_finder_is_handed_what_is_named_where(before: str, given: str) -> None:
    (query,) = queries(
        f"{TABLES}\nasync function list(id) {{\n{before}\nreturn db.query.users.findMany({given})\n}}"
    )
    assert [f"{c.path} {c.operator}" for c in query.conditions] == ["teamId ="]
    assert not query.partial


@pytest.mark.parametrize(
    "given",
    [
        "...ofTeam(id)",
        "...[].concat(ofTeam(id))",
        "...[eq(users.teamId, id), id && undefined].filter(Boolean)",
        "...more",
    ],
)
def test_lists_that_are_made_elsewhere_in_the_file(given: str) -> None:
    source = (
        f"{TABLES}\nfunction ofTeam(id) {{\nconst found = []\nfound.push(eq(users.teamId, id))\nreturn found\n}}\n"
        "async function list(id) {\nconst more = []\nmore.push(...ofTeam(id))\n"
        f"return db.select().from(users).where(and({given}))\n}}"
    )
    (query,) = queries(source)
    assert [f"{c.path} {c.operator}" for c in query.conditions] == ["teamId ="]
    assert not query.partial


def test_a_function_that_calls_itself_ends() -> None:
    source = f"{TABLES}\nfunction all(id) {{ return [...all(id)] }}\ndb.select().from(users).where(and(...all(1)))"
    (query,) = queries(source)
    assert query.partial


def test_what_stands_beside_a_where_narrows_no_more() -> None:
    (query,) = queries(
        TABLES
        + "const f = (x, input) => db.query.users.findMany({ where: eq(users.teamId, x), ...page(input) })"
    )
    assert (query.partial, query.limited) == (False, True)


@pytest.mark.parametrize(
    ("columns", "keys", "unique"),
    [
        ('no: int("no").autoincrement(), a: text("a")', ["no"], []),
        ('no: int("no").autoincrement(), a: int("a").primaryKey()', ["a"], ["no"]),
        ('no: int("no").autoincrement().unique(), a: text("a")', [], ["no"]),
        ('no: int("no"), a: text("a")', [], []),
    ],
)
def test_what_mysql_counts_up_is_a_key(columns: str, keys: list[str], unique: list[str]) -> None:
    source = (
        'import { int, mysqlTable, text } from "drizzle-orm/mysql-core";\n'
        f'export const orders = mysqlTable("orders", {{ {columns} }});\n'
    )
    fields = models(source)["orders"].fields
    assert [each.name for each in fields if each.primary] == keys
    assert [each.name for each in fields if each.unique] == unique


@pytest.mark.parametrize(
    ("columns", "whole"),
    [
        ('no: integer("no")', True),
        ('id: integer("id")', False),
        ('ref: integer("id")', False),
        ('...usual, no: integer("no")', False),
        ("", False),
    ],
)
def test_a_table_whose_columns_are_all_in_sight(columns: str, whole: bool) -> None:
    source = (
        'import { integer, pgTable } from "drizzle-orm/pg-core";\nimport { usual } from "./usual";\n'
        f'export const orders = pgTable("orders", {{ {columns} }});\n'
    )
    assert models(source)["orders"].whole is whole


REQUESTS = """
import {{ and, eq, exists }} from "drizzle-orm";
import {{ db }} from "./db";
import {{ members, sessions }} from "./schema";

export async function list(ctx) {{
  return {};
}}
"""


@pytest.mark.parametrize("brought", ["ctx", "c", "req", "input", "opts"])
def test_what_a_request_brings_along_is_no_column(brought: str) -> None:
    (query,) = queries(
        REQUESTS.format(
            "db.select().from(sessions).innerJoin(members, and(eq(members.userId, sessions.userId), "
            f"eq(members.groupId, {brought}.sessions.groupId)))"
        )
    )
    assert [(c.model, c.path, c.clause) for c in query.conditions] == [
        ("members", "userId", Clause.JOIN),
        ("", "userId", Clause.JOIN),
        ("members", "groupId", Clause.FILTER),
    ]


@pytest.mark.parametrize(
    ("where", "partial"),
    [
        ("exists(db.select().from(members).where(eq(members.userId, ctx.id)))", True),
        ("and(eq(sessions.userId, ctx.id), exists(db.select().from(members)))", False),
    ],
)
def test_rows_that_another_query_chooses(where: str, partial: bool) -> None:
    found = queries(
        REQUESTS.format(f"db.query.sessions.findMany({{ where: (sessions) => {where} }})")
    )
    assert [query.partial for query in found if query.model == "sessions"] == [partial]
