"""Calls of Prisma's client, and the queries that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts.orm import OrmQuery
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.choices import holds, variants
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.prisma.conditions import (
    read_order,
    read_where,
)
from scaleaudit.languages.javascript.query_parts import Chosen, Place, Where, shown
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from scaleaudit.languages.javascript.literal_objects import Shape
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "prisma"
NAMES = (b"prisma", b"Prisma", b"PRISMA")
SHORT = regex(rb"\b(?:db|DB|tx)\b")
CALL = regex(
    rb"\.(find(?:Many|First|Unique)(?:OrThrow)?|count|aggregate|groupBy"
    rb"|(?:update|delete|create)(?:Many(?:AndReturn)?)?|upsert)\s*[(<]"
)
BEFORE = regex(rb"(?:(\.\s*)|(?<![\w$.]))([A-Za-z_$][\w$]*)\s*$")
# `const loans = this.prisma.loan`
GIVEN = regex(
    rb"(?<![\w$.])((?:this\.)?[\w$]{1,80})\s*(?::[^=;\n]{1,80})?="
    rb"\s*[\w.]{0,80}(?:[pP]risma|\bdb|\btx|[cC]lient)\w{0,40}\.(\w+)\s*(?:[;\n,]|$)"
)
REPOSITORY = regex(r"([a-z]\w*?)(?:Repository|Repo|Dao|DAO)")
MAX_NAME = 90  # bytes before the method
# Receivers of methods with the same names: Drizzle's `db.query.users.findMany`.
OTHERS = frozenset({"query", "_query"})
CLIENTS = frozenset({"db", "tx", "trx", "prisma", "client", "database"})  # no models of these names
MAX_CALLS = 5_000  # of one file
MAX_LEVELS = 6  # of relations loaded in one call


ARGUMENTS = {
    "where", "data", "select", "include", "omit", "orderBy", "cursor", "take", "skip", "distinct",
    "by", "having", "create", "update", "skipDuplicates", "relationLoadStrategy", "limit",
    "rejectOnNotFound", "cacheStrategy", "_count", "_sum", "_avg", "_min", "_max",
}  # fmt: skip
WRITTEN = {"data", "create", "update"}
CREATING = {"create", "createMany", "connectOrCreate", "upsert"}
NESTED = CREATING | {
    "connect", "set", "disconnect", "update", "updateMany", "delete", "deleteMany",
}  # fmt: skip
MAX_NESTED = 4  # relations written in one call


class Method(Record, frozen=True):
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    unique: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    needs: frozenset[str] = frozenset()  # of these arguments one must be there


DATA = frozenset({"data"})
ONE = Method(limited=True)
BY_KEY = Method(limited=True, unique=True)
INSERT = Method(inserts=True, needs=DATA)
METHODS = {
    "findMany": Method(),
    "findFirst": ONE,
    "findFirstOrThrow": ONE,
    "findUnique": BY_KEY,
    "findUniqueOrThrow": BY_KEY,
    "count": Method(aggregate=True),
    "aggregate": Method(aggregate=True),
    "groupBy": Method(grouped=True),
    "update": Method(limited=True, unique=True, writes=True, needs=DATA),
    "updateMany": Method(writes=True, needs=DATA),
    "updateManyAndReturn": Method(writes=True, needs=DATA),
    "delete": Method(limited=True, unique=True, writes=True, deletes=True),
    "deleteMany": Method(writes=True, deletes=True),
    "create": INSERT,
    "createMany": INSERT,
    "createManyAndReturn": INSERT,
    "upsert": Method(
        limited=True, unique=True, writes=True, inserts=True, needs=frozenset({"create"})
    ),
}


def queries(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    """What each call of a client says; whether its model exists, other files tell."""
    named: bool | None = None  # whether the file names a client; asked when it matters
    models: dict[str, set[str]] | None = None
    places = CALL.finditer(reader.content)
    for _, match in zip(range(MAX_CALLS), places, strict=False):
        start = match.start()
        accessor = BEFORE.search(reader.content, max(0, start - MAX_NAME), start)
        if accessor is None:
            continue
        if named is None:
            named = reader.says(*NAMES) or SHORT.search(reader.content) is not None
        if not named:
            return
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if member is None or call is None or call.type != "call_expression":
            continue
        model = member.child_by_field_name("object")
        holder = model.child_by_field_name("object") if model is not None else None
        written = accessor[2].decode()
        if written in CLIENTS:
            continue
        models = _held(reader.content) if models is None else models
        accessed = _kept(reader, model, written, models)
        if accessor[1] is None and accessed == written:
            continue
        if holder is not None and reader.text(holder).rpartition(".")[2].strip("?!") in OTHERS:
            continue
        yield from _told(reader, call, accessed, METHODS[match[1].decode()])


def _held(content: bytes) -> dict[str, set[str]]:
    """The models that variables and members of a file are given, by their names."""
    found: dict[str, set[str]] = {}
    for match in GIVEN.finditer(content):
        found.setdefault(match[1].decode(), set()).add(match[2].decode())
    return found


def _kept(
    reader: JavaScriptReader, held: Node | None, name: str, models: Mapping[str, set[str]]
) -> str:
    """The model behind a variable or a member: `const loans = this.prisma.loan`, `loanRepository`."""
    text = reader.text(held)[:MAX_NAME] if held is not None else ""
    if text not in (name, f"this.{name}"):
        return name
    found = set(models.get(name, ()))
    if text != name:
        found |= models.get(text, set())
    if not found:  # an object of the project that hands on what it is given
        repository = REPOSITORY.fullmatch(name)
        return repository[1] if repository is not None else name
    return found.pop() if len(found) == 1 else name


def _told(reader: JavaScriptReader, call: Node, model: str, method: Method) -> Iterator[OrmQuery]:
    holder = call.child_by_field_name("arguments")
    given = [each for each in holder.named_children if each.type != "comment"] if holder else []
    known = shape(reader, given[0]) if given else None
    keys = {member.key for member in known.members} if known is not None else set()
    if not keys <= ARGUMENTS or not (keys & method.needs or not method.needs or _hidden(known)):
        return  # another library's method of this name
    base = _Base(reader, call, model)
    if known is None:
        where = Where(hidden=False)
        yield from base.variants(where, [], method, (), ())
        return
    yield from _level(reader, known, base, method, ())
    if method.inserts or method.writes:
        for member in known.members:
            if member.key in WRITTEN:
                for via in _created(reader, shape(reader, member.value), (), 0):
                    yield from base.variants(Where(), [], INSERT, via, ())


def _hidden(known: Shape | None) -> bool:
    return known is not None and known.hidden


def _created(
    reader: JavaScriptReader, known: Shape, path: tuple[str, ...], depth: int
) -> Iterator[tuple[str, ...]]:
    """Relations whose rows are written along: `data: { lines: { create: [...] } }`."""
    for member in known.members if depth < MAX_NESTED else ():
        inner = bare(member.value)
        if inner is None or inner.type != "object":
            continue
        ways = {each.key: each.value for each in shape(reader, inner).members}
        if not ways or not ways.keys() <= NESTED:
            continue
        names = (*path, member.key)
        if ways.keys() & CREATING:
            yield names
        for key in ("create", "update"):
            if key in ways:
                yield from _created(reader, shape(reader, ways[key]), names, depth + 1)


def _level(
    reader: JavaScriptReader, known: Shape, base: _Base, method: Method, via: tuple[str, ...]
) -> Iterator[OrmQuery]:
    """The query of one level of `include`, and those of the levels below."""
    where = Where(hidden=known.hidden and not known.tells("where"))
    if known.hidden:
        method = replace(method, limited=True)  # a page, as far as anybody can tell
    order: list[Chosen] = []
    for member in known.members:
        if member.key == "where":
            read_where(reader, member.value, Place(), where, unique=method.unique)
        elif member.key == "orderBy":
            order += read_order(reader, member.value, ())
        elif member.key == "take":
            method = replace(method, limited=True)
        elif member.key == "skip" and member.value.type != "number":
            # beside a cursor it only steps over the last row seen
            method = replace(method, skips=not any(m.key == "cursor" for m in known.members))
        elif member.key == "distinct":
            method = replace(method, grouped=True)
    loads: list[str] = []
    below: list[tuple[tuple[str, ...], Shape]] = []
    _loaded(reader, known, (), loads, below)
    yield from base.variants(where, order, method, via, tuple(loads))
    for names, inner in below:
        yield from _level(reader, inner, base, Method(), (*via, *names))


def _loaded(
    reader: JavaScriptReader,
    known: Shape,
    path: tuple[str, ...],
    loads: list[str],
    below: list[tuple[tuple[str, ...], Shape]],
) -> None:
    """Relations that are read along: those with conditions or an order are queries of their own."""
    for member in known.members if len(path) < MAX_LEVELS else ():
        if member.key not in ("include", "select"):
            continue
        for each in shape(reader, member.value).members:
            inner = bare(each.value)
            if inner is None or each.key.startswith("_"):
                continue
            names = (*path, each.key)
            if inner.type == "object":
                deeper = shape(reader, inner)
                if any(one.key in ("where", "orderBy") for one in deeper.members):
                    below.append((names, deeper))
                else:
                    loads.append(".".join(names))
                    _loaded(reader, deeper, names, loads, below)
            elif inner.type == "true" and member.key == "include":
                loads.append(".".join(names))


class _Base:
    """What all queries of one call have in common."""

    def __init__(self, reader: JavaScriptReader, call: Node, model: str) -> None:
        self._text = shown(reader, call.start_byte, call.end_byte)
        self._model = model
        self._at = reader.span(call)
        self._in_loop = reader.in_loop(call)
        self._scope = reader.scope(call)

    def variants(
        self,
        where: Where,
        order: list[Chosen],
        method: Method,
        via: tuple[str, ...],
        loads: tuple[str, ...],
    ) -> Iterator[OrmQuery]:
        """One query, or one for each condition that is there or not."""
        told = [*where.found, *order]
        for chosen in variants(each.choice for each in told):
            yield OrmQuery(
                at=self._at,
                framework=FRAMEWORK,
                model=self._model,
                text=self._text,
                via=via,
                conditions=tuple(each.condition for each in told if holds(each.choice, chosen)),
                loads=loads,
                limited=method.limited,
                skips=method.skips,
                aggregate=method.aggregate,
                grouped=method.grouped,
                partial=where.hidden,
                in_loop=self._in_loop,
                writes=method.writes and not via,
                inserts=method.inserts,
                scope=self._scope,
                deletes=method.deletes and not via,
                gathered=method.unique and not method.writes,
            )
