"""The order that a query set puts its rows in."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.logic import Asked
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import arguments_of, bare, elements, text_of
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader

UNSORTED = Asked("", "sort")  # no order, not even the model's own
ENDS = frozenset({"Max", "Min"})
HOLE = "{}"
MAX_VALUES = 8  # of one name
MAX_WRAPS = 6  # functions around one column
PUT_TOGETHER = frozenset({"string", "binary_operator", "call"})


def sorted_by_all(reader: PythonReader, rows: Rows, nodes: list[Node]) -> list[Asked]:
    """Up to the first that is not known: what follows it decides little."""
    found = (sorted_by(reader, rows, each) for each in nodes)
    return [each for each in takewhile(lambda one: one is not None, found) if each is not None]


def sorted_by(reader: PythonReader, rows: Rows, node: Node) -> Asked | None:
    """`"-created"`, `F("created").desc()`, `Lower("name")`, `f"{direction}created"`."""
    node = bare(node)
    function = ""
    for _ in range(MAX_WRAPS):
        text = text_of(reader, node) or directed(reader, node) or by_default(reader, node)
        if text:
            path = sort_path(text)
            named = rows.named.get(path.partition(".")[0])
            if named is not None:
                path, _, function = named.partition("|")
            return Asked(path, "sort", function) if path else None
        if node.type != "call":
            return None
        callee = node.child_by_field_name("function")
        if callee is None:
            return None
        last = reader.callee(node).rpartition(".")[2]
        if last in ("asc", "desc") and callee.type == "attribute":
            inner = callee.child_by_field_name("object")
        else:
            given = arguments_of(reader, node).given
            inner = given[0] if given else None
            if last not in ("F", "OrderBy"):
                function = last.lower()
        if inner is None:
            return None
        node = bare(inner)
    return None


def by_default(reader: PythonReader, node: Node) -> str:
    """`day` of `request.GET.get("sort", "day")`, also behind a name: the order where none is asked for."""
    values = reader.assigned_here(reader.hint(node), node) if node.type == "identifier" else [node]
    if len(values) > MAX_VALUES:
        return ""
    found = {default for each in values if (default := default_of(reader, bare(each)))}
    return found.pop() if len(found) == 1 and all(map(is_choice, values)) else ""


def is_choice(node: Node) -> bool:
    return bare(node).type in ("call", "boolean_operator", "string")


def default_of(reader: PythonReader, node: Node) -> str:
    if node.type == "boolean_operator":
        right = node.child_by_field_name("right")
        return (right is not None and text_of(reader, bare(right))) or ""
    if node.type == "call" and reader.callee(node).endswith(".get"):
        given = arguments_of(reader, node).given
        return (len(given) == 2 and text_of(reader, given[1])) or ""
    return (node.type == "string" and text_of(reader, node)) or ""


def directed(reader: PythonReader, node: Node) -> str:
    """The column of `"%screated" % ("" if asc else "-")` and the like: only its direction is worked out."""
    if node.type == "conditional_expression":
        ends = {directed(reader, bare(each)) for each in node.named_children[::2]}
        return ends.pop() if len(ends) == 1 else ""
    if node.type == "string" and (plain := text_of(reader, node)):
        return plain.lstrip("-+")
    if node.type not in PUT_TOGETHER or (
        node.type == "call" and not reader.callee(node).endswith(".format")
    ):
        return ""
    written = text_with_holes(reader.value(node), HOLE)
    column = written.removeprefix(HOLE)
    return column if column != written and column[:1].isalpha() and HOLE not in column else ""


def end_of_order(reader: PythonReader, given: Arguments) -> Asked | None:
    """`aggregate(Max("sent_at"))` alone: the first row in that order has it."""
    several = [*given.given, *given.named.values()]
    if len(several) != 1 or several[0].type != "call":
        return None
    if reader.callee(several[0]).rpartition(".")[2] not in ENDS:
        return None
    inner = arguments_of(reader, several[0])
    path = text_of(reader, inner.given[0]) if len(inner.given) == 1 and not inner.named else None
    sort = sort_path(path) if path else ""
    return Asked(sort, "sort") if sort else None


def latest_by(known: Known, model: str) -> list[Asked]:
    """`get_latest_by` of a model of the file."""
    one = known.by_name.get(model)
    if one is None or one.meta is None or "get_latest_by" not in one.meta:
        return []
    node = one.meta["get_latest_by"]
    single = text_of(known.reader, node)
    written = (
        [single] if single else [text_of(known.reader, e) for e in elements(known.reader, node)]
    )
    return [Asked(path, "sort") for each in written if each and (path := sort_path(each))]
