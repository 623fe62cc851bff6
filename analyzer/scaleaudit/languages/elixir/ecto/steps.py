"""What each macro of `Ecto.Query` adds to a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.elixir.ecto.building import UNBOUND, Bound, Query, condition
from scaleaudit.languages.elixir.ecto.expressions import (
    Expressions,
    keyword_conditions,
    unpinned,
)
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    elements,
    local_name,
    named,
    operands,
    operator,
    pairs,
    quoted,
    raw,
    unwrapped,
    word,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

    Names = dict[str, Bound]

COUNTS = frozenset({b"count", b"sum", b"avg", b"min", b"max"})
CHANCE = regex(r"(?i)\brand(?:om)?\s*\(")
JOINS = frozenset(
    {"join", "inner_join", "left_join", "right_join", "cross_join", "full_join", "inner_lateral_join",
     "left_lateral_join"}
)  # fmt: skip


class Step:
    """One macro with its binding: `where([u, o], ...)`."""

    def __init__(self, reader: ElixirReader, query: Query, short: Names) -> None:
        self.reader, self.query, self.short = reader, query, short

    def expressions(self) -> Expressions:
        return Expressions(self.reader, self.short, self.query.names, self.query.groups)

    @property
    def first(self) -> Bound:
        return self.query.bound[0] if self.query.bound else Bound()


def where(step: Step, node: Node) -> Query:
    node = unwrapped(node)
    inner = unpinned(node)
    if node.type in ("keywords", "list") or (inner is not node and inner.type == "list"):
        return step.query.asking(keyword_conditions(inner, step.first))
    if inner is not node:  # `^conditions`, `^dynamic(...)`
        return replace(step.query, partial=True)
    read = step.expressions()
    read.add(node)
    found = step.query.asking(read.read.conditions, read.read.groups)
    return replace(found, partial=True) if read.read.partial else found


def or_where(step: Step, node: Node) -> Query:
    return replace(step.query, partial=True)


def order_by(step: Step, node: Node) -> Query:
    """`[desc: u.inserted_at, asc: u.id]`, `:name`, `u.name`."""
    query = step.query
    reader = step.expressions()
    node = unwrapped(node)
    listed = [each for _, each in pairs(node)]
    listed = [*elements(node), *listed] if node.type == "list" else listed or [node]
    for each in listed:
        each = unwrapped(each)
        name = atom(each)
        if name:
            query = query.asking([condition(step.first, name, "sort", Clause.SORT)])
            continue
        column = reader.column(each)
        if column is not None and column.bound.known and column.name:
            sort = condition(
                column.bound, column.name, "sort", Clause.SORT, function=column.function
            )
            query = query.asking([sort])
            continue
        if local_name(each) == b"fragment" and CHANCE.search(word(each)):
            return replace(query, shuffled=True)
        break  # what is not known decides the order of all that follows
    return query


def limit(step: Step, node: Node) -> Query:
    return replace(step.query, limited=True)


def offset(step: Step, node: Node) -> Query:
    return replace(step.query, skips=True)


def select(step: Step, node: Node) -> Query:
    """A count or a sum of all, unless it is one of several groups."""
    alone = unwrapped(node)
    inside = (
        elements(alone)
        if alone.type == "list"
        else named(alone)
        if alone.type == "tuple"
        else [alone]
    )
    if alone.type == "map":
        return step.query
    counted = [each for each in inside if local_name(unwrapped(each)) in COUNTS]
    if counted and len(counted) == len(inside):
        return replace(step.query, aggregate=True)
    return step.query


def group_by(step: Step, node: Node) -> Query:
    return replace(step.query, grouped=True)


def distinct(step: Step, node: Node) -> Query:
    return replace(step.query, grouped=raw(node) != b"false")


def preload(step: Step, node: Node) -> Query:
    """What joins have brought along asks for nothing more."""
    found = [name for name in loads(node) if name.partition(".")[0] not in joined(step, node)]
    return replace(step.query, loads=(*step.query.loads, *found))


def joined(step: Step, node: Node) -> set[str]:
    return {
        key
        for key, value in pairs(unwrapped(node))
        if any(
            raw(each) in {name.encode() for name in step.short} for each in [value, *named(value)]
        )
    }


def loads(node: Node, prefix: str = "", depth: int = 0) -> list[str]:
    """`[:lines, customer: [:address]]` as dotted names."""
    node = unwrapped(node)
    name = atom(node)
    if name:
        return [f"{prefix}{name}"]
    if depth > 6 or node.type not in ("list", "keywords"):
        return []
    found = [
        name
        for each in elements(node)
        if node.type == "list"
        for name in loads(each, prefix, depth + 1)
    ]
    for key, value in pairs(node):
        found.append(f"{prefix}{key}")
        inner = unwrapped(value)
        if inner.type == "tuple":  # `{query, inner}`
            inner = named(inner)[-1] if named(inner) else inner
        found += loads(inner, f"{prefix}{key}.", depth + 1)
    return found


def join(step: Step, node: Node, on: Node | None, name: str) -> tuple[Query, Names]:
    """`o in assoc(u, :orders)`, `o in Order` with its `on:`."""
    query, short = step.query, step.short
    node = unwrapped(node)
    variable = ""
    if node.type == "binary_operator" and operator(node) == b"in":
        left, right = operands(node)
        variable = word(left) if left is not None and left.type == "identifier" else ""
        node = unwrapped(right) if right is not None else node
    bound = UNBOUND
    extra: list[Condition] = []
    if local_name(node) == b"assoc":
        given, _ = arguments(node)
        reader = step.expressions()
        holder = reader._holder(given[0]) if given else None
        relation = atom(given[1]) if len(given) > 1 else ""
        if holder is not None and holder.known and relation and not holder.model:
            bound = Bound((*holder.path, relation))
            extra = [condition(bound, "", "=", Clause.JOIN)]
        elif holder is not None and holder.known and relation:
            bound = Bound((*holder.path, relation), holder.model)
            extra = [condition(bound, "", "=", Clause.JOIN)]
    else:
        model = step.reader.module_named(unpinned(node))
        if model and model != query.model:
            bound = Bound((), model)
    if not bound.known:
        query = replace(query, partial=True)
    query = query.joining(bound, name).asking(extra)
    short = {**short, variable: bound} if variable else short
    if on is not None:
        query = where(Step(step.reader, query, short), on)
    return query, short


def nothing(step: Step, node: Node) -> Query:
    return step.query


def unknown(step: Step, node: Node) -> Query:
    return replace(step.query, partial=True)


def first(step: Step, node: Node) -> Query:
    return replace(order_by(step, node), limited=True)


MACROS: dict[str, Callable[[Step, Node], Query]] = {
    "where": where,
    "or_where": or_where,
    "order_by": order_by,
    "prepend_order_by": order_by,
    "limit": limit,
    "offset": offset,
    "select": select,
    "select_merge": nothing,
    "group_by": group_by,
    "distinct": distinct,
    "preload": preload,
    "having": nothing,
    "or_having": nothing,
    "lock": nothing,
    "update": nothing,
    "windows": nothing,
    "exclude": nothing,
    "put_query_prefix": nothing,
    "reverse_order": nothing,
    "recursive_ctes": nothing,
    "hints": nothing,
    "prefix": nothing,
    "union": nothing,
    "union_all": nothing,
    "with_cte": unknown,
    "with_ctes": unknown,
    "with_named_binding": unknown,
    "intersect": unknown,
    "except": unknown,
    "first": first,
    "last": first,
    "has_named_binding?": nothing,
}


def short_names(query: Query, node: Node | None) -> dict[str, Bound]:
    """`[u, ..., o]`, `[user: u]`: what stands in front of an expression."""
    found: dict[str, Bound] = {}
    if node is None:
        return found
    listed = elements(node)
    bound = query.bound
    for position, each in enumerate(listed):
        if raw(each) == b"...":
            rest = listed[position + 1 :]
            for back, later in enumerate(reversed(rest), 1):
                if later.type == "identifier":
                    found[word(later)] = bound[-back] if back <= len(bound) else UNBOUND
            break
        if each.type == "identifier":
            found[word(each)] = bound[position] if position < len(bound) else UNBOUND
    for key, value in pairs(node):
        if value.type == "identifier":
            found[word(value)] = query.names.get(key, UNBOUND)
    return found


def is_binding(node: Node) -> bool:
    """`[u, o]`, `[]`, `[user: u]`: nothing but names."""
    if node.type != "list":
        return False
    each = elements(node)
    return all(
        n.type == "identifier" or raw(n) == b"..." or n.type == "tuple" for n in each
    ) and all(value.type == "identifier" for _, value in pairs(node))


def table_named(node: Node) -> str:
    """`"users"`, `{"users", User}`"""
    if node.type == "tuple" and named(node):
        node = named(node)[0]
    return quoted(node) if node.type == "string" else ""
