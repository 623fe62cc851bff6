"""What Objection's models are asked: `Person.query().where("age", ">", 60)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.languages.javascript.builders.chains import call_at, called, climb, shortened
from scaleaudit.languages.javascript.builders.conditions import Filters, flat
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.handed import ways
from scaleaudit.languages.javascript.builders.kept_models import member_model
from scaleaudit.languages.javascript.knex.built import ORDERING, by_chance, ordered
from scaleaudit.languages.javascript.knex.filters import Asked
from scaleaudit.languages.javascript.knex.words import COUNTING, GROUPING, JOIN, LIMITING
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.chains import Call
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "objection"
START = regex(
    rb"\.\s*(query|\$relatedQuery)\s*(\()(?:[^)\n]{0,60}\)\s*\.\s*[a-zA-Z]|\s*+[\w'\"]{0,60}\s*+\)"
    rb"|\s*[A-Za-z][\w.]{0,60}(?:\([\w.,\s]{0,80}\))?,?\s*\)\s*\.\s*[a-zA-Z])"  # query(held(trx))
)
# `let loans: QueryBuilder<Loan> = begun<Loan>(Loan, options)`: a function that begins a query of
# whatever class it is given knows no column of it.
BEGUN = regex(
    rb":\s*(?:\w+\.)?QueryBuilder\w*\s*<\s*(\w+)[^=;{}()]{0,120}=\s*(?:\w+\.)*\w+\s*"
    rb"<\s*\1\s*(?:,[^<>(){};]{0,60})?>\s*(\()\s*\1\s*[,)]"
)
MODEL = regex(r"(?:[\w$]+\.)*(?:models?\.(\w+)|([A-Z]\w*))")
MAX_CHAINS = 400
RELATED = frozenset(
    ["withGraphFetched", "withGraphJoined", "eager", "joinEager", "joinRelated", "leftJoinRelated",
     "innerJoinRelated", "joinRelation", "leftJoinRelation"]
)  # fmt: skip
CHANGING = frozenset(["patch", "update", "increment", "decrement", "patchAndFetchById"])
DELETING = frozenset(["delete", "del", "deleteById", "truncate"])
INSERTING = frozenset(
    ["insert", "insertAndFetch", "insertGraph", "upsertGraph", "insertWithRelated"]
)
BY_KEY = frozenset(["findById", "deleteById", "patchAndFetchById", "updateAndFetchById"])
LIMITED = LIMITING | frozenset(["findOne", "findById", "page", "range", "throwIfNotFound"])
HIDING = frozenset(["modify", "onBuild", "onBuildKnex", "joinRaw", "applyFilter"])
NAME = regex(r"[A-Za-z_]\w*")


class Built(Gathering):
    filters: Filters = msgspec.field(default_factory=Filters)
    more: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    partial: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    shuffled: bool = False


def queries(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    starts = BEGUN.finditer(reader.content) if b"QueryBuilder" in reader.content else ()
    for _, begun in zip(range(MAX_CHAINS), starts, strict=False):
        call = call_at(reader, begun.start(2))
        if call is not None:
            yield from _told(reader, call, begun[1].decode(), ())
    if b"query(" not in reader.content and b"elatedQuery" not in reader.content:
        return
    for _, match in zip(range(MAX_CHAINS), START.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        function = called(call) if call is not None else None
        held = function.child_by_field_name("object") if function is not None else None
        if call is None or held is None:
            continue
        model, via = _start(reader, call, held, match[1] == b"$relatedQuery")
        if model or via:
            yield from _told(reader, call, model, via)


def _start(
    reader: JavaScriptReader, call: Node, held: Node, related: bool
) -> tuple[str, tuple[str, ...]]:
    text = reader.text(held)[:120]
    if related:
        holder = call.child_by_field_name("arguments")
        first = holder.named_children[0] if holder and holder.named_children else None
        name = text_of(reader, first)
        return "", (name,) if name else ()
    if text == "this":
        own = reader.class_around(call)
        return (reader.definition_name(own) if own is not None else ""), ()
    kept = member_model(reader, held, text)
    if kept:
        return kept.rpartition(".")[2], ()
    match = MODEL.fullmatch(text)
    return (match[1] or match[2] if match is not None else ""), ()


def _told(
    reader: JavaScriptReader, call: Node, model: str, via: tuple[str, ...]
) -> Iterator[OrmQuery]:
    calls, whole = climb(reader, call)
    for way in ways(reader, calls, whole):
        if not way.always and not way.held:
            continue
        base = _built(reader, way.always)
        usual: tuple[Condition, ...] = (*flat(base.filters.parts), *base.more)
        if not way.exhaustive:
            unsure = bool(way.branches) and not usual and not base.writes
            yield _query(reader, base, way.at, model, via, way.opaque or bool(way.beyond) or unsure)
        for branch in way.branches:
            each = _built(reader, [*way.always, *branch])
            if way.exhaustive or (*flat(each.filters.parts), *each.more) != usual:
                yield _query(
                    reader, each, branch[-1].node, model, via, way.opaque or bool(way.beyond)
                )


def _built(reader: JavaScriptReader, calls: Sequence[Call]) -> Built:
    built = Built()
    asked = Asked(reader)
    for call in calls:
        name = call.name
        if name in RELATED and call.args:
            built.loads.extend(NAME.findall(text_of(reader, call.args[0]))[:20])
        elif name == "findOne" and call.args:
            asked.take(call._replace(name="where"), built.filters)
        elif name in ORDERING:
            built.shuffled = built.shuffled or by_chance(reader, call, built.more)
            built.more.extend(ordered(reader, call, asked) if name == "orderBy" else ())
        elif name in COUNTING or name == "resultSize":
            built.aggregate = True
        elif name in GROUPING:
            built.grouped = True
        elif name in CHANGING:
            built.writes = True
        elif name in DELETING:
            built.writes = built.deletes = True
        elif name in INSERTING:
            built.writes = built.inserts = True
        elif JOIN.fullmatch(name) or name in HIDING:
            built.partial = True
        else:
            asked.take(call, built.filters)
        if name in BY_KEY:
            built.filters.add([Condition("id", "=")])
        elif name in ("findByIds", "whereInIds"):
            built.filters.add([Condition("id", "in")])
        if name in LIMITED:
            built.limited = True
    built.partial = built.partial or asked.unknown
    return built


def _query(
    reader: JavaScriptReader,
    built: Built,
    node: Node,
    model: str,
    via: tuple[str, ...],
    opaque: bool,
) -> OrmQuery:
    return OrmQuery(
        reader.span(node),
        FRAMEWORK,
        model,
        shortened(reader, node),
        via=via,
        conditions=(*flat(built.filters.parts), *built.more),
        loads=tuple(built.loads),
        limited=built.limited,
        aggregate=built.aggregate,
        grouped=built.grouped,
        partial=built.partial or opaque,
        in_loop=reader.in_loop(node),
        writes=built.writes,
        inserts=built.inserts,
        deletes=built.deletes,
        scope=reader.scope(node),
        shuffled=built.shuffled,
    )
