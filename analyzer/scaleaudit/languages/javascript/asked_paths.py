"""Paths that pages ask their own host for by something that is no known client.

`useOrders({url: "/api/orders", method: "post"})` and `client.get("/api/orders")`, where the client
is handed in. They are mere texts: whether somebody answers there, the linker knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AddressGiven
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# An object with an address and a method; a call of what is named as a client is.
CONFIGURED = regex(rb"url:\s{0,80}(['\"`])(/[\w/.-]{1,200})")
METHOD = regex(rb"\bmethod\b")
ASKED = regex(rb"\.(?:get|post|put|patch|delete)\(\s{0,80}(['\"`])(/[\w/.-]{1,200})")
CLIENT = regex(rb"(?:[cC]lient|[aA]pi|[aA]xios|[hH]ttp|[rR]equest)$")
NEAR = 300  # bytes around, in which the rest of an object stands
NAME = 40
MAX_PATHS = 100  # of one file


def asked_paths(reader: JavaScriptReader) -> Iterator[AddressGiven]:
    content = reader.content
    if not reader.is_page() and b"use client" not in content:
        return
    found: dict[bytes, int] = {}
    if b"url:" in content:
        for each in CONFIGURED.finditer(content):
            around = content[max(each.start() - NEAR, 0) : each.end() + NEAR]
            if METHOD.search(around):
                found.setdefault(each[2], each.start(2))
    for each in ASKED.finditer(content):
        if CLIENT.search(content, max(each.start() - NAME, 0), each.start()):
            found.setdefault(each[2], each.start(2))
    for path, at in [*found.items()][:MAX_PATHS]:
        node = reader.root.descendant_for_byte_range(at, at + 1)
        if node is not None:
            yield AddressGiven(reader.span(node), Literal(path.decode()))
