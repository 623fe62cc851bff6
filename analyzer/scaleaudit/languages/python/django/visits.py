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
from scaleaudit.languages.python.row_reads import mentioned, reads_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows

LOOP = regex(rb"for(?<!\wfor)\s+(?=[\w(])")  # quick: begins with letters
MAX_LOOPS = 1_000  # of one file
MAX_BODY = 40_000  # bytes of one loop
FEW = 10  # rows that a literal slice leaves, of which nobody need care
SLICE = regex(r"\[\s*:\s*(\d+)\s*\]")
PAGES = frozenset({"page", "get_page"})
PAGINATOR = "Paginator"
MAX_DEPTH = 4


def visits(known: Known) -> Iterator[RowsVisited]:
    """What the loops of a file read of rows that are surely a model's."""
    reader = known.reader
    for _, match in zip(range(MAX_LOOPS), LOOP.finditer(reader.content), strict=False):
        if known.spent > MAX_SPENT:
            return
        word = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        loop = word.parent if word is not None and word.type == "for" else None
        if loop is None or loop.type not in ("for_statement", "for_in_clause"):
            continue
        left, right = loop.child_by_field_name("left"), loop.child_by_field_name("right")
        if left is None or right is None:
            continue
        name, right = item_name(known, left, right)
        region = region_of(loop)
        if not name or region is None or not mentioned(reader.content, name, *region):
            continue
        known.spent += 10
        rows = listed(known, right)
        if rows is None:
            continue
        without = (right.start_byte, right.end_byte) if loop.type == "for_in_clause" else (0, 0)
        target = (left.start_byte, left.end_byte)
        reads = reads_of(reader, name, region, METHODS, without, target)
        if reads:
            source = rows_source(known, right, rows)
            yield RowsVisited(reader.span(right), source, reads, reader.scope(loop))


def item_name(known: Known, left: Node, right: Node) -> tuple[str, Node]:
    """The variable that holds a row, and what is gone over: `for i, order in enumerate(orders)`."""
    if left.type == "identifier":
        return known.reader.text(left), right
    if left.type in ("pattern_list", "tuple_pattern") and right.type == "call":
        names = left.named_children
        given = arguments_of(known.reader, right).given
        counted = known.reader.callee(right) == "enumerate"
        if counted and len(names) == 2 and names[1].type == "identifier" and given:
            return known.reader.text(names[1]), given[0]
    return "", right


def region_of(loop: Node) -> tuple[int, int] | None:
    """The bytes in which the variable stands for a row."""
    whole = loop.type != "for_statement"
    body = loop.parent if whole else loop.child_by_field_name("body")
    if body is None:
        return None
    return body.start_byte, min(body.end_byte, body.start_byte + MAX_BODY)


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
    if depth > MAX_DEPTH or PAGINATOR.encode() not in reader.content:
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
    if root.type == "call" and reader.callee(root).rpartition(".")[2] == PAGINATOR and not steps:
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
    found = SLICE.search(shortened(reader, node))
    return found is not None and int(found[1]) <= FEW


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
