"""Arrays of criteria for `findBy`: those that stand there, and those that a variable gathers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.conditions import Built, Term
from scaleaudit.languages.php.doctrine.expressions import plain
from scaleaudit.languages.php.eloquent.arguments import constant, entries
from scaleaudit.languages.php.eloquent.gathered_arrays import added, first_given

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader


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
