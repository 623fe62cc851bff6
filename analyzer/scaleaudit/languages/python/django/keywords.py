"""One keyword of `filter`, `created__gte=day`, as a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.logic import KEYS, All, Asked
from scaleaudit.languages.python.django.lookups import COARSE, lookup
from scaleaudit.languages.python.django.nodes import bare, text_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

PLAIN_VALUES = frozenset({"string", "integer", "float", "true", "false"})
# `OrderStatus.DRAFT`, `Order.Status.OPEN`, `STATUS_OPEN`, `.value` behind one
ENUM = regex(
    r"(?:[A-Z]\w*\.)*(?:[A-Z]\w*\.)?[A-Z][A-Z0-9_]+(?:\.(?:value|name))?$|(?:[A-Z]\w*\.)+[A-Z]\w*$"
)
FIELD_REFERENCE = regex(r"(?:^|[\s(*+-])(?:\w+\.)?F\(")
EQUALITY = frozenset({"=", "in"})


def of_keyword(reader: PythonReader, name: str, value: Node) -> All:
    asked = lookup(name)
    if asked is None:
        return All(partial=True)
    value = bare(value)
    operator = asked.operator
    text = reader.hint(value)
    if operator == "is-null":
        if value.type == "false":
            operator = "is-not-null"
    elif value.type == "none" or (asked.path in KEYS and is_empty(value)):
        operator = "is-null"  # of a key: no row at all
    elif operator == "contains" and value.type == "string":
        operator = "search"  # the same rows at each call: one kind, which nobody looks for by words
    elif value.type not in PLAIN_VALUES and FIELD_REFERENCE.search(text):
        return All(narrowed=True)  # compared with another column of the row
    constant = asked.function in COARSE or (operator in EQUALITY and is_constant(reader, value))
    return All([Asked(asked.path, operator, asked.function, constant)])


def is_empty(value: Node) -> bool:
    return value.type in ("list", "tuple") and value.named_child_count == 0


def is_constant(reader: PythonReader, value: Node) -> bool:
    if value.type in PLAIN_VALUES:
        return True
    if value.type == "unary_operator":
        sign = value.child_by_field_name("argument")
        return sign is not None and sign.type in PLAIN_VALUES
    if value.type in ("list", "tuple", "set"):
        inner = [child for child in value.named_children[:30] if child.type != "comment"]
        return bool(inner) and all(is_constant(reader, bare(each)) for each in inner)
    if value.type in ("identifier", "attribute"):
        text = reader.hint(value)
        return ENUM.match(text) is not None and not text.startswith("settings.")
    return False


def of_pair(reader: PythonReader, node: Node) -> All:
    """`Q(("status__in", x))`."""
    parts = node.named_children
    name = text_of(reader, parts[0]) if len(parts) == 2 else None
    return of_keyword(reader, name, parts[1]) if name is not None else All(partial=True)
