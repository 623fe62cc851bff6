"""What repositories and managers of TypeORM are asked: `find({ where, order, relations })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.kept_models import OWN_CALL, SINGLE, has_method
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.typeorm.receivers import MANAGER, Receivers
from scaleaudit.languages.javascript.typeorm.where import Where
from scaleaudit.record import Gathering, Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"
MAX_CALLS = 800  # of one file
MAX_LOADS = 60
KEY_TYPES = frozenset({"string", "number", "member_expression", "identifier", "template_string"})
OPTIONS = frozenset(
    ["where", "order", "relations", "take", "skip", "select", "join", "withDeleted", "lock", "cache",
     "loadEagerRelations", "transaction", "loadRelationIds", "comment", "relationLoadStrategy"]
)  # fmt: skip


class Way(Record, frozen=True):
    """How a method takes its conditions, and what it does with the rows."""

    options: bool = False  # an object with `where`, `order` and the like
    limited: bool = False
    aggregate: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    where: int = 0  # which argument holds the conditions


METHODS = {
    "find": Way(options=True),
    "findAndCount": Way(options=True),
    "findOne": Way(options=True, limited=True),
    "findOneOrFail": Way(options=True, limited=True),
    "count": Way(options=True, aggregate=True),
    "exist": Way(options=True, limited=True),
    "exists": Way(options=True, limited=True),
    "findBy": Way(),
    "findAndCountBy": Way(),
    "findOneBy": Way(limited=True),
    "findOneByOrFail": Way(limited=True),
    "countBy": Way(aggregate=True),
    "existsBy": Way(limited=True),
    "sum": Way(aggregate=True, where=1),
    "average": Way(aggregate=True, where=1),
    "minimum": Way(aggregate=True, where=1),
    "maximum": Way(aggregate=True, where=1),
    "update": Way(writes=True),
    "delete": Way(writes=True, deletes=True),
    "softDelete": Way(writes=True),
    "restore": Way(writes=True),
    "increment": Way(writes=True),
    "decrement": Way(writes=True),
    "save": Way(inserts=True),
    "insert": Way(inserts=True),
    "upsert": Way(inserts=True),
}
# Methods that no other mapper's classes have.
ITS_OWN = frozenset(
    ["findBy", "findOneBy", "findOneByOrFail", "findAndCountBy", "countBy", "existsBy"]
)
CALL = regex(
    rb"\.\s*(" + "|".join(sorted(METHODS, key=len, reverse=True)).encode()
    + rb")\s*(?:<[^<>()\n]{1,80}>\s*)?(\()"
)  # fmt: skip


class Options(Gathering):
    """`{ where, order, relations, take }`."""

    where: list[list[Part]] = msgspec.field(default_factory=lambda: [[]])
    order: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    skips: bool = False
    partial: bool = False


def finds(reader: JavaScriptReader, receivers: Receivers) -> Iterator[OrmQuery]:
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        function = called(call) if call is not None else None
        if call is None or function is None or function.type != "member_expression":
            continue
        held = function.child_by_field_name("object")
        if held is None:
            continue
        name = match[1].decode()
        model, args = _asked(reader, receivers, held, arguments(call), name)
        if model:
            yield from told(reader, call, model, args, METHODS[name])
    yield from _inherited(reader, receivers)


def _inherited(reader: JavaScriptReader, receivers: Receivers) -> Iterator[OrmQuery]:
    """What a service asks by a method of the generic one it extends: `this.list({ branch })`."""
    if b"extends" not in reader.content:
        return
    for _, match in zip(range(MAX_CALLS), OWN_CALL.finditer(reader.content), strict=False):
        name = match[2].decode()
        call = call_at(reader, match.start(3))
        if call is None or name in METHODS:
            continue
        around = reader.class_around(call)
        model = receivers.generic(around) if around is not None else ""
        if (
            not model
            or around is None
            or (match[1] == b"this" and has_method(reader, around, name))
        ):
            continue
        single = SINGLE.search(name) is not None
        counts = name.startswith("count")
        way = Way(options=True, limited=single, aggregate=counts)
        yield from told(reader, call, model, arguments(call), way)


def _asked(
    reader: JavaScriptReader, receivers: Receivers, held: Node, args: list[Node], method: str
) -> tuple[str, list[Node]]:
    """The model, and the arguments that are left for its repository."""
    text = reader.text(held)[-80:].replace("!", "").replace("?", "").rpartition(".")[2]
    if args and MANAGER.fullmatch(text):
        model = receivers.model(args[0])
        if model:
            return model, args[1:]
    model = receivers.of(held)
    sure = b"typeorm" in reader.content or method in ITS_OWN
    if not model and held.type == "identifier" and sure:
        name = reader.text(held)  # an active record, or a repository: `User.findOneBy(...)`
        model = name if name[:1].isupper() and not name.isupper() else ""
    return model, args


def told(
    reader: JavaScriptReader, call: Node, model: str, args: list[Node], way: Way
) -> Iterator[OrmQuery]:
    given = Options(limited=way.limited)
    node = args[way.where] if len(args) > way.where else None
    if way.inserts:
        node = None
    if node is not None:
        if way.options:
            read_options(reader, node, given, single=way.limited)
        else:
            read_where(reader, node, given, keyed=way.writes)
    elif way.writes and not way.inserts:
        given.partial = True
    sorts = [Condition(path, "sort", Clause.SORT) for path in given.order]
    seen: list[list[Condition]] = []
    for parts in given.where:
        conditions = [*flat(parts), *sorts]
        if conditions in seen:
            continue
        seen.append(conditions)
        yield OrmQuery(
            reader.span(call),
            FRAMEWORK,
            model,
            shortened(reader, call),
            conditions=tuple(conditions),
            loads=tuple(given.loads[:MAX_LOADS]) if len(seen) == 1 else (),
            limited=given.limited,
            skips=given.skips,
            aggregate=way.aggregate,
            # Some of what is only sometimes asked may always be.
            partial=given.partial or (not conditions and len(given.where) > 1),
            in_loop=reader.in_loop(call),
            writes=way.writes or way.inserts,
            inserts=way.inserts,
            deletes=way.deletes,
            scope=reader.scope(call),
        )


def read_where(reader: JavaScriptReader, node: Node, into: Options, *, keyed: bool = False) -> None:
    """`keyed`: the method takes the key of a row as well as conditions."""
    given = bare(node)
    if given is None:
        return
    reading = Where(reader)
    if keyed and given.type in KEY_TYPES and not reading.knows(given):
        into.where = [[Condition("id", "=")]]
        return
    into.where = reading.variants(given)
    into.partial = into.partial or reading.unknown


def read_options(
    reader: JavaScriptReader, node: Node, into: Options, *, single: bool = False
) -> None:
    given = bare(node)
    if given is None:
        return
    found = assembled(reader, given)
    if found is None:
        if single and given.type in ("string", "number", "member_expression", "template_string"):
            into.where = [[Condition("id", "=")]]
        else:
            into.partial = True
        return
    every = found.every
    keys = {key for key, _ in every}
    if every and not keys & OPTIONS:  # before version 0.3 the conditions themselves
        read_where(reader, given, into)
        return
    into.partial = into.partial or found.open
    for key, value in every:
        if key == "where":
            read_where(reader, value, into)
        elif key == "order":
            into.order.extend(_keys(reader, value))
        elif key == "relations":
            into.loads.extend(_relations(reader, value))
        elif key == "take":
            into.limited = True
        elif key == "skip":
            into.skips = value.type != "number"


def _keys(reader: JavaScriptReader, node: Node, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """The keys of an object of objects, dotted."""
    found = assembled(reader, node)
    for key, value in found.always if found is not None else ():
        inner = bare(value)
        if inner is not None and inner.type == "object" and depth < 4:
            nested = assembled(reader, inner)
            names = {name for name, _ in nested.always} if nested is not None else set()
            if not names & {"direction", "nulls"}:
                yield from _keys(reader, inner, f"{prefix}{key}.", depth + 1)
                continue
        yield prefix + key


def _relations(reader: JavaScriptReader, node: Node) -> Iterator[str]:
    given = bare(node)
    if given is None:
        return
    if given.type == "array":
        for each in given.named_children:
            if each.type == "string":
                yield reader.text(each).strip("'\"")
        return
    yield from _keys(reader, given)
