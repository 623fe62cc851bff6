"""Scopes that are written in several statements: `scope :open, -> { rows = all; ...; rows }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

METHODS = frozenset({"method", "singleton_method"})
SCOPES = frozenset({"scope", "named_scope"})
MAX_STEPS = (
    6  # from the block to the declaration: a lambda, the call that makes it, arguments, brackets
)


def statements_of_scope(reader: RubyReader, body: Node) -> bool:
    """Whether these are several statements of a scope; one expression is read with the scope itself."""
    if sum(each.type != "comment" for each in body.named_children) < 2:
        return False
    above = body.parent
    for _ in range(MAX_STEPS):
        if above is None or above.type in METHODS or above.type in reader.CLASSES:
            return False
        if above.type == "call" and reader.method_name(above) in SCOPES:
            return True
        above = above.parent
    return False
