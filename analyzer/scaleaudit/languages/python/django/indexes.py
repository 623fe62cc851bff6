"""Indexes and constraints of a model's `Meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.languages.python.django.nodes import (
    arguments_of,
    bare,
    elements,
    text_of,
    texts,
)
from scaleaudit.languages.python.django.wheres import sql_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader

METHODS = {
    "Index": "",
    "BTreeIndex": "",
    "HashIndex": "hash",
    "GinIndex": "gin",
    "GistIndex": "gist",
    "SpGistIndex": "spgist",
    "BrinIndex": "brin",
    "BloomIndex": "bloom",
    "UniqueConstraint": "",
    "HnswIndex": "hnsw",
    "IvfflatIndex": "ivfflat",
}
# Words around an expression that leave its values as they are.
PLAIN = frozenset({"F", "OpClass", "Cast", "Collate"})
MAX_DEPTH = 8


def together(reader: PythonReader, node: Node | None, *, unique: bool) -> Iterator[IndexFact]:
    """`unique_together` and `index_together`: one tuple of names, or a list of them."""
    if node is None:
        return
    written = list(elements(reader, node))
    if written and all(text_of(reader, each) is not None for each in written):
        names = tuple(texts(reader, node))
        yield IndexFact(names, unique=unique, at=reader.span(node))
        return
    for each in written:
        names = tuple(texts(reader, each))
        if names:
            yield IndexFact(names, unique=unique, at=reader.span(each))


def declared(reader: PythonReader, node: Node | None) -> Iterator[IndexFact]:
    """`indexes = [...]` and `constraints = [...]`."""
    for each in elements(reader, node):
        index = index_of(reader, bare(each))
        if index is not None:
            yield index


def index_of(reader: PythonReader, call: Node) -> IndexFact | None:
    """`models.Index(fields=["a"])`, `UniqueConstraint(...)`; None for anything else."""
    if call.type != "call":
        return None
    name = reader.callee(call).rpartition(".")[2]
    if name not in METHODS:
        return None
    given = arguments_of(reader, call)
    columns = tuple(columns_of(reader, given))
    if not columns:
        return None
    where = given.named.get("condition")
    return IndexFact(
        columns,
        name=text_of(reader, given.named.get("name")) or "",
        unique=name == "UniqueConstraint",
        where=sql_of(reader, where) if where is not None else "",
        method=METHODS[name],
        at=reader.span(call),
    )


def columns_of(reader: PythonReader, given: Arguments) -> Iterator[str]:
    for name in texts(reader, given.named.get("fields")):
        yield name.lstrip("-")
    for each in given.given:
        column = expression(reader, bare(each), 0)
        if not column:
            return
        yield column


def expression(reader: PythonReader, node: Node, depth: int) -> str:
    """`Lower("name").desc()` as `(lower(name))`; a plain column without parentheses."""
    text = text_of(reader, node)
    if text is not None:
        column, *keys = text.lstrip("-").split("__")
        return f"({column} -> {'.'.join(keys)})" if all(keys) and keys else text.lstrip("-")
    if node.type != "call" or depth > MAX_DEPTH:
        return ""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        last, of = function.child_by_field_name("attribute"), function.child_by_field_name("object")
        if last is not None and of is not None and reader.text(last) in ("asc", "desc"):
            return expression(reader, bare(of), depth + 1)
    name = reader.callee(node).rpartition(".")[2]
    given = arguments_of(reader, node).given
    inner = expression(reader, bare(given[0]), depth + 1) if given else ""
    if not inner or name in PLAIN:
        return inner
    return f"({name.lower()}({inner.strip('()') if inner.startswith('(') else inner}))"
