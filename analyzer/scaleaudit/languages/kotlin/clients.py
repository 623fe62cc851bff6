"""Ktor's clients, whose requests may all begin with an address that the client was made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.patterns import ClientCall
from scaleaudit.languages.patterns import Arg
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

# `HttpClient(CIO) { defaultRequest { url(base) } }`
DEFAULT = regex(rb"\b(?:defaultRequest|install\(DefaultRequest\))\s*\{[^{}]{0,500}?\burl\(")
MAX_TEXT = 4_000


class DefaultAddress(Arg, frozen=True):
    def value(self, site: CallSite, reader: Reader) -> Value | None:
        made = site.node.parent if site.node.parent is not None else site.node
        outer = made if made.type == "call_expression" else site.node
        found = DEFAULT.search(
            reader.content, outer.start_byte, min(outer.end_byte, outer.start_byte + MAX_TEXT)
        )
        if found is None:
            return None
        node = reader.root.descendant_for_byte_range(found.end() - 1, found.end())
        while node is not None and node.type != "call_expression" and node.id != outer.id:
            node = node.parent
        given = reader.arguments(node)[0] if node is not None and node.id != outer.id else []
        return reader.value(given[0]) if given else None


class KtorCall(ClientCall, frozen=True, kw_only=True):
    base: Arg = DefaultAddress()
