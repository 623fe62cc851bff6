"""Queries through Prisma's client."""

from __future__ import annotations

import pytest

from scaleaudit.facts import Clause, OrmQuery
from scaleaudit.languages.javascript import typescript

IMPORT = "import { prisma } from './db';\n"


def queries(source: str) -> list[OrmQuery]:
    facts = typescript.extract((IMPORT + source).encode()).facts
    return [fact for fact in facts if isinstance(fact, OrmQuery) and fact.framework == "prisma"]


def told(query: OrmQuery) -> list[str]:
    """Conditions in short: `~1.2` is the second side of the first OR, `!` a constant."""
    return [
        f"{f'~{c.group}.{c.branch} ' if c.alternative else ''}{c.path} {c.operator}"
        f"{'!' if c.constant else ''}{f' {c.function}' if c.function else ''}"
        for c in query.conditions
    ]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("{ email }", ["email ="]),
        (
            "{ state: 'open', kind: Kind.BIG, ownerId: user.id }",
            ["state =!", "kind =!", "ownerId ="],
        ),
        ("{ deletedAt: null, paidAt: { not: null } }", ["deletedAt is-null", "paidAt is-not-null"]),
        ("{ id: { in: ids }, state: { notIn: ['a', 'b'] } }", ["id in", "state not-in!"]),
        ("{ at: { gte: from, lt: to } }", ["at >=", "at <"]),
        ("{ name: { contains: q, mode: 'insensitive' } }", ["name contains"]),
        ("{ name: { endsWith: q } }", ["name contains"]),
        ("{ data: { path: ['a'], string_contains: q } }", ["data search ->a"]),
        ("{ name: { startsWith: q } }", ["name like"]),
        ("{ email: { equals: q, mode: 'insensitive' } }", ["email = lower"]),
        ("{ email: { startsWith: q, mode: 'insensitive' } }", ["email search"]),
        ("{ data: { path: ['a', 'b'], equals: 1 } }", ["data search! ->a.b"]),
        ("{ customer: { email } }", ["customer.email ="]),
        ("{ lines: { some: { item: { is: { sku } } } } }", ["lines.item.sku ="]),
        ("{ lines: { none: { state: 'x' } } }", ["lines.state !=!"]),
        ("{ NOT: { state: 'x' } }", ["state !=!"]),
        ("{ AND: [{ a: 1 }, { b }] }", ["a =!", "b ="]),
        ("{ OR: [{ a }, { b, c }], d }", ["~1.1 a =", "~1.2 b =", "~1.2 c =", "d ="]),
        ("{ OR: [{ a }] }", ["a ="]),
        ("{ userId_teamId: { userId, teamId } }", ["userId =", "teamId ="]),
        ("{ a: undefined, b }", ["b ="]),
        ("{ ...{ a }, b }", ["a =", "b ="]),
    ],
)
def test_conditions(where: str, expected: list[str]) -> None:
    (query,) = queries(
        f"async function f() {{ await prisma.order.findMany({{ where: {where} }}) }}"
    )
    assert told(query) == expected
    assert (query.model, query.partial, query.limited) == ("order", False, False)


def test_methods() -> None:
    found = queries(
        """
        await prisma.order.findFirst({ where: { a } });
        await tx.order.count({ where: { a } });
        await ctx.db.order.groupBy({ by: ["b"], where: { a } });
        await this.prisma.order.updateMany({ where: { a }, data: { c } });
        await prisma.order.deleteMany({ where: { a } });
        await prisma.order.create({ data: { a } });
        await prisma.order.findMany({ take: 5, distinct: ["a"] });
        """
    )
    flags = ("limited", "aggregate", "grouped", "writes", "deletes", "inserts")
    assert [{flag for flag in flags if getattr(query, flag)} for query in found] == [
        {"limited"},
        {"aggregate"},
        {"grouped"},
        {"writes"},
        {"writes", "deletes"},
        {"inserts"},
        {"limited", "grouped"},
    ]


def test_rows_of_relations_that_are_written_along() -> None:
    found = queries(
        """
        prisma.order.create({
          data: {
            code,
            customer: { connect: { id } },
            lines: { create: items.map((item) => ({ item })) },
            audit: { create: { by: { connectOrCreate: { where: { id }, create: { id } } } } },
            meta: { any: "thing" },
          },
        });
        """
    )
    assert [(query.via, query.inserts) for query in found] == [
        ((), True),
        (("lines",), True),
        (("audit",), True),
        (("audit", "by"), True),
    ]


def test_what_no_client_of_prisma_is() -> None:
    assert not queries("await db.query.orders.findMany({ where: eq(orders.a, 1) });")
    assert not queries("await ctx.db.update(orders);")
    assert not queries("orders.findMany({});")
    assert not queries("await openai.chat.completions.create({ model, messages: [] });")
    assert not queries("await hash.digest.update({ text });")
    plain = b"await shop.order.findMany({ where: { a } });"
    assert not [f for f in typescript.extract(plain).facts if isinstance(f, OrmQuery)]


def test_order_and_relations_that_are_read_along() -> None:
    first, second = queries(
        """
        prisma.user.findMany({
          where: { teamId },
          orderBy: [{ team: { name: "asc" } }, { createdAt: { sort: "desc", nulls: "last" } }],
          include: {
            profile: true,
            orders: { include: { lines: true } },
            tokens: { where: { used: false }, orderBy: { createdAt: "desc" }, take: 1 },
            _count: { select: { posts: true } },
          },
        });
        """
    )
    assert [c.path for c in first.conditions if c.clause is Clause.SORT] == [
        "team.name",
        "createdAt",
    ]
    assert first.loads == ("profile", "orders", "orders.lines")
    assert (second.model, second.via, told(second)) == (
        "user", ("tokens",), ["used =!", "createdAt sort"],
    )  # fmt: skip
    assert second.limited


