"""Drizzle's relational queries: `db.query.orders.findMany({ where, with: {...} })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts.orm import OrmQuery
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.choices import holds, variants
from scaleaudit.languages.javascript.drizzle.columns import Tables
from scaleaudit.languages.javascript.drizzle.conditions import read_condition
from scaleaudit.languages.javascript.drizzle.filters import read_filter
from scaleaudit.languages.javascript.drizzle.ordering import read_order
from scaleaudit.languages.javascript.literal_objects import Shape, shape
from scaleaudit.languages.javascript.query_parts import Chosen, Place, Where, shown
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "drizzle"
CALL = regex(rb"\.\s*_?query\s*\.\s*(\w+)\s*\.\s*(findMany|findFirst)\s*\(")
MAX_CALLS = 500  # of one file
MAX_LEVELS = 6


def finders(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(2), match.end(2))
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is None or call.type != "call_expression":
            continue
        args, _, _ = reader.arguments(call)
        known = shape(reader, args[0]) if args else Shape()
        one = match[2] == b"findFirst"
        yield from _level(reader, call, match[1].decode(), known, (), limited=one)


def _level(
    reader: JavaScriptReader,
    call: Node,
    model: str,
    known: Shape,
    via: tuple[str, ...],
    *,
    limited: bool,
) -> Iterator[OrmQuery]:
    """The query of one level of `with`, and those of the levels below that narrow or sort."""
    where = Where(hidden=known.hidden and not known.tells("where"))
    limited = limited or known.hidden  # a page, as far as anybody can tell
    order: list[Chosen] = []
    tables = Tables("" if via else model, own=via[-1:])
    below: list[tuple[tuple[str, ...], Shape]] = []
    loads: list[str] = []
    for member in known.members:
        if member.key == "where":
            inner = bare(member.value)
            if inner is not None and inner.type == "object":
                read_filter(reader, inner, Place(choice=member.choice), where)
            else:
                read_condition(reader, inner, tables, Place(choice=member.choice), where)
        elif member.key == "orderBy":
            where.shuffled = drawn(reader.text(member.value))
            order += read_order(reader, [member.value], tables, member.choice)
        elif member.key == "limit":
            limited = True
    _loaded(reader, known, (), loads, below)
    told = [*where.found, *order]
    for chosen in variants(each.choice for each in told):
        yield OrmQuery(
            at=reader.span(call),
            framework=FRAMEWORK,
            model=model,
            text=shown(reader, call.start_byte, call.end_byte),
            via=via,
            conditions=tuple(each.condition for each in told if holds(each.choice, chosen)),
            loads=tuple(loads),
            limited=limited,
            partial=where.hidden,
            in_loop=reader.in_loop(call),
            scope=reader.scope(call),
            shuffled=where.shuffled,
        )
    for names, deeper in below:
        yield from _level(reader, call, model, deeper, (*via, *names), limited=True)


def _loaded(
    reader: JavaScriptReader,
    known: Shape,
    path: tuple[str, ...],
    loads: list[str],
    below: list[tuple[tuple[str, ...], Shape]],
) -> None:
    for member in known.members if len(path) < MAX_LEVELS else ():
        if member.key != "with":
            continue
        for each in shape(reader, member.value).members:
            names = (*path, each.key)
            inner = bare(each.value)
            if inner is None or inner.type != "object":
                loads.append(".".join(names))
                continue
            deeper = shape(reader, inner)
            if any(one.key in ("where", "orderBy") for one in deeper.members):
                below.append((names, deeper))
            else:
                loads.append(".".join(names))
                _loaded(reader, deeper, names, loads, below)
