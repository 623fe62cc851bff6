"""Indexes that peewee's models are given behind their class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, given, is_true, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

ADDED = b".add_index("


def added(reader: PythonReader, name: str) -> Iterator[IndexFact]:
    """`Note.add_index(Note.author, Note.created.desc())` of peewee, behind the class."""
    if ADDED not in reader.content:
        return
    for node in reader.root.named_children:
        call = node.named_children[0] if node.named_children else node
        function = call.child_by_field_name("function")
        if call.type != "call" or reader.hint(function or call) != f"{name}.add_index":
            continue
        found = given(call, reader)
        columns = tuple(attribute_of(reader, each, name) for each in found.args)
        if columns and "" not in columns:
            unique = is_true(reader, found.keywords.get("unique"))
            yield IndexFact(
                columns, literal(reader, found.keywords.get("name")), unique, at=reader.span(call)
            )


def attribute_of(reader: PythonReader, node: Node, name: str) -> str:
    """`Note.created`, or `Note.created.desc()`; empty for others."""
    node = bare(node)
    function = node.child_by_field_name("function")
    written = dotted(reader, function if node.type == "call" else node)
    if node.type == "call":
        written = written.removesuffix(".desc").removesuffix(".asc")
    owner, _, last = written.rpartition(".")
    return last if owner == name else ""
