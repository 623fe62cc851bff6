"""Queries in instance variables that several methods of a class build together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.variables import starts_with
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_STEPS = 6  # from a chain up to what it is assigned to
MAX_METHODS = 12
READERS = regex(
    rb"attr_(?<!\wattr_)(?:reader|accessor)\b((?:[ \t(]{0,4}:\w+,?(?:[ \t]*\n[ \t]*(?=:))?){1,20})"
)


def kept_in(node: Node, reader: RubyReader) -> str:
    """The instance variable that an expression is assigned to; empty when there is none."""
    at = node.parent
    for _ in range(MAX_STEPS):
        if at is None:
            break
        if at.type in ("assignment", "operator_assignment"):
            left = at.child_by_field_name("left")
            known = left is not None and left.type == "instance_variable"
            return reader.hint(left) if known and left is not None else ""
        at = at.parent
    return ""


def built_together(reader: RubyReader, name: str, node: Node) -> bool:
    """Whether other methods add to the query in `name` while the method around the node runs.

    `def call; @found = Order.where(a: 1); filter_state!; end` with `@found = @found.where(...)` in
    `filter_state!`: the method calls it, or a third one calls both. Actions of a controller that
    each go on from the same variable do not call each other.
    """
    around = reader.function_around(node)
    if around is None:
        return False
    own = reader.definition_name(around)
    adding = [
        reader.definition_name(method)
        for right in reader.instance_values(name)
        if starts_with(right, name, reader)
        and (method := reader.function_around(right)) is not None
    ]
    for other in list(dict.fromkeys(each for each in adding if each and each != own))[:MAX_METHODS]:
        for place in reader.places(other):
            caller = reader.function_around(place)
            if caller is None or reader.definition_name(caller) == other:
                continue
            if caller.id == around.id or calls(reader, caller, own):
                return True
    return False


def calls(reader: RubyReader, caller: Node, name: str) -> bool:
    return bool(name) and any(
        caller.start_byte < place.start_byte < caller.end_byte for place in reader.places(name)
    )


def read_by_name(reader: RubyReader, name: str) -> bool:
    """Whether `attr_reader :name` makes a method of an instance variable."""
    wanted = f":{name}".encode()
    return wanted in reader.content and any(
        wanted in re.split(rb"[\s,(]+", match[1]) for match in READERS.finditer(reader.content)
    )
