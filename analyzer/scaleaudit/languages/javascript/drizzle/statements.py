"""Drizzle's statements: `db.select().from(orders).where(...)`, updates, deletes, inserts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.facts.orm import OrmQuery
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import (
    Chain,
    Step,
    chain_of,
    goes_on_elsewhere,
)
from scaleaudit.languages.javascript.choices import holds, variants
from scaleaudit.languages.javascript.drizzle.columns import Tables
from scaleaudit.languages.javascript.drizzle.conditions import read_condition
from scaleaudit.languages.javascript.drizzle.ordering import read_order
from scaleaudit.languages.javascript.query_parts import Chosen, Place, Where, shown
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "drizzle"
START = regex(
    rb"\.\s*(?:(select|selectDistinct|selectDistinctOn)\s*\(|(update|delete|insert)\s*\(\s*[\w.]+\s*\)"
    rb"|(\$count)\s*\(\s*\w)"
)
# What a statement on a table goes on with, and nothing else that has a method of that name.
NEXT = {"update": "set", "insert": "values", "delete": "where"}
RECEIVERS = regex(
    r"(?i)(?:^|\.)(?:\w*db|\w*database|tx|trx|transaction|drizzle|client|conn)(?:\(\))?$"
)
JOINS = {"innerJoin", "leftJoin", "rightJoin", "fullJoin", "crossJoin"}
NAME = regex(r"(?:[\w$]+\.){0,3}[\w$]+")
COUNTING = regex(rb"\b(?:count|countDistinct|sum|avg|min|max)\s*\(|(?i:count)\(")
MAX_STATEMENTS = 500  # of one file


def statements(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    for _, match in zip(range(MAX_STATEMENTS), START.finditer(reader.content), strict=False):
        start, end = match.span(match.lastindex or 0)
        leaf = reader.root.descendant_for_byte_range(start, end)
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is None or call.type != "call_expression" or member is None:
            continue
        name = reader.text(leaf) if leaf is not None else ""
        if name == "$count":
            yield from _counted(reader, call)
        else:
            yield from _told(reader, call, name, member)


def _counting(reader: JavaScriptReader, holder: Node) -> bool:
    """What is asked for is a figure: `count()`, or a name of the file for one."""
    if COUNTING.search(reader.content, holder.start_byte, holder.end_byte):
        return True
    fields = next((each for each in holder.named_children if each.type == "object"), None)
    pairs = fields.named_children if fields is not None else []
    values = [each.child_by_field_name("value") for each in pairs if each.type == "pair"]
    return bool(values) and all(_names_figure(reader, each) for each in values)


def _names_figure(reader: JavaScriptReader, value: Node | None) -> bool:
    if value is None or value.type != "identifier":
        return False
    name = reader.text(value)
    found = reader.local(name, value) or reader.declared.get(name)
    return found is not None and (
        COUNTING.search(reader.content, found.start_byte, found.end_byte) is not None
    )


def _counted(reader: JavaScriptReader, call: Node) -> Iterator[OrmQuery]:
    """`db.$count(orders, eq(orders.state, "open"))`."""
    args, _, _ = reader.arguments(call)
    base = table_name(reader, args[0]) if args else ""
    where = Where()
    if base:
        if len(args) > 1:
            read_condition(reader, args[1], tables_of(reader, base), Place(), where)
        for chosen in variants(each.choice for each in where.found):
            yield OrmQuery(
                at=reader.span(call),
                framework=FRAMEWORK,
                model=imported_as(reader, base),
                text=shown(reader, call.start_byte, call.end_byte),
                conditions=tuple(
                    each.condition for each in where.found if holds(each.choice, chosen)
                ),
                aggregate=True,
                partial=where.hidden,
                in_loop=reader.in_loop(call),
                scope=reader.scope(call),
            )


def _told(reader: JavaScriptReader, first: Node, name: str, member: Node) -> Iterator[OrmQuery]:
    chain = chain_of(reader, first)
    steps = chain.steps
    at = steps[0] if name in NEXT else next((s for s in steps[1:3] if s.name == "from"), None)
    base = table_name(reader, at.arguments[0]) if at is not None and at.arguments else ""
    receiver = member.child_by_field_name("object")
    if not base or receiver is None:
        return
    follows = any(step.name == NEXT.get(name, "from") for step in steps[1:4])
    if not follows and not (name in NEXT and RECEIVERS.search(reader.text(receiver)[-80:])):
        return
    joined = [s.arguments[0] for s in steps if s.name in JOINS and s.arguments]
    tables = tables_of(reader, base, *(table_name(reader, each) for each in joined))
    where, order = Where(), list[Chosen]()
    for step in steps[1:]:
        _take(reader, step, tables, where, order)
    yield from _queries(reader, chain, base, where, order, name)


def _take(
    reader: JavaScriptReader, step: Step, tables: Tables, where: Where, order: list[Chosen]
) -> None:
    given = step.arguments
    place = Place(choice=step.choice)
    if step.name == "where" and given:
        read_condition(reader, given[0], tables, place, where)
    elif step.name in JOINS and len(given) > 1:
        hidden = where.hidden
        clause = Clause.FILTER if step.name == "innerJoin" else Clause.JOIN
        read_condition(reader, given[1], tables, place, where, clause)
        where.hidden = hidden or (where.hidden and step.name == "innerJoin")
    elif step.name == "orderBy":
        where.shuffled |= not order and bool(given) and drawn(reader.text(given[0]))
        order += read_order(reader, given, tables, step.choice)


def _queries(
    reader: JavaScriptReader,
    chain: Chain,
    base: str,
    where: Where,
    order: list[Chosen],
    name: str,
) -> Iterator[OrmQuery]:
    steps, first = chain.steps, chain.steps[0].call
    paged, narrowed = goes_on_elsewhere(chain)
    told = [*where.found, *order]
    text = shown(reader, first.start_byte, chain.whole.end_byte)
    in_loop, scope, at = reader.in_loop(first), reader.scope(first), reader.span(first)
    holder = first.child_by_field_name("arguments")
    counts = holder is not None and _counting(reader, holder)
    for chosen in variants([*(each.choice for each in told), *(step.choice for step in steps)]):
        mine = {step.name for step in steps if holds(step.choice, chosen)}
        grouped = "groupBy" in mine or name.startswith("selectDistinct")
        yield OrmQuery(
            at=at,
            framework=FRAMEWORK,
            model=imported_as(reader, base),
            text=text,
            conditions=tuple(each.condition for each in told if holds(each.choice, chosen)),
            limited=paged or bool(mine & {"limit", "get"}),
            aggregate=counts and not grouped,
            grouped=grouped,
            partial=where.hidden or narrowed,
            in_loop=in_loop,
            writes=name in ("update", "delete"),
            inserts=name == "insert",
            scope=scope,
            deletes=name == "delete",
            shuffled=where.shuffled,
        )


def table_name(reader: JavaScriptReader, node: Node) -> str:
    """The constant of a table; behind `alias(orders, "o")` the table itself."""
    inner = bare(node)
    if inner is None or inner.type not in ("identifier", "member_expression"):
        return ""
    written = reader.text(inner)[:200]
    return written.rpartition(".")[2] if NAME.fullmatch(written) else ""


def tables_of(reader: JavaScriptReader, base: str, *others: str) -> Tables:
    names = {each: imported_as(reader, each) for each in (base, *others)}
    return Tables(base, others, imported=names)


def imported_as(reader: JavaScriptReader, name: str) -> str:
    """What the module calls it that a name comes from: `import { orders as o }`."""
    there = reader.imports.get(name, "").rpartition(".")[2]
    return there if there.isidentifier() else name
