"""What MikroORM's entity manager and repositories are asked: `em.find(Order, { customer: id })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import texts_of
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.mikroorm.where import Where
from scaleaudit.languages.javascript.typeorm.receivers import MANAGER, Receivers
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "mikroorm"
MAX_CALLS = 800  # of one file


class Way(Record, frozen=True):
    """`options`: which argument after the conditions holds the order and the limit; 0: none."""

    options: int = 1
    where: bool = True
    limited: bool = False
    aggregate: bool = False
    writes: bool = False
    deletes: bool = False


METHODS = {
    "find": Way(),
    "findAndCount": Way(),
    "findAll": Way(options=0, where=False),
    "findOne": Way(limited=True),
    "findOneOrFail": Way(limited=True),
    "findByCursor": Way(limited=True),
    "count": Way(aggregate=True),
    "nativeUpdate": Way(options=0, writes=True),
    "nativeDelete": Way(options=0, writes=True, deletes=True),
}
CALL = regex(
    rb"\.\s*(" + "|".join(sorted(METHODS, key=len, reverse=True)).encode()
    + rb")\s*(?:<[^()\n]{1,80}>\s*)?(\()"
)  # fmt: skip


def finds(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    receivers = Receivers(reader)
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        function = called(call) if call is not None else None
        held = function.child_by_field_name("object") if function is not None else None
        if call is None or held is None:
            continue
        args = arguments(call)
        written = reader.text(held)[-80:].replace("!", "").replace("?", "").rpartition(".")[2]
        model = ""
        if args and MANAGER.fullmatch(written):
            model = receivers.model(args[0])
            args = args[1:] if model else args
        model = model or receivers.of(held)
        if model:
            yield from _told(reader, call, model, METHODS[match[1].decode()], args)


def _told(
    reader: JavaScriptReader, call: Node, model: str, way: Way, args: list[Node]
) -> Iterator[OrmQuery]:
    reading = Where(reader)
    variants = reading.variants(args[0]) if way.where and args else [[]]
    limited, partial = way.limited, reading.unknown
    sorts: list[Condition] = []
    loads: list[str] = []
    position = way.options if way.where else 0
    node = args[position] if len(args) > position and (way.options or not way.where) else None
    found = assembled(reader, node) if node is not None else None
    for key, value in found.always if found is not None else ():
        if key == "where":
            variants = reading.variants(value)
            partial = partial or reading.unknown
        elif key == "orderBy":
            sorts.extend(_order(reader, value))
        elif key in ("limit", "first"):
            limited = True
        elif key == "populate":
            loads.extend(each for each in texts_of(reader, value) if each != "*")
    for position, parts in enumerate(variants):
        yield OrmQuery(
            reader.span(call),
            FRAMEWORK,
            model,
            shortened(reader, call),
            conditions=(*flat(parts), *sorts),
            loads=tuple(loads) if not position else (),
            limited=limited,
            aggregate=way.aggregate,
            partial=partial,
            in_loop=reader.in_loop(call),
            writes=way.writes,
            deletes=way.deletes,
            scope=reader.scope(call),
        )


def _order(
    reader: JavaScriptReader, node: Node, prefix: str = "", depth: int = 0
) -> Iterator[Condition]:
    given = bare(node)
    if given is None or depth > 4:
        return
    if given.type == "array":
        for each in given.named_children:
            yield from _order(reader, each, prefix, depth + 1)
        return
    found = assembled(reader, given)
    for key, value in found.always if found is not None else ():
        inner = bare(value)
        if inner is not None and inner.type == "object":
            yield from _order(reader, inner, f"{prefix}{key}.", depth + 1)
        else:
            yield Condition(prefix + key, "sort", Clause.SORT)
