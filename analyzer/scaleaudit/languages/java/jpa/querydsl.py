"""Queries by Querydsl: `selectFrom(order).where(order.customer.email.eq(email))`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.flow import chains, mentions, variable_of
from scaleaudit.languages.java.jpa.fluent import (
    Asked,
    Column,
    Compared,
    column_of,
    condition,
    receiver_of,
)
from scaleaudit.languages.java.jpa.helpers import given_conditions
from scaleaudit.languages.java.jpa.predicate_builders import gathered
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_QUERIES = 500  # of one file
MAX_STEPS = 20_000  # expressions looked at in one file
MAX_TEXT = 200
MAX_BRANCHES = 20  # that add to one query
MAX_OPTIONS = 12  # conditions of one query that methods may give
START = regex(rb"\.\s*(selectFrom|from|delete|update|where)\s*\(")
STATIC = regex(rb"import\s+static\s+[\w.]+\.Q([A-Z]\w*)\.(\w+|\*)")
HELD = regex(
    rb"\bQ([A-Z]\w*)\s+(\w+)\s*=|\b(\w+)\s*(?::\s*Q\w+\s*)?=\s*(?:new\s+)?Q([A-Z]\w*)\b[.(]"
)
PATH = regex(r"[\w.]+")
EXECUTED = regex(rb"\.\s*(findAll|findOne|count|exists)\s*\(\s*[\w(]")
PAGES = regex(r"(?i)page")
ONE_PAGE = frozenset({"limit", "fetchFirst", "fetchOne", "fetchCount", "first", "page"})
JOINS = frozenset({"join", "innerJoin", "leftJoin", "rightJoin", "fullJoin"})


class Chain(Gathering):
    asked: Asked
    sorts: list[Column]
    models: list[str]
    loads: list[str]
    options: list[Node] = msgspec.field(default_factory=list)  # conditions that may be given
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    changes: str = ""


def querydsl_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    if b"com.querydsl" not in reader.content:
        return
    roots = roots_of(reader)
    left = [MAX_STEPS]
    for call, top in chains(reader, START, MAX_QUERIES):
        for tops, known in ways(reader, top):
            for query in read(reader, call, tops, roots, left):
                yield query if known else replace(query, partial=True)
    yield from of_repositories(reader, roots, left)


def of_repositories(
    reader: JvmReader, roots: dict[str, str], left: list[int]
) -> Iterator[OrmQuery]:
    """`orders.findAll(QOrder.order.code.eq(code))`, of a repository that takes conditions."""
    for call, _ in chains(reader, EXECUTED, MAX_QUERIES):
        args = reader.arguments_of(call)
        if not args:
            continue
        name = reader.chain(call)[-1].name
        chain = Chain(
            Asked(left=left), [], [], [],
            limited=name == "findOne" or any(PAGES.search(reader.text(a)[-60:]) for a in args[1:]),
            aggregate=name in ("count", "exists"),
        )  # fmt: skip

        def resolve(node: Node, chain: Chain = chain) -> Column | None:
            return attribute(reader, node, roots, chain)

        asked_for(reader, chain, args[0], resolve)
        if chain.asked.compared:
            chain.models.append(chain.asked.compared[0].column.owner)
        elif chain.options:
            chain.models += owners(reader, chain.options, resolve)
        if chain.models:
            yield from told_of(reader, call, call, chain, resolve)


def owners(
    reader: JvmReader, options: list[Node], resolve: Callable[[Node], Column | None]
) -> list[str]:
    """The class that conditions are about."""
    for option in options:
        asked = Asked()
        condition(reader, option, resolve, asked)
        if asked.compared:
            return [asked.compared[0].column.owner]
    return []


def ways(reader: JvmReader, top: Node) -> Iterator[tuple[list[Node], bool]]:
    """The chains of calls that make up a query, and whether they are all there is to it: what is
    always called on the variable that holds it, and that with what each branch adds."""
    held = variable_of(reader, top)
    always, known = [top], True
    branches: dict[int, list[Node]] = {}
    for mention in mentions(reader, held, top) if held else ():
        known = known and not mention.handed_on
        if mention.calls:
            chains = branches.setdefault(mention.branch, []) if mention.branch else always
            chains.append(mention.calls[-1])
    yield always, known
    for added in list(branches.values())[:MAX_BRANCHES]:
        yield [*always, *added], known


def roots_of(reader: JvmReader) -> dict[str, str]:
    """Variables that stand for a class, by name."""
    found: dict[str, str] = {}
    for match in STATIC.finditer(reader.content):
        name = match[2].decode()
        model = match[1].decode()
        found[name if name != "*" else model[0].lower() + model[1:]] = model
    for match in HELD.finditer(reader.content):
        name_, model_ = (match[2], match[1]) if match[1] else (match[3], match[4])
        found[name_.decode()] = model_.decode()
    return found


def read(
    reader: JvmReader, call: Node, tops: list[Node], roots: dict[str, str], left: list[int]
) -> Iterator[OrmQuery]:
    """The query that the chains make together, of which the first begins it, and with each
    condition that a method of the file may give."""
    roots = dict(roots)  # with the other names that joins give
    chain = Chain(Asked(left=left), [], [], [])

    def resolve(node: Node) -> Column | None:
        return attribute(reader, node, roots, chain)

    for link in (each for top in tops for each in reader.chain(top)):
        if link.node is not None:
            take(reader, chain, link.name, reader.arguments_of(link.node), resolve, roots)
    if chain.models:
        yield from told_of(reader, call, tops[0], chain, resolve)


def told_of(
    reader: JvmReader,
    call: Node,
    top: Node,
    chain: Chain,
    resolve: Callable[[Node], Column | None],
) -> Iterator[OrmQuery]:
    """The query, and with each condition that may be given."""
    yield of_chain(reader, call, top, chain, chain.asked, bool(chain.options))
    for option in chain.options[:MAX_OPTIONS]:
        asked = Asked(list(chain.asked.compared), chain.asked.groups, left=chain.asked.left)
        condition(reader, option, resolve, asked)
        if not asked.lost and len(asked.compared) > len(chain.asked.compared):
            query = of_chain(reader, call, top, chain, asked, chain.asked.lost)
            yield replace(query, at=reader.span(option))


def of_chain(
    reader: JvmReader, call: Node, top: Node, chain: Chain, asked: Asked, partial: bool
) -> OrmQuery:
    model = chain.models[0]
    conditions = [told(each, model) for each in asked.compared]
    conditions += [
        Condition(each.path, "sort", Clause.SORT, model=each.owner if each.owner != model else "")
        for each in chain.sorts
    ]
    return OrmQuery(
        reader.span(call),
        "jpa",
        model,
        excerpt(reader.content, top, MAX_TEXT),
        conditions=tuple(conditions),
        loads=tuple(dict.fromkeys(chain.loads)),
        limited=chain.limited,
        aggregate=chain.aggregate,
        grouped=chain.grouped,
        partial=partial or asked.lost,
        in_loop=reader.in_loop(call),
        writes=bool(chain.changes),
        scope=reader.scope(call),
        deletes=chain.changes == "delete",
    )


def told(each: Compared, model: str) -> Condition:
    column = each.column
    return Condition(
        column.path, each.operator, each.clause, column.function, each.alternative, each.group,
        each.branch, each.constant, column.owner if column.owner != model else "",
    )  # fmt: skip


def take(
    reader: JvmReader,
    chain: Chain,
    name: str,
    args: list[Node],
    resolve: Callable[[Node], Column | None],
    roots: dict[str, str],
) -> None:
    if name in ("from", "selectFrom", "update", "delete"):
        for arg in args:
            path = rooted(reader, arg, roots)
            if path is not None and not path.path:
                chain.models.append(path.owner)
        chain.changes = name if name in ("update", "delete") else chain.changes
    elif name in JOINS and args:
        joined(reader, chain, args, roots)
    elif name in ("where", "on", "and"):
        for arg in args:
            asked_for(reader, chain, arg, resolve)
    elif name == "orderBy":
        for arg in args:
            inner = receiver_of(arg) if reader.is_call(arg) else arg
            found = column_of(reader, inner, resolve) if inner is not None else None
            if found is not None:
                chain.sorts.append(found)
    elif name in ("groupBy", "distinct"):
        chain.grouped = True
    chain.limited |= name in ONE_PAGE
    chain.aggregate |= name == "fetchCount" or (
        name == "select" and len(args) == 1 and reader.text(args[0]).endswith(".count()")
    )


def asked_for(
    reader: JvmReader, chain: Chain, arg: Node, resolve: Callable[[Node], Column | None]
) -> None:
    """A condition, several that a variable has gathered, or those that a method may give."""
    built = gathered(reader, arg)
    if built is not None:
        for each in built.always:
            condition(reader, each, resolve, chain.asked)
        chain.options += built.options
        chain.asked.lost |= not built.known
        return
    given = given_conditions(reader, arg)
    chain.options += given
    if not given:
        condition(reader, arg, resolve, chain.asked)


def joined(reader: JvmReader, chain: Chain, args: list[Node], roots: dict[str, str]) -> None:
    """`join(order.items, item)`: the second is another name of the first."""
    path = rooted(reader, args[0], roots)
    if path is None or not path.path:
        return
    chain.loads.append(path.path)
    if len(args) > 1:
        roots[f"={reader.text(args[1])}"] = f"{path.owner}={path.path}"


def attribute(reader: JvmReader, node: Node, roots: dict[str, str], chain: Chain) -> Column | None:
    found = rooted(reader, node, roots)
    if found is None:
        return None
    root = re.sub(r"\s+", "", reader.text(node)[:200]).partition(".")[0]
    alias = roots.get(f"={root}")
    if alias is not None and found.path:
        owner, _, prefix = alias.partition("=")
        return Column(owner, f"{prefix}.{found.path}")
    if not chain.models:
        return found
    return found if found.path else Column(found.owner, "id")


def rooted(reader: JvmReader, node: Node, roots: dict[str, str]) -> Column | None:
    """`order.customer.email`, `QOrder.order.code`: the class and the path."""
    text = re.sub(r"\s+", "", reader.text(node)[:200])
    if not PATH.fullmatch(text):
        return None
    parts = text.split(".")
    if re.fullmatch(r"Q[A-Z]\w*", parts[0]) and len(parts) > 1:
        return Column(parts[0][1:], ".".join(parts[2:]))
    model = roots.get(parts[0])
    return Column(model, ".".join(parts[1:])) if model is not None else None
