"""Loops and comprehensions over the rows of a query set, and what they read of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RowsSource, RowsVisited
from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.languages.python.django.logic import Asked
from scaleaudit.languages.python.django.methods import METHODS
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.nodes import arguments_of, bare
from scaleaudit.languages.python.django.queries import shortened
from scaleaudit.languages.python.loops_over import loops
from scaleaudit.languages.python.row_reads import reads_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows

FEW = 10  # rows that a literal slice leaves, of which nobody need care
SLICE = regex(r"\[\s*:\s*(\d+|[A-Z][A-Z\d_]*)\s*\]")
PAGES = frozenset({"page", "get_page"})
PAGINATOR = b"Paginator"
MAX_DEPTH = 4
MAX_QUERY = 4_000  # characters of one


def visits(known: Known) -> Iterator[RowsVisited]:
    """What the loops of a file read of rows that are surely a model's."""
    reader = known.reader
    for loop in loops(reader):
        if known.spent > MAX_SPENT:
            return
        known.spent += 10
        rows = listed(known, loop.over)
        if rows is None:
            continue
        reads = reads_of(reader, loop.name, loop.region, METHODS, *loop.without)
        if reads:
            source = rows_source(known, loop.over, rows)
            yield RowsVisited(reader.span(loop.over), source, reads, reader.scope(loop.node))


def listed(known: Known, node: Node) -> Rows | None:
    """Rows that are objects of one known model, and more than a few."""
    rows = rows_of(known, node) or paged(known, node, 0)
    if rows is None or rows.kind != "rows" or rows.plain or not rows.model or rows.ended:
        return None
    if rows.inserts or rows.writes or few(known, node):
        return None
    return rows


def paged(known: Known, node: Node, depth: int) -> Rows | None:
    """`Paginator(orders, 25).get_page(n)`, and its `object_list`."""
    node = bare(node)
    reader = known.reader
    if depth > MAX_DEPTH or not reader.says(PAGINATOR):
        return None
    root, steps = split(reader, node)
    for step in reversed(steps):
        if step.kind == "name" and step.name == "object_list":
            return paged(known, step.node.named_children[0], depth + 1)
        if step.kind == "call" and step.name in PAGES:
            function = step.node.child_by_field_name("function")
            of = function.child_by_field_name("object") if function is not None else None
            return paged(known, of, depth + 1) if of is not None else None
    if root.type == "identifier" and not steps:
        held = reader.local(reader.text(root), root)
        return paged(known, held, depth + 1) if held is not None else None
    named = reader.callee(root).rpartition(".")[2] if root.type == "call" else ""
    if named == PAGINATOR.decode() and not steps:
        given = arguments_of(reader, root)
        first = given.given[0] if given.given else given.named.get("object_list")
        return rows_of(known, first) if first is not None else None
    return None


def few(known: Known, node: Node) -> bool:
    """`[:5]` of the list itself, or of what a variable holds."""
    reader = known.reader
    node = bare(node)
    if node.type == "identifier":
        held = reader.local(reader.text(node), node)
        node = held if held is not None else node
    found = SLICE.search(reader.text(node)[:MAX_QUERY])
    if found is None:
        return False
    named = reader.module_values.get(found[1])
    limit = reader.text(named) if named is not None else found[1]
    return limit.isdecimal() and int(limit) <= FEW


def absent(rows: Rows) -> list[str]:
    """Relations that all of the rows are without: there is nothing to load."""
    return [
        each.path
        for each in rows.asked.members
        if isinstance(each, Asked) and each.operator == "is-null"
    ]


def rows_source(known: Known, node: Node, rows: Rows) -> RowsSource:
    return RowsSource(
        framework=FRAMEWORK,
        model=rows.model,
        text=shortened(known.reader, node),
        via=rows.via,
        eager=tuple(dict.fromkeys([*rows.eager, *absent(rows)])),
        scopes=tuple(rows.scopes),
        one=rows.kind == "one",
        at=known.reader.span(node),
    )
