"""Servers of Node without a framework: what their handler compares the requested address with.

`createServer((req, res) => { if (req.method === "GET" && req.url === "/items") ... })`
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

    from scaleaudit.languages.javascript.reader import JavaScriptReader

SERVER = regex(rb"\bcreateServer\(")
FRAMEWORKS = (b"'express'", b'"express"', b"'koa'", b'"koa"', b"fastify", b"@nestjs", b"'next'", b'"next"',
              b"socket.io", b"'ws'", b'"ws"')  # fmt: skip
ASKED = regex(
    rb"(?:\b(?:req|request)\.url|\b(?:pathname|urlPath|pathName))\s{0,4}===?\s{0,4}(['\"`])(/[^'\"`\s?#]{0,120})\1"
)
CASE = regex(rb"\bcase\s{1,4}(['\"`])(/[^'\"`\s?#]{0,120})\1\s{0,4}:")
CHOSEN = regex(
    rb"\bswitch\s{0,4}\(\s{0,4}(?:(?:req|request)\.url|(?:\w{1,40}\.)?pathname|urlPath)\s{0,4}\)"
)
METHOD = regex(r"\bmethod\s*===?\s*['\"`](\w+)['\"`]")
MAX_FOUND = 200
MAX_ABOVE = 30
MAX_TEXT = 400


def plain_servers(reader: JavaScriptReader) -> Iterator[EndpointServed]:
    content = reader.content
    if b"createServer(" not in content or any(word in content for word in FRAMEWORKS):
        return
    if SERVER.search(content) is None or not any(
        module.removeprefix("node:") in ("http", "https", "http2") for module in reader.modules
    ):
        return
    matches = [*islice(ASKED.finditer(content), MAX_FOUND)]
    if CHOSEN.search(content):
        matches += islice(CASE.finditer(content), MAX_FOUND)
    for match in matches:
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if node is not None and node.type not in ("comment", "string_fragment"):
            path = Literal(match[2].decode("utf-8", "replace"))
            yield EndpointServed(reader.span(node), _method(reader, node), path)


def _method(reader: JavaScriptReader, node: Node) -> str:
    """What the conditions around compare the method with."""
    for above in islice(reader.ancestors(node), MAX_ABOVE):
        if above.type in reader.FUNCTIONS:
            break
        condition = above.child_by_field_name("condition")
        if above.type in ("if_statement", "ternary_expression") and condition is not None:
            said = METHOD.search(reader.text(condition)[:MAX_TEXT])
            if said is not None and said[1].upper() in HTTP_METHODS:
                return said[1].upper()
    return "*"
