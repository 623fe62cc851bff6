"""Arrays of criteria for `findBy`: those that stand there, and those that a variable gathers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.conditions import Built, Term
from scaleaudit.languages.php.doctrine.expressions import plain
from scaleaudit.languages.php.eloquent.arguments import constant, entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MAX_ADDED = 30  # entries that a function adds to one array


def take_criteria(reader: PhpReader, built: Built, node: Node) -> None:
    """Adds what an array, or a variable that holds one, asks for."""
    if node.type == "array_creation_expression":
        members(reader, built, node)
        return
    first = first_given(reader, node) if node.type == "variable_name" else None
    if first is None or first.type != "array_creation_expression":
        built.partial = True
        return
    members(reader, built, first)
    home = way_to(reader, node)
    for key, value in added(reader, node, first.end_byte):
        part = Built()
        path = plain(reader, key) if key is not None else ""
        if not path:
            built.partial = True
            continue
        part.add(entry(path, value))
        if is_certain(home, way_to(reader, value)):
            built.terms += part.terms
        else:
            built.options.append((value.parent or value, part))


def members(reader: PhpReader, built: Built, array: Node) -> None:
    for key, value in entries(reader, array):
        path = plain(reader, key) if key is not None else ""
        if path:
            built.terms.append(Term(False, entry(path, value)))
        else:
            built.partial = True


def entry(path: str, value: Node) -> Condition:
    """Of one entry: `null` and arrays have meanings of their own."""
    operator = {"null": "is-null", "array_creation_expression": "in"}.get(value.type, "=")
    return Condition(f".{path}", operator, constant=operator == "=" and constant(value))


def first_given(reader: PhpReader, node: Node) -> Node | None:
    """The array that a variable begins as, when nothing else takes its place."""
    function = reader.function_around(node)
    if function is None:
        return None
    form = re.compile(re.escape(reader.text(node).encode()) + rb"\s*=(?![=>])")
    found = form.findall(reader.content, function.start_byte, node.start_byte)
    if len(found) != 1:
        return None
    match = form.search(reader.content, function.start_byte, node.start_byte)
    leaf = (
        reader.root.descendant_for_byte_range(match.start(), match.start() + 1) if match else None
    )
    for _ in range(3):
        if leaf is None or leaf.type == "assignment_expression":
            break
        leaf = leaf.parent
    return leaf.child_by_field_name("right") if leaf is not None else None


def added(reader: PhpReader, node: Node, start: int) -> Iterator[tuple[Node | None, Node]]:
    """`$criteria["a"] = 1`, `$criteria += ["b" => 2]`, before the array is used."""
    form = re.compile(
        re.escape(reader.text(node).encode()) + rb"\s*(?:\[[^\[\];]{0,200}\]\s*=(?![=>])|\+=)"
    )
    for _, match in zip(
        range(MAX_ADDED), form.finditer(reader.content, start, node.start_byte), strict=False
    ):
        at = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        holder = at.parent if at is not None else None
        right = holder.child_by_field_name("right") if holder is not None else None
        left = holder.child_by_field_name("left") if holder is not None else None
        if right is None or left is None:
            continue
        if left.type == "subscript_expression":
            inner = left.named_children
            yield (inner[1] if len(inner) > 1 else None), right
        else:
            yield from entries(reader, right) or [(None, right)]
