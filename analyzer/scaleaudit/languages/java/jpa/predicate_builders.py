"""Querydsl's conditions gathered in a variable: `builder.and(order.code.eq(code))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.java.jpa.flow import mentions
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MADE = regex(r"^(?:new\s+)?(?:\w+\.)*BooleanBuilder\(")
ASKED = frozenset({"getValue", "hasValue", "toString"})
MAX_PARTS = 40


class Gathered(Gathering):
    """`always` holds in every query, each of `options` where its branch is taken; `known`: that is all."""

    always: list[Node] = msgspec.field(default_factory=list)
    options: list[Node] = msgspec.field(default_factory=list)
    known: bool = True


def gathered(reader: JvmReader, node: Node) -> Gathered | None:
    """What a variable of a `BooleanBuilder` holds at a node; None for anything else."""
    if node.type != "identifier":
        return None
    name = reader.text(node)
    made = reader.local(name, node)
    if made is None or MADE.search(reader.text(made)[:80]) is None:
        return None
    found = Gathered(always=reader.arguments_of(made)[:1])
    for mention in mentions(reader, name, made):
        if mention.node.start_byte >= node.start_byte:
            break
        found.known &= not mention.handed_on
        into = found.options if mention.branch else found.always
        for call in mention.calls:
            called = reader.chain(call)[-1].name
            if called == "and" and len(into) < MAX_PARTS:
                into.extend(reader.arguments_of(call))
            elif called not in ASKED:
                found.known = False
    return found
