"""The order where nobody asks for another: `order_by(getattr(Order, sort))` with `sort="placed_at"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.operands import Operand, operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    WORD,
    bare,
    given,
    last_name,
    literal,
    receiver,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

DIRECTIONS = frozenset({"asc", "desc", "nullslast", "nulls_last", "nullsfirst", "nulls_first"})
PARAMETERS = frozenset(
    {"Query", "Header", "Body", "Field"}
)  # of FastAPI: their default comes first
MAX_DEPTH = 6
MAX_NAMES = 3  # that stand for one another
MAX_VALUES = 8  # of one name


def default_column(reader: PythonReader, node: Node, depth: int = 0) -> Operand | None:
    """The column by which rows are sorted when nothing else is chosen; None where that is not told."""
    node = bare(node)
    if depth > MAX_DEPTH:
        return None
    if depth and (named := operand(reader, node)) is not None:
        return named
    if node.type == "identifier":
        made = reader.local(reader.hint(node), node)
        return default_column(reader, made, depth + 1) if made is not None else None
    if node.type == "conditional_expression":  # of the direction
        ends = {default_column(reader, each, depth + 1) for each in node.named_children[::2]}
        return ends.pop() if len(ends) == 1 else None
    name = last_name(reader, node)
    args = given(node, reader).args if name else ()
    if name in DIRECTIONS:
        inner = args[0] if args else receiver(node)
        return default_column(reader, inner, depth + 1) if inner is not None else None
    if name == "getattr" and len(args) > 1:
        model, path = class_of(reader, args[0]), default_text(reader, args[1])
        return Operand(model, path) if model and WORD.fullmatch(path) else None
    if name == "get" and len(args) == 2:
        return operand(reader, args[1])
    return None


def default_text(reader: PythonReader, node: Node, depth: int = 0) -> str:
    node = bare(node)
    if depth > MAX_DEPTH:
        return ""
    if node.type == "string":
        return literal(reader, node)
    if node.type == "boolean_operator":
        right = node.child_by_field_name("right")
        return default_text(reader, right, depth + 1) if right is not None else ""
    if last_name(reader, node) == "get":
        args = given(node, reader).args
        return literal(reader, args[1]) if len(args) == 2 and args[1].type == "string" else ""
    if node.type != "identifier" or depth > MAX_NAMES:
        return ""
    made = reader.assigned_here(reader.hint(node), node)
    if len(made) > MAX_VALUES:
        return ""
    if made:
        found = {default_text(reader, each, depth + 1) for each in made if each.id != node.id}
        return found.pop() if len(found) == 1 else ""
    return of_parameter(reader, node)


def of_parameter(reader: PythonReader, node: Node) -> str:
    """`sort: str = "placed_at"`, `sort: str = Query("placed_at")`."""
    function, name = reader.function_around(node), reader.hint(node)
    holder = function.child_by_field_name("parameters") if function is not None else None
    for each in holder.named_children if holder is not None else ():
        named, value = each.child_by_field_name("name"), each.child_by_field_name("value")
        if named is None or value is None or reader.hint(named) != name:
            continue
        if value.type == "call" and last_name(reader, value) in PARAMETERS:
            found = given(value, reader)
            value = found.keywords.get("default") or next(iter(found.args), value)
        return literal(reader, value) if value.type == "string" else ""
    return ""
