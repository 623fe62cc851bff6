"""The queries of a file through Ecto, and the parts of queries that schemas name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, ScopeDefined
from scaleaudit.languages.elixir.ecto.asking import FRAMEWORK, asking
from scaleaudit.languages.elixir.ecto.building import Query, begun
from scaleaudit.languages.elixir.ecto.flow import MARK, Flow
from scaleaudit.languages.elixir.ecto.following import bound_name
from scaleaudit.languages.elixir.modules import own_name
from scaleaudit.languages.elixir.syntax import (
    DEFINES,
    body,
    defined_name,
    local_name,
    parameters,
    raw,
    word,
)
from scaleaudit.languages.excerpts import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.elixir.reader import ElixirReader

MAX_FUNCTIONS = 800  # of one file


def queries(reader: ElixirReader, models: set[str]) -> Iterator[Fact]:
    """`models`: the modules of the file that are schemas."""
    if MARK.search(reader.content) is None:
        return
    for module in reader.module_nodes:
        functions: dict[str, list[Node]] = {}
        definitions = [each for each in body(module) if local_name(each) in DEFINES]
        for each in definitions[:MAX_FUNCTIONS]:
            functions.setdefault(defined_name(each), []).append(each)
        name = own_name(reader, module)
        flow = Flow(reader, name, functions)
        if name in models:
            yield from parts_of(reader, flow, name, functions)
        for each in definitions[:MAX_FUNCTIONS]:
            if MARK.search(reader.content, each.start_byte, each.end_byte) is None:
                continue
            yield from of_function(reader, flow, each)


def of_function(reader: ElixirReader, flow: Flow, function: Node) -> Iterator[Fact]:
    name = defined_name(function)
    if function.id in flow.parts:
        return
    flow.told = []
    back = flow.run(function)
    yield from flow.told
    if used_here(reader, name, function):
        return
    for query in back:
        narrowed = any(c.clause is Clause.FILTER for c in query.conditions)
        if narrowed and query.known and not query.given:
            yield from asking(reader, query.start, "", query, [])


def used_here(reader: ElixirReader, name: str, function: Node) -> bool:
    """Whether the file names the function elsewhere: it is followed from there."""
    word_ = name.encode()
    content = reader.content
    return word_ in content[: function.start_byte] or word_ in content[function.end_byte :]


def parts_of(
    reader: ElixirReader, flow: Flow, module: str, functions: dict[str, list[Node]]
) -> Iterator[ScopeDefined]:
    """The public functions of a schema's module that give queries on it, each told once."""
    for clauses in functions.values():
        told: list[ScopeDefined] = []
        for clause in clauses:
            if not raw(clause).startswith(b"def ") or MARK.search(raw(clause)) is None:
                continue
            scope = scope_of(reader, flow, module, clause)
            if scope is not None:
                told.append(scope)
                flow.parts.add(clause.id)
        if told:
            alike = all(each.conditions == told[0].conditions for each in told)
            yield told[0] if alike else replace(told[0], conditions=(), partial=True)


def scope_of(reader: ElixirReader, flow: Flow, module: str, function: Node) -> ScopeDefined | None:
    """`def open(query), do: where(query, [o], o.open)`: a part of queries on the schema."""
    given = parameters(function)
    names: dict[str, list[Query]] = {}
    start = begun(function, model=module)
    name = bound_name(given[0]) if given else ""
    if name:
        names[name] = [start]
    flow.types, flow.executed = {}, False
    flow.quiet += 1
    found = flow.statements(body(function), names, 0)
    flow.quiet -= 1
    if flow.executed or len(found) != 1 or found[0].model != module:
        return None
    query = found[0]
    if query is start or query.given:
        return None
    return ScopeDefined(
        reader.span(function),
        FRAMEWORK,
        module,
        defined_name(function),
        query.conditions,
        query.scopes,
        query.limited,
        query.partial,
        text=one_line(word(function), 160),
        eager=query.loads,
    )
