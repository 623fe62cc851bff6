"""New rows of peewee and Tortoise that no class makes by itself: `Note(...).save()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.python.sqlalchemy.inserts import row
from scaleaudit.languages.python.sqlalchemy.meant import CLASS
from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, last_name, receiver
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.python.reader import PythonReader

SAVED = regex(rb"\.save\(")
OTHERS = (b"django", b"mongoengine", b"sqlalchemy")  # their objects are saved in the same words


def inserts(reader: PythonReader) -> Iterator[OrmQuery]:
    """`note = Note(text=text)`, later `note.save()`; a row that was looked up is only changed."""
    if b".save(" not in reader.content or has_any(reader.content, OTHERS):
        return
    framework = "tortoise" if b"tortoise" in reader.content else "peewee"
    for call in reader.nodes(SAVED, "call", b".save("):
        of = receiver(call)
        model = (
            made(reader, bare(of)) if of is not None and last_name(reader, call) == "save" else ""
        )
        if model:
            yield row(reader, call, model, framework)


def made(reader: PythonReader, node: Node) -> str:
    """The class of an object that the function makes; empty for what it was given or looked up."""
    given: list[Node] = [node]
    if node.type == "identifier":
        given = [bare(each) for each in reader.assigned_here(reader.hint(node), node)]
    for each in given:
        written = (
            dotted(reader, each.child_by_field_name("function")) if each.type == "call" else ""
        )
        if CLASS.fullmatch(written.rpartition(".")[2]):
            return written
    return ""
