"""Fragments that a list gathers before they are joined: `where(found.join(" AND "), values)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.ruby.active_record.fragments import HOLE, fragment_text
from scaleaudit.languages.ruby.active_record.hashes import mentioned, surrounds
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

AND = regex(r"\s*and\s*", 2)
ADDING = frozenset({"push", "append", "concat", "unshift", "prepend"})
TAKING_AWAY = frozenset(
    {"pop", "shift", "delete", "delete_at", "clear", "map!", "replace", "insert"}
)
SETS = frozenset({"assignment", "operator_assignment"})
MAX_OPTIONS = 12


class Listed(Gathering):
    """The texts of a list, those that a condition puts there, and whether there may be others."""

    always: list[str] = msgspec.field(default_factory=list)
    options: list[str] = msgspec.field(default_factory=list)
    known: bool = True

    def put(self, texts: list[str | None], *, certain: bool) -> None:
        self.known = self.known and None not in texts
        side = self.always if certain else self.options
        side += [each for each in texts if each]
        self.options = self.options[:MAX_OPTIONS]


def joined(reader: RubyReader, node: Node) -> Listed | None:
    """What `found.join(" AND ")` puts together; None for anything else."""
    if node.type != "call" or reader.method_name(node) != "join":
        return None
    receiver, args = node.child_by_field_name("receiver"), reader.positional(node)
    between = fragment_text(reader, args[0]) if len(args) == 1 else None
    if receiver is None or between is None or AND.fullmatch(between) is None:
        return None
    if receiver.type == "array":
        found = Listed()
        found.put(texts(reader, receiver), certain=True)
        return found
    return of_variable(reader, receiver) if receiver.type == "identifier" else None


def of_variable(reader: RubyReader, use: Node) -> Listed | None:
    around = reader.function_around(use)
    name, found = reader.hint(use), None
    if around is None:
        return None
    for leaf in mentioned(reader, name, around.start_byte, use.start_byte):
        above = leaf.parent
        if above is None or leaf.type != "identifier":
            continue
        certain = surrounds(reader, leaf, use)
        left = above.child_by_field_name("left")
        right = above.child_by_field_name("right")
        own = left is not None and left.id == leaf.id
        if own and above.type in SETS and right is not None:
            more = plus(above)
            if not more and right.type == "array":
                found = Listed()
            elif not more or found is None:
                return None
            found.put(texts(reader, right), certain=certain)
        elif found is None:
            return None
        elif own and above.type == "binary" and right is not None:
            found.put([fragment_text(reader, right)], certain=certain)
        elif above.type == "call" and above.child_by_field_name("receiver") == leaf:
            method = reader.method_name(above)
            if method in ADDING:
                args = reader.positional(above)
                found.put([t for each in args for t in texts(reader, each)], certain=certain)
            elif method in TAKING_AWAY:
                found.known = False
        elif above.type == "argument_list":
            found.known = False
    return found


def plus(assignment: Node) -> bool:
    """`found += [...]`"""
    return assignment.type == "operator_assignment" and any(
        c.type == "+=" for c in assignment.children
    )


def texts(reader: RubyReader, node: Node) -> list[str | None]:
    if node.type == "array":
        return [
            fragment_text(reader, each) for each in node.named_children if each.type != "comment"
        ]
    if node.type == "string_array":
        return [HOLE]
    return [fragment_text(reader, node)]
