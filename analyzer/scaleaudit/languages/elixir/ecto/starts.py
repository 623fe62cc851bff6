"""Where queries begin, and how macros are applied to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.elixir.ecto.building import Bound, Query, begun
from scaleaudit.languages.elixir.ecto.steps import (
    JOINS,
    MACROS,
    Step,
    is_binding,
    join,
    short_names,
    table_named,
)
from scaleaudit.languages.elixir.syntax import (
    atom,
    local_name,
    operands,
    operator,
    pairs,
    unwrapped,
    word,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.flow import Flow, Names, Variants
    from scaleaudit.languages.elixir.reader import ElixirReader

QUALIFIERS = frozenset(
    {"inner", "left", "right", "cross", "full", "inner_lateral", "left_lateral", "cross_lateral"}
)


def source(reader: ElixirReader, node: Node) -> Query | None:
    """A schema, `__MODULE__`, a table by its name."""
    model = reader.module_named(node)
    if model:
        return begun(node, model=model)
    table = table_named(node)
    return begun(node, table=table.rpartition(".")[2].lower()) if table else None


def from_call(flow: Flow, node: Node, written: list[Node], names: Names, depth: int) -> Variants:
    """`from(u in User, join: ..., where: ...)`, `from [u, o] in query, where: ...`."""
    if not written:
        return []
    first = unwrapped(written[0])
    binding: Node | None = None
    if first.type == "binary_operator" and operator(first) == b"in":
        binding, right = operands(first)
        first = unwrapped(right) if right is not None else first
    base = flow.queryable(first, names, depth + 1)
    if not base and local_name(first) in (b"subquery", b"fragment"):
        return []
    given = pairs(written[-1]) if len(written) > 1 else []
    found = []
    for query in base:
        found.append(clauses(flow, node, query, binding, given, names, depth))
    return found


def clauses(
    flow: Flow,
    node: Node,
    query: Query,
    binding: Node | None,
    given: list[tuple[str, Node]],
    names: Names,
    depth: int,
) -> Query:
    reader = flow.reader
    short: dict[str, Bound] = {}
    if binding is not None and binding.type == "identifier":
        short[word(binding)] = query.bound[0] if query.bound else Bound()
    elif binding is not None:
        short = short_names(query, binding)
    if query.start.start_byte >= node.start_byte:
        query = replace(query, start=node)
    position = 0
    while position < len(given):
        key, value = given[position]
        position += 1
        if key in JOINS:
            on, name = None, ""
            while position < len(given) and given[position][0] in ("on", "as", "prefix", "hints"):
                other, there = given[position]
                on, name = (
                    (there if other == "on" else on),
                    (atom(there) if other == "as" else name),
                )
                position += 1
            nested(flow, value, names, depth)
            query, short = join(Step(reader, query, short), value, on, name)
        elif key == "as":
            name = atom(value)
            if name and query.bound:
                query = replace(query, names={**query.names, name: query.bound[0]})
        elif key in MACROS:
            nested(flow, value, names, depth)
            query = MACROS[key](Step(reader, query, short), value)
    return query


def nested(flow: Flow, node: Node, names: Names, depth: int) -> None:
    """Queries inside of a query: `in subquery(...)`, `preload: [lines: ^query]`."""
    text = flow.reader.content[node.start_byte : node.end_byte]
    if b"subquery" in text or b"from" in text or b"^" in text[:40]:
        flow.evaluate(node, names, depth + 1)


def with_macro(reader: ElixirReader, name: str, query: Query, rest: list[Node]) -> Query:
    """`where(query, [u], u.age > 1)`, with what follows the query in `rest`."""
    if name == "join":
        return with_join(reader, query, rest)
    binding: Node | None = None
    if len(rest) > 1 and is_binding(rest[0]):
        binding, rest = rest[0], rest[1:]
    if not rest:
        return MACROS[name](Step(reader, query, {}), query.start) if name in BARE else query
    short = short_names(query, binding)
    return MACROS[name](Step(reader, query, short), rest[-1])


BARE = frozenset({"limit", "first", "last", "group_by"})


def with_join(reader: ElixirReader, query: Query, rest: list[Node]) -> Query:
    """`join(query, :left, [u], o in assoc(u, :orders), on: ..., as: :order)`."""
    options = dict(pairs(rest[-1])) if rest and rest[-1].type == "keywords" else {}
    given = [each for each in rest if each.type != "keywords"]
    if given and atom(given[0]) in QUALIFIERS:
        given = given[1:]
    binding: Node | None = None
    if len(given) > 1:
        binding, given = given[0], given[1:]
    if not given:
        return replace(query, partial=True)
    short = short_names(query, binding)
    name = atom(options.get("as"))
    return join(Step(reader, query, short), given[0], options.get("on"), name)[0]


MACROS["join"] = lambda step, node: step.query
