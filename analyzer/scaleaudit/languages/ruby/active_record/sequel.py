"""Sequel's own expressions: `Sequel[:a] > 1`, `where { a > 1 }`, `Sequel.desc(:a)`, `Sequel[:t][:a]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record.arel import either
from scaleaudit.languages.ruby.active_record.patterns import pattern

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

OPERATORS = {
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
    "=~": "=",
    "!~": "!=",
    "==": "=",
    "!=": "!=",
}
PATTERNS = frozenset({"like", "ilike"})
MAX_DEPTH = 8


def conditions(
    reader: RubyReader, node: Node, *, rows: bool = False, depth: int = 0
) -> list[Condition] | None:
    """What an expression compares; None when it is none of Sequel's. `rows`: in a block of `where`."""
    if depth > MAX_DEPTH:
        return None
    if node.type in ("parenthesized_statements", "block_body", "body_statement"):
        inner = node.named_children
        return conditions(reader, inner[0], rows=rows, depth=depth + 1) if len(inner) == 1 else None
    name = reader.method_name(node) if node.type == "call" else ""
    if name in PATTERNS:
        args = reader.arguments(node)[0]
        found = column(reader, args[0], rows=True) if args else None
        if found is None:
            return None
        begins = pattern(reader, args[1]) if len(args) > 1 else ""
        exact = begins if begins == "contains" or name == "like" else ""
        return [msgspec.structs.replace(found, operator=exact or "search")]
    if node.type != "binary":
        return None
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return None
    if operator.type in ("&", "|"):
        one = conditions(reader, left, rows=rows, depth=depth + 1)
        two = conditions(reader, right, rows=rows, depth=depth + 1)
        if one is None or two is None:
            return None
        return one + two if operator.type == "&" else either(one, two)
    found = column(reader, left, rows=rows)
    if found is None or operator.type not in OPERATORS:
        return None
    word = OPERATORS[operator.type]
    if right.type == "nil":
        word = "is-null" if word == "=" else "is-not-null"
    return [msgspec.structs.replace(found, operator=word)]


def column(reader: RubyReader, node: Node, *, rows: bool = False) -> Condition | None:
    """`Sequel[:a]`, `Sequel[:t][:a]`, `:a`; in a block of `where` also `a` and `t[:a]`."""
    if node.type == "simple_symbol":
        return placed(reader.hint(node)[1:], "") if rows else None
    if node.type == "identifier":
        return placed(reader.hint(node), "") if rows else None
    if node.type == "call" and reader.method_name(node) == "expr":
        args = reader.arguments(node)[0]
        return column(reader, args[0], rows=True) if len(args) == 1 else None
    if node.type != "element_reference" or len(node.named_children) != 2:
        return None
    holder, key = node.named_children
    if key.type != "simple_symbol":
        return None
    name = reader.hint(key)[1:]
    if reader.hint(holder) == "Sequel":
        return placed(name, "")
    outer = column(reader, holder, rows=rows)
    return placed(name, outer.path) if outer is not None and not outer.model else None


def placed(name: str, table: str) -> Condition | None:
    """`orders__code` is what `Sequel[:orders][:code]` was before Sequel 5."""
    before, _, last = name.rpartition("__")
    return Condition(last, "=", model=table or before) if last.isidentifier() else None


def sort(reader: RubyReader, node: Node) -> Condition | None:
    """`Sequel.desc(:a)`, `Sequel[:t][:a]`."""
    if node.type == "call" and reader.method_name(node) in ("asc", "desc"):
        receiver = node.child_by_field_name("receiver")
        args = reader.arguments(node)[0]
        inner = args[0] if args else receiver
        found = column(reader, inner, rows=True) if inner is not None else None
    else:
        found = column(reader, node)
    if found is None:
        return None
    return msgspec.structs.replace(found, operator="sort", clause=Clause.SORT)
