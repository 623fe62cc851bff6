"""Requests by a client that another file of the program makes: `api.get(ORDERS_URL + "/7")`.

What such an object is, its file tells. Here its name says that it asks for things, and what it is
given first is an address by its own name, or by its beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall
from scaleaudit.languages.javascript import imports
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

ASKS = r"(?:[aA]xios|[hH]ttp|[cC]lient|[aA]pi|[rR]equest|[fF]etch)"  # part of a client's name
NAMED = regex(ASKS)
ASKED = regex(
    rb"(?<![\w.$])(\w{0,60}" + ASKS.encode() + rb"\w{0,60})"
    rb"\.(get|post|put|patch|delete)\s*(?:<[^;(){}]{1,80}>)?\("
)
ADDRESS = regex(r"(?i)(ur[li]|host|endpoint|server|base)(_?base)?$")
WITH_HOST = regex(r"https?://")
MAX_FOUND = 100


def calls(reader: JavaScriptReader) -> Iterator[RemoteCall]:
    own = {
        name
        for name, where in reader.imports.items()
        if where.startswith(imports.OWN_PREFIXES) and NAMED.search(name) is not None
    }
    if not own:  # the search is tried at every byte
        return
    for _, match in zip(range(MAX_FOUND), ASKED.finditer(reader.content), strict=False):
        if match[1].decode() not in own:
            continue
        node = reader.root.descendant_for_byte_range(match.start(2), match.start(2) + 1)
        node = node.parent.parent if node is not None and node.parent is not None else None
        if node is None or node.type != "call_expression" or node.id in reader.known_calls:
            continue
        given, _, _ = reader.arguments(node)
        target = reader.value(given[0]) if given else None
        if target is not None and is_address(target):
            library = "axios" if b"axios" in match[1].lower() else "http"
            yield RemoteCall(
                reader.span(node), library, target, match[2].decode().upper(),
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
