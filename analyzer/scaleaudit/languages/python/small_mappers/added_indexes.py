"""Indexes that peewee's models are given behind their class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, given, is_true, literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

ADDED = b".add_index("
METHOD = "add_index"
MAX_INDEXES = 64  # of one class


def added(reader: PythonReader) -> dict[str, tuple[IndexFact, ...]]:
    """By class: `Note.add_index(Note.author, Note.created.desc())` of peewee, behind `Note`."""
    found: dict[str, tuple[IndexFact, ...]] = {}
    for node in reader.root.named_children if ADDED in reader.content else ():
        call = node.named_children[0] if node.named_children else node
        function = call.child_by_field_name("function")
        called = reader.hint(function) if call.type == "call" and function is not None else ""
        name, _, method = called.rpartition(".")
        index = index_of(reader, call, name) if method == METHOD else None
        if index is not None:
            found[name] = (*found.get(name, ()), index)[:MAX_INDEXES]
    return found


def index_of(reader: PythonReader, call: Node, name: str) -> IndexFact | None:
    args = given(call, reader)
    inner = bare(args.args[0]) if len(args.args) == 1 else call
    function = inner.child_by_field_name("function") if inner.type == "call" else None
    if function is not None and dotted(reader, function) == f"{name}.index":
        args = given(inner, reader)  # `Note.add_index(Note.index(Note.author, unique=True))`
    columns = tuple(attribute_of(reader, each, name) for each in args.args)
    if not columns or "" in columns:
        return None
    unique = is_true(reader, args.keywords.get("unique"))
    where = "?" if "where" in args.keywords else ""
    return IndexFact(
        columns,
        literal(reader, args.keywords.get("name")),
        unique,
        where=where,
        at=reader.span(call),
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
