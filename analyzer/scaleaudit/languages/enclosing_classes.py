"""Names that a file's members have by the classes around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader


def class_path(reader: Reader, node: Node) -> str:
    """`Outer.Inner` around a node, functions left out."""
    names = [reader.definition_name(a) for a in reader.ancestors(node) if a.type in reader.CLASSES]
    return ".".join(reversed([name for name in names if name]))


def known_around(known: Container[str], path: str, written: str) -> str | None:
    """The full name of a member that the innermost class has: `Url` inside `Api` is `Api.Url`."""
    parts = path.split(".")
    for length in range(len(parts), -1, -1):
        name = ".".join([*parts[:length], written])
        if name in known:
            return name
    return None