def test_conditions_that_are_there_or_not_are_queries_of_their_own() -> None:
    found = queries(
        """
        async function list(teamId, state, q) {
          const where: Prisma.OrderWhereInput = { teamId };
          if (state) {
            where.state = state;
          }
          where["deletedAt"] = null;
          if (q) where.OR = [{ name: { contains: q } }, { code: q }];
          return prisma.order.findMany({ where: { ...where, ...(q ? { seen: true } : {}) } });
        }
        """
    )
    assert [told(query) for query in found] == [
        ["teamId =", "state =", "deletedAt is-null"],
        ["teamId =", "deletedAt is-null", "~1.1 name contains", "~1.2 code ="],
        ["teamId =", "deletedAt is-null", "seen =!"],
    ]
    assert not any(query.partial for query in found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("function f(a) { return prisma.order.findMany({ where: { a: a ?? undefined, b: 1 } }) }",
         [["a =", "b =!"]]),
        ("function f(a) { return prisma.order.findMany({ where: a ? { a } : { b: 1 } }) }",
         [["a ="], ["b =!"]]),
        ("const base = { a: 1 }; prisma.order.count({ where: base });", [["a =!"]]),
        ("const mine = () => ({ a: 1 });\nfunction f() { prisma.order.count({ where: mine() }) }",
         [["a =!"]]),
        ("const mine = (x) => (x ? { a: x } : { a: 1 });\n"
         "function f(x) { prisma.order.count({ where: { ...mine(x), AND: [{ ...mine(x) }] } }) }",
         [["a =", "a ="], ["a =!", "a =!"]]),
        ("function f(x) { const all = [{ a }]; if (x) all.push({ b }); \n"
         "prisma.order.count({ where: { AND: all } }) }", [["a =", "b ="]]),
    ],
)  # fmt: skip
def test_where_in_other_forms(source: str, expected: list[list[str]]) -> None:
    assert [told(query) for query in queries(source)] == expected


@pytest.mark.parametrize(
    "where",
    ["filters", "{ ...filters, a }", "{ [key]: value }", "build(input)", "{ AND: conditions }"],
)
def test_what_is_not_known_is_partial(where: str) -> None:
    source = (
        f"function f(filters, key, conditions) {{ prisma.order.findMany({{ where: {where} }}) }}"
    )
    (query,) = queries(source)
    assert query.partial


@pytest.mark.parametrize(
    "source",
    [
        "prisma.order.findMany(",
        "prisma.order.findMany({ where: { OR: [",
        "const where = { ...where }; prisma.order.findMany({ where });",
        "function f() { let w = {}; w = { ...w, a }; w = { AND: [w] };"
        " return prisma.order.findMany({ where: w }) }",
        "prisma.order.findMany({ where: " + "{ a: " * 300 + "1" + " }" * 300 + " });",
        "prisma.order.findMany({ where: { a: { not: " * 50,
    ],
)
def test_hostile_sources(source: str) -> None:
    assert typescript.extract((IMPORT + source).encode()).problem == ""


@pytest.mark.parametrize(
    ("leaves", "in_loop"),
    [("return slug", False), ("{ return slug }", False), ("return null", True), ("break", False)],
)
def test_names_tried_until_one_is_free_are_no_list(leaves: str, in_loop: bool) -> None:
    (query,) = queries(
        "async function free(slug) { let i = 0\n while (i < 10) {\n"
        " const taken = await prisma.order.findFirst({ where: { slug } })\n"
        f" if (!taken) {leaves}\n i++ }} }}"
    )
    assert query.in_loop is in_loop


@pytest.mark.parametrize(
    ("given", "partial"),
    [
        ("{ where: { a }, ...page(input) }", False),
        ("{ ...page(input), where: { a } }", False),
        ("{ ...page(input), take: 3 }", True),
        ("{ ...(a ? { where: { a } } : {}), ...page(input) }", True),
    ],
)
def test_what_stands_beside_a_where_narrows_no_more(given: str, partial: bool) -> None:
    found = queries(f"const f = (a, input) => prisma.order.findMany({given});")
    assert {(query.partial, query.limited) for query in found} == {(partial, True)}


@pytest.mark.parametrize(
    "source",
    [
        "function of(x) { const where = {}; where.code = x; return where }\n"
        "function f(x) { return prisma.loan.findMany({ where: of(x) }) }",
        "class Loans { private of(x: string) { return { code: x } }\n"
        " list(x: string) { return this.prisma.loan.findMany({ where: this.of(x) }) } }",
        "function f(x) { const loans = prisma.loan; return loans.findMany({ where: { code: x } }) }",
        "function f(x) { return loanRepository.findMany({ where: { code: x } }) }",
        "class Loans { private readonly kept = this.prisma.loan\n"
        " list(x: string) { return this.kept.findMany({ where: { code: x } }) } }",
    ],
)
def test_conditions_and_models_that_are_kept_elsewhere_in_the_file(source: str) -> None:
    (query,) = queries(source)
    assert (query.model, told(query), query.partial) == ("loan", ["code ="], False)


def test_a_function_that_calls_itself_is_not_followed_for_ever() -> None:
    (query,) = queries(
        "function of(x) { return of(x) }\nfunction f(x) { return prisma.loan.findMany({ where: of(x) }) }"
    )
    assert query.partial
    assert queries("function f(rows) { return rows.findMany({ where: { code: 1 } }) }") == []
