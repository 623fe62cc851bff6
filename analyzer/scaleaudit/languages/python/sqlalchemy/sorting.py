"""What `order_by` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.sqlalchemy.default_orders import default_column
from scaleaudit.languages.python.sqlalchemy.operands import operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    WORD,
    bare,
    given,
    items,
    last_name,
    literal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.sqlalchemy.gathering import Conditions


def sorts(to: Conditions, args: Iterable[Node]) -> list[Condition] | None:
    """What `order_by` names; None where it takes back what was said before."""
    found: list[Condition] = []
    for arg in args:
        arg = bare(arg)
        if arg.type in ("none", "false"):
            return None
        for each in items(arg) or [arg]:
            one = sort(to, each)
            if one is None:
                return found  # what comes later only tells rows apart that are equal before
            found.append(one)
    return found


def sort(to: Conditions, node: Node) -> Condition | None:
    reader = to.reader
    node = bare(node)
    if node.type == "unary_operator":
        inner = node.child_by_field_name("argument")
        return sort(to, inner) if inner is not None else None
    column = operand(reader, node) or default_column(reader, node)
    if column is not None:
        if column.alias and column.model == to.model:
            return None
        return Condition(
            column.path, "sort", Clause.SORT, column.function, model=to.owner(column.model)
        )
    text = literal(reader, node) if node.type == "string" else ""
    if node.type == "call" and last_name(reader, node) in ("text", "desc", "asc", "literal_column"):
        args = given(node, reader).args
        text = literal(reader, args[0]) if args and args[0].type == "string" else ""
    words = text.split()
    if not words or len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        return None
    path = words[0].strip('"`').rpartition(".")[2]
    return Condition(path, "sort", Clause.SORT) if WORD.fullmatch(path) else None
