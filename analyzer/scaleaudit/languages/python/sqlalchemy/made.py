"""Functions that make one condition for the queries of others: `filter(is_open(day))`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL
from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, statements
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

OWN = frozenset({"self", "cls"})
LIBRARIES = ("sqlalchemy", "sqlmodel", "peewee", "playhouse", "geoalchemy")
CONDITIONS = frozenset({"comparison_operator", "call", "binary_operator", "unary_operator"})
# A function of the module that may give one, before its tree is looked at.
GIVES = regex(
    rb"(?m)^def (\w+)\((?:[^\n]*\n(?!def |class )){1,30}?\s+return (?:and_\(|or_\(|not_\(|~|\(*(?:\w+\.)*[A-Z]\w*\.\w+)"
)
# The same of a class, which queries call on it; a hybrid's `self` is the class then.
OF_CLASS = regex(
    rb"(?m)^[ \t]+@(?:\w+\.)?(?:hybrid_method|classmethod|staticmethod)\n[ \t]+def (\w+)\("
)


def condition_of(reader: PythonReader, call: Node) -> Node | None:
    """What a function of the file, or a method of the class around, gives back: one condition."""
    written = dotted(reader, call.child_by_field_name("function"))
    owner, _, name = written.rpartition(".")
    if owner in OWN:
        around = reader.class_around(call)
        holder = around.child_by_field_name("body") if around is not None else None
    else:
        holder = reader.root if written and not owner else None
    for function in functions(holder):
        if reader.definition_name(function) == name:
            return given_back(function)
    return None


def functions(holder: Node | None) -> Iterator[Node]:
    for child in holder.named_children if holder is not None else ():
        inner = child.child_by_field_name("definition") or child
        if inner.type == "function_definition":
            yield inner


def given_back(function: Node) -> Node | None:
    body = function.child_by_field_name("body")
    returns = [each for each in statements(body) if each.type == "return_statement"]
    if len(returns) != 1 or returns[0].parent != body or not returns[0].named_children:
        return None
    value = bare(returns[0].named_children[0])
    return value if value.type in CONDITIONS else None


def part_of(reader: PythonReader, call: Node, model: str) -> str:
    """The name of a part of queries that a function of another file makes; empty for all else.

    Also of one that the class asked for makes of itself: `filter(Order.is_open(day))`.
    """
    written = dotted(reader, call.child_by_field_name("function"))
    if model and written.rpartition(".")[0] == model:
        return f"{written.rpartition('.')[2]}{BY_CALL}"
    origin = reader.imports.get(written.partition(".")[0], "")
    name = written.rpartition(".")[2]
    if not origin or origin.startswith(LIBRARIES) or not name.islower() or written.count(".") > 1:
        return ""
    return f"{name}{BY_CALL}"


def makers(reader: PythonReader) -> Iterator[tuple[str, Node, Node]]:
    """(name, function, condition) of the functions of the module, and of classes, that give one."""
    if re.search(rb"\n\s+return ", reader.content) is None:
        return
    named = {match[1].decode() for match in GIVES.finditer(reader.content)}
    holders = [reader.root] if named else []
    if reader.says(b"hybrid_method", b"classmethod", b"staticmethod"):
        methods = {match[1].decode() for match in OF_CLASS.finditer(reader.content)}
        named |= methods
        holders += class_bodies(reader.root) if methods else ()
    for holder in holders:
        for function in functions(holder):
            name = reader.definition_name(function)
            value = given_back(function) if name in named else None
            if value is not None:
                yield name, function, value


def class_bodies(root: Node) -> Iterator[Node]:
    for child in root.named_children:
        inner = child.child_by_field_name("definition") or child
        body = inner.child_by_field_name("body") if inner.type == "class_definition" else None
        if body is not None:
            yield body
