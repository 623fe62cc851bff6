"""The struct whose rows an argument of a query takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import declared
from scaleaudit.languages.go.mappers.chains import MAX_DEPTH
from scaleaudit.languages.go.mappers.links import arguments
from scaleaudit.languages.go.mappers.structs import type_of
from scaleaudit.languages.go.receivers import fields_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

LIST = rb"\b%s\s+\[\]\*?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)"


def type_behind(reader: GoReader, node: Node | None, depth: int = 0) -> str:
    """The struct whose rows an argument takes: `&orders` of `var orders []*shop.Order`.

    Empty where the file does not tell.
    """
    if node is None or depth > MAX_DEPTH:
        return ""
    kind = node.type
    if kind in ("unary_expression", "parenthesized_expression"):
        inner = node.child_by_field_name("operand") or next(iter(node.named_children), None)
        return type_behind(reader, inner, depth + 1)
    if kind == "composite_literal":
        return named_type(reader, node.child_by_field_name("type"))
    if kind == "call_expression":
        function = node.child_by_field_name("function")
        given = arguments(reader, node)
        if function is not None and given and reader.text(function) in ("new", "make"):
            return named_type(reader, given[0])
        own = reader.declared.get(reader.text(function)) if function is not None else None
        return reader.receivers._result(own) if own is not None else ""
    if kind == "identifier":
        definition = declared(reader, reader.text(node), node)
        if definition is None:
            variable = reader.variables.get(reader.text(node))
            return named_type(reader, variable and variable.child_by_field_name("type"))
        if definition.type is not None:
            return named_type(reader, definition.type)
        if definition.adds and definition.value is not None:  # an element of what is ranged over
            return type_behind(reader, definition.value, depth + 1)
        return "" if definition.index else type_behind(reader, definition.value, depth + 1)
    if kind == "selector_expression":
        return field_type(reader, node)
    return ""


def takes_one(reader: GoReader, node: Node | None, depth: int = 0) -> bool:
    """Whether an argument surely takes the first row alone: `&order` of `var order shop.Order`."""
    if node is None or depth > MAX_DEPTH:
        return False
    kind = node.type
    if kind in ("unary_expression", "parenthesized_expression"):
        inner = node.child_by_field_name("operand") or next(iter(node.named_children), None)
        return takes_one(reader, inner, depth + 1)
    if kind == "composite_literal":
        return is_struct(reader, node.child_by_field_name("type"))
    if kind == "call_expression":
        function, given = node.child_by_field_name("function"), arguments(reader, node)
        new = function is not None and reader.text(function) == "new"
        return bool(new and given) and is_struct(reader, given[0])
    definition = declared(reader, reader.text(node), node) if kind == "identifier" else None
    if definition is None or definition.adds or definition.index:
        return False
    if definition.type is not None:
        return is_struct(reader, definition.type)
    return takes_one(reader, definition.value, depth + 1)


def is_struct(reader: GoReader, node: Node | None) -> bool:
    """A name of several in another file may be that of a list: `type Orders []Order`."""
    name, many, _ = type_of(reader, node) if node is not None else ("", True, False)
    return bool(name) and not many and (name in reader.structs or not name.endswith(("s", "List")))


def field_type(reader: GoReader, node: Node) -> str:
    operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
    if operand is None or field is None:
        return ""
    struct = reader.structs.get(reader.receivers.meaning(operand).name)
    for declaration in fields_of(struct) if struct is not None else ():
        names = declaration.children_by_field_name("name")
        if any(reader.text(name) == reader.text(field) for name in names):
            return named_type(reader, declaration.child_by_field_name("type"))
    return ""


def named_type(reader: GoReader, node: Node | None) -> str:
    if node is None:
        return ""
    name = type_of(reader, node)[0]
    if name.isidentifier() and name not in reader.structs:  # `type Users []User`
        listed = re.search(LIST % re.escape(name.encode()), reader.content)
        name = listed[1].decode() if listed is not None else name
    return name if name[:1].isalpha() and name.rpartition(".")[2][:1].isalpha() else ""
