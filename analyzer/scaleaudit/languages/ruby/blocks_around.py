"""Blocks of Ruby around a place, and the calls that they are given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.names import NameReader

BLOCKS = frozenset({"block", "do_block"})


def outermost(reader: NameReader, node: Node) -> Node | None:
    found = None
    for above in reader.ancestors(node):
        if above.type in BLOCKS:
            found = above
        elif above.type in reader.CLASSES:
            break
    return found


def source_of(reader: NameReader, name: str, node: Node) -> Node | None:
    """The call whose block has a parameter of this name: `Net::HTTP.start(...) do |http|`."""
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            return None
        if above.type not in BLOCKS:
            continue
        parameters = above.child_by_field_name("parameters")
        given = parameters.named_children if parameters is not None else []
        if any(reader.hint(each) == name for each in given):
            first = reader.hint(given[0]) == name
            return above.parent if first else None
    return None
