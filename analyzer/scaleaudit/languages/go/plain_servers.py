"""Handlers of net/http that compare the requested path themselves.

`if r.Method == http.MethodGet && r.URL.Path == "/health" { w.Write(...) }`, `switch r.URL.Path`. What only
hands the request on is a middleware that lets some paths pass.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

SIGN = b".URL.Path"
COMPARED = regex(rb"\b(?:r|req|request)\.URL\.Path\s{0,4}==\s{0,4}\"(/[^\"\s]{0,120})\"")
CHOSEN = regex(rb"\bswitch\s{1,4}(?:r|req|request)\.URL\.Path\s{0,4}\{")
CASE = regex(r'^\s*case\s+((?:"/[^"\s]*"\s*,?\s*)+):')
PATH = regex(r'"(/[^"\s]*)"')
METHOD = regex(r"\.Method\s*==\s*(?:http\.Method(\w+)|\"([A-Z]+)\")")
ANSWERS = regex(r"\b(?:w|rw|res|resp|writer)\b")
HANDED_ON = regex(r"\.ServeHTTP\(|\bnext\(")
MAX_FOUND = 100
MAX_TEXT = 4_000


def plain_routes(reader: GoReader) -> Iterator[EndpointServed]:
    content = reader.content
    if SIGN not in content or b"net/http" not in content:
        return
    for match in islice(COMPARED.finditer(content), MAX_FOUND):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        asked = _around(node, "if_statement")
        condition = asked.child_by_field_name("condition") if asked is not None else None
        body = asked.child_by_field_name("consequence") if asked is not None else None
        if node is None or condition is None or body is None or node.type == "comment":
            continue
        if not condition.start_byte <= match.start() < condition.end_byte:
            continue
        if _answers(reader.text(body)[:MAX_TEXT]):
            method = _method(reader.text(condition)[:MAX_TEXT])
            path = Literal(match[1].decode("utf-8", "replace"))
            yield EndpointServed(reader.span(node), method, path)
    for match in islice(CHOSEN.finditer(content), MAX_FOUND):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        chosen = _around(node, "expression_switch_statement")
        for case in chosen.named_children[:MAX_FOUND] if chosen is not None else ():
            text = reader.text(case)[:MAX_TEXT]
            written = CASE.match(text)
            if written is not None and _answers(text[written.end() :]):
                for path in PATH.findall(written[1]):
                    yield EndpointServed(reader.span(case), "*", Literal(path))


def _around(node: Node | None, kind: str) -> Node | None:
    while node is not None and node.type != kind:
        node = node.parent
    return node


def _answers(text: str) -> bool:
    return ANSWERS.search(text) is not None and HANDED_ON.search(text) is None


def _method(condition: str) -> str:
    said = METHOD.search(condition)
    word = (said[1] or said[2]).upper() if said is not None else "*"
    return word if word in HTTP_METHODS else "*"
