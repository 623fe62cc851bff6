"""Arel's nodes: `Story.arel_table[:created_at].gt(x).and(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record.patterns import pattern

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

OPERATORS = {
    "eq": "=", "not_eq": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "not_in": "not-in",
    "matches": "search", "does_not_match": "!=", "between": "between", "eq_any": "in", "matches_any": "search",
    "is_distinct_from": "!=", "is_not_distinct_from": "=", "contains": "search",
}  # fmt: skip
FUNCTIONS = frozenset({"lower", "upper"})
DIRECTIONS = frozenset({"asc", "desc", "nulls_first", "nulls_last"})
MAX_DEPTH = 8


def conditions(reader: RubyReader, node: Node, depth: int = 0) -> list[Condition] | None:
    """What an expression of Arel's compares; None when it is none."""
    if depth > MAX_DEPTH:
        return None
    if node.type == "parenthesized_statements" and len(node.named_children) == 1:
        return conditions(reader, node.named_children[0], depth + 1)
    if node.type != "call":
        return None
    name, receiver = reader.method_name(node), node.child_by_field_name("receiver")
    if receiver is None:
        return None
    args = reader.positional(node)
    if name in ("and", "or") and args:
        left = conditions(reader, receiver, depth + 1)
        right = conditions(reader, args[0], depth + 1)
        if left is None or right is None:
            return None
        return left + right if name == "and" else either(left, right)
    if name not in OPERATORS:
        return None
    found = attribute(reader, receiver)
    if found is None:
        return None
    operator = OPERATORS[name]
    if operator == "search" and args:
        begins = pattern(reader, args[0])
        operator = "contains" if begins == "contains" else operator
    if operator in ("=", "!=") and args and args[0].type == "nil":
        operator = "is-null" if operator == "=" else "is-not-null"
    return [msgspec.structs.replace(found, operator=operator)]


def either(left: list[Condition], right: list[Condition]) -> list[Condition]:
    branches = ((1, left), (2, right))
    return [
        msgspec.structs.replace(each, alternative=True, group=1, branch=branch)
        for branch, several in branches
        for each in several
    ]


def attribute(reader: RubyReader, node: Node) -> Condition | None:
    """`Story.arel_table[:created_at]`, `arel_table[:name].lower`, `stories[:id]`."""
    function = ""
    for _ in range(2):
        receiver = node.child_by_field_name("receiver") if node.type == "call" else None
        if receiver is None:
            break
        if reader.method_name(node) in FUNCTIONS:
            function = reader.method_name(node)
        elif reader.method_name(node) != "desc":
            return None
        node = receiver
    if node.type != "element_reference" or len(node.named_children) != 2:
        return None
    table, key = node.named_children
    column = reader.hint(key).strip("\"':")
    model = table_of(reader, table)
    if model is None or not column.isidentifier():
        return None
    return Condition(column, "=", function=function, model=model)


def table_of(reader: RubyReader, node: Node) -> str | None:
    """The model of a table of Arel's, empty for the class around; None when it is none."""
    if node.type == "identifier" and reader.hint(node) != "arel_table":
        held = reader.local(reader.hint(node), node)
        if held is None or held.type != "call":
            return None
        node = held
    if node.type == "identifier":
        return ""
    if node.type != "call" or reader.method_name(node) != "arel_table":
        return None
    receiver = node.child_by_field_name("receiver")
    if receiver is None or reader.hint(receiver) in ("self", "self.class"):
        return ""
    return reader.constant_name(receiver) or None


def sort(reader: RubyReader, node: Node) -> Condition | None:
    for _ in range(2):
        receiver = node.child_by_field_name("receiver") if node.type == "call" else None
        if receiver is None or reader.method_name(node) not in DIRECTIONS:
            break
        node = receiver
    found = attribute(reader, node)
    if found is None:
        return None
    return msgspec.structs.replace(found, operator="sort", clause=Clause.SORT)
