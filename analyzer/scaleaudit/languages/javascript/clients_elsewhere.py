"""Requests by a client that another file of the program makes: `api.get(ORDERS_URL + "/7")`.

What such an object is, its file tells. Here its name says that it asks for things, and what it is
given first is an address by its own name, or by its beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall
from scaleaudit.languages.javascript import imports
from scaleaudit.languages.mentions import WORD_OR_DOT, mentions
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

ASKS = r"(?:[aA]xios|[hH]ttp|[cC]lient|[aA]pi|[rR]equest|[fF]etch)"  # part of a client's name
NAMED = regex(ASKS)
BEFORE = WORD_OR_DOT | frozenset(b"$")  # a name goes on, or is a member of another
ASKED = regex(rb"\.(get|post|put|patch|delete)\s*(?:<[^;(){}]{1,80}>)?\(")
ADDRESS = regex(r"(?i)(ur[li]|host|endpoint|server|base)(_?base)?$")
WITH_HOST = regex(r"https?://")
MAX_FOUND = 100


def calls(reader: JavaScriptReader) -> Iterator[RemoteCall]:
    own = {
        name.encode()
        for name, where in reader.imports.items()
        if where.startswith(imports.OWN_PREFIXES) and NAMED.search(name) and name.isidentifier()
    }
    asked = sorted(
        (at, name, match)
        for name in own
        for at, match in mentions(reader.content, name, BEFORE, ASKED)
    )
    for _, name, match in asked[:MAX_FOUND]:
        node = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        node = node.parent.parent if node is not None and node.parent is not None else None
        if node is None or node.type != "call_expression" or node.id in reader.known_calls:
            continue
        given, _, _ = reader.arguments(node)
        target = reader.value(given[0]) if given else None
        if target is not None and is_address(target):
            library = "axios" if b"axios" in name.lower() else "http"
            yield RemoteCall(
                reader.span(node), library, target, match[1].decode().upper(),
                scope=reader.scope(node),
            )  # fmt: skip


def is_address(value: Value) -> bool:
    """It begins with a host, or with what is called an address."""
    first = value.parts[0] if isinstance(value, Join) and value.parts else value
    match first:
        case Literal(text=text):
            return WITH_HOST.match(text) is not None
        case Setting(key=key):
            return ADDRESS.search(key) is not None
        case Name(name=name):
            return ADDRESS.search(name) is not None
        case _:
            return False
