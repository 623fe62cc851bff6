"""Chains of Knex as queries on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Predicate, QueryFound
from scaleaudit.languages.javascript.builders.chains import call_at, chain, method, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.handed import ways
from scaleaudit.languages.javascript.knex.built import built_of
from scaleaudit.languages.javascript.knex.handles import (
    BASE,
    FROM,
    START,
    WORDS,
    is_called,
    is_knex,
    written,
)
from scaleaudit.languages.javascript.knex.words import CERTAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.javascript.builders.chains import Chain
    from scaleaudit.languages.javascript.builders.handed import Way
    from scaleaudit.languages.javascript.knex.built import Built
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.source import Span

MAX_CHAINS = 600  # of one file


def queries(reader: JavaScriptReader) -> Iterator[QueryFound]:
    content = reader.content
    if b"drizzle-orm" in content or not reader.says(*WORDS):
        return
    seen: set[int] = set()
    called = is_called(reader)
    for pattern in (START, FROM) if called else (FROM,):
        for _, match in zip(range(MAX_CHAINS), pattern.finditer(content), strict=False):
            call = call_at(reader, match.start("open"))
            if call is None:
                continue
            found = chain(reader, call, BASE)
            if found.whole.id in seen or not is_knex(reader, found):
                continue
            seen.add(found.whole.id)
            yield from told(reader, found)


def told(reader: JavaScriptReader, found: Chain) -> Iterator[QueryFound]:
    """The query, and one for each branch that adds conditions to it."""
    for way in ways(reader, found.calls, found.whole):
        yield from _of_way(reader, found, way)


def _of_way(reader: JavaScriptReader, found: Chain, way: Way) -> Iterator[QueryFound]:
    first = found.base if found.base.type == "call_expression" else None
    inner = _is_part(reader, found.whole)
    if not any(CERTAIN.fullmatch(c.name) for calls in (way.always, *way.branches) for c in calls):
        return
    base = built_of(reader, first, way.always)
    if not set(base.tables.values()) - base.made:
        return
    unsure = way.opaque or bool(way.beyond) or BASE.fullmatch(written(reader, found.base)) is None
    base.partial = base.partial or unsure
    at = reader.span(way.at)
    text, scope, loop = (
        shortened(reader, way.at),
        reader.scope(way.at),
        reader.in_loop(way.at),
    )
    base.limited = base.limited or inner
    usual = _query(base, at, text, scope, loop)
    if inner and not usual.predicates:
        return
    if not way.exhaustive:
        open_ended = bool(way.branches) or _handed_on(way.at)
        if open_ended and not usual.predicates and not usual.writes:
            usual = msgspec.structs.replace(usual, partial=True)
        yield usual
    for branch in way.branches:
        each = built_of(reader, first, [*way.always, *branch])
        each.partial = each.partial or unsure
        query = _query(each, at, text, scope, loop)
        if way.exhaustive or query.predicates != usual.predicates:
            place = reader.span(branch[-1].node)
            yield msgspec.structs.replace(query, at=place, text=shortened(reader, branch[-1].node))


def _is_part(reader: JavaScriptReader, whole: Node) -> bool:
    """A subquery: what another builder's call is given."""
    for above in reader.ancestors(whole):
        if above.type == "arguments":
            call = above.parent
            return call is not None and CERTAIN.fullmatch(method(reader, call)) is not None
        if above.type not in ("array", "object", "pair", "parenthesized_expression"):
            return False
    return False


def _handed_on(whole: Node) -> bool:
    above = whole.parent
    return above is not None and above.type in ("return_statement", "arrow_function", "arguments")


def _query(built: Built, at: Span, text: str, scope: str, loop: bool) -> QueryFound:
    tables = tuple(dict.fromkeys(each for each in built.tables.values() if each not in built.made))
    partial = built.partial or any(
        each in built.made for pair in built.tables.items() for each in pair
    )
    predicates = [
        found
        for condition in (*flat(built.filters.parts), *built.more)
        for found in [_predicate(built, condition)]
        if found is not None
    ]
    start = tables[:1]
    return QueryFound(
        at=at,
        text=text,
        reads=() if built.changes else tables,
        writes=start if built.changes else (),
        predicates=tuple(predicates),
        limited=built.limited,
        aggregate=built.aggregate,
        partial=partial,
        in_loop=loop,
        streamed=built.streamed,
        library="knex",
        scope=scope,
        inserts=start if built.inserts else (),
        grouped=built.grouped,
        shuffled=built.shuffled,
        skips=built.skips,
    )


def _predicate(built: Built, condition: Condition) -> Predicate | None:
    alias, _, column = condition.path.rpartition(".")
    alias = alias.rpartition(".")[2].lower()
    single = len(built.tables) == 1 and not built.made
    table = built.tables.get(alias, alias) if alias else ""
    source = list(built.tables).index(alias) + 1 if alias in built.tables else 0
    if not alias and single:
        table, source = next(iter(built.tables.values())), 1
    if table in built.made or alias in built.made:
        return None
    return condition.on(table, column.lower(), source=source)
