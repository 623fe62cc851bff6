"""Statements that begin with another's name: `BASE + " WHERE code = ?"`, `${BASE} WHERE code = ?`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.string_nodes import string_around
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

MAX_USES = 60  # of one name in a file
# What a string is given to, right before it.
HELD = regex(rb"([A-Za-z_$][\w$]*)\s*(?::[ \t]*[\w<>\[\].]+\s*)?:?=\s*\(?\s*$")
# What may stand between the beginning of a string and the name: quotes, and whose name it is.
FIRST = regex(
    rb"[\s(]*(?:[fF]?(?:\"\"\"|'''|[\"'`])\s*[$#]?\{\s*)?"
    rb"(?:self(?:::|\.)|static::|cls\.|this\.|\$this->|[A-Z]\w*(?:\.|::))?"
)


def held_by(before: bytes) -> re.Match[bytes] | None:
    """The variable that is given what follows, if any."""
    end = before.rstrip().removesuffix(b"(").rstrip()
    return HELD.search(before) if end.endswith(b"=") else None


def completed(reader: Reader, node: Node, text: str) -> Iterator[tuple[Node, str]]:
    """The strings that begin with the name of the one at the node, and what they come to.

    Only where the name is given one value.
    """
    content = reader.content
    held = held_by(content[max(0, node.start_byte - 120) : node.start_byte])
    if held is None:
        return
    name = re.escape(held[1])
    told = name + rb"(?<![\w$]" + name + rb")"  # the name first: plain bytes are found fast
    given = re.compile(told + rb"\s*(?::\s*[\w<>\[\].]+\s*)?(?:[-+*|.:]|<<)?=(?![=>~])")
    if len(given.findall(content)) != 1:
        return
    used = re.compile(told + rb"(?![\w$(\[])")
    seen: set[int] = set()
    for _, match in zip(range(MAX_USES), used.finditer(content), strict=False):
        place = string_around(reader, match.start())
        if place is None or place.id in seen:
            continue
        seen.add(place.id)
        if place.start_byte <= node.start_byte < place.end_byte:
            continue
        if FIRST.fullmatch(content[place.start_byte : match.start()]) is None:
            continue
        more = text_with_holes(reader.statement(place)).lstrip()
        begins = next((each for each in ("{}", text.strip()) if more.startswith(each)), None)
        if begins is not None and more.strip() != begins:
            yield place, f"{text.rstrip()} {more[len(begins) :].lstrip()}"
