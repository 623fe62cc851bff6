"""Routes in tables that a file exports: Sails' `config/routes.js`, Strapi's own routes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.javascript.options import members
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

SAILS = regex(rb"\bexports\.routes\s*=\s*(?=\{)")
SAILS_KEY = regex(r"(?i)(?:(get|post|put|patch|delete|options|all)\s+)?(/[^\s]*)")
# `{ routes: [{ method: "GET", path: "/orders/:id", handler: "order.one" }] }`
STRAPI = regex(rb"\broutes\s*:\s*(?=\[)")
STRAPI_HANDLER = regex(r"(?:(?:api|plugin)::)?[\w-]+(?:\.[\w-]+){1,2}")
STRAPI_PREFIX = "/api"  # of its REST interface, unless the settings say otherwise
MAX_ROUTES = 1_000


def route_tables(reader: JavaScriptReader) -> Iterator[EndpointServed]:
    content = reader.content
    if b"exports.routes" in content:
        for node in _after(reader, SAILS, "object"):
            yield from _sails(reader, node)
    if b"handler" in content and b"routes" in content and b"method" in content:
        for node in _after(reader, STRAPI, "array"):
            for each in node.named_children[:MAX_ROUTES]:
                yield from _strapi(reader, each)


def _after(reader: JavaScriptReader, written: re.Pattern[bytes], kind: str) -> Iterator[Node]:
    for found in islice(written.finditer(reader.content), MAX_ROUTES):
        node = reader.root.descendant_for_byte_range(found.end(), found.end() + 1)
        while node is not None and node.type != kind and node.start_byte == found.end():
            node = node.parent
        if node is not None and node.type == kind:
            yield node


def _sails(reader: JavaScriptReader, table: Node) -> Iterator[EndpointServed]:
    for pair in table.named_children[:MAX_ROUTES]:
        key = pair.child_by_field_name("key")
        if key is None or key.type != "string":
            continue
        found = SAILS_KEY.fullmatch(reader.text(key)[1:-1])
        if found is not None:
            method = (found[1] or "*").upper().replace("ALL", "*")
            path = Literal(found[2].replace("*", "{wildcard}"))
            yield EndpointServed(reader.span(pair), method, path)


def _strapi(reader: JavaScriptReader, node: Node) -> Iterator[EndpointServed]:
    if node.type != "object":
        return
    given: dict[str, Node] = {}
    members(reader, node, "", given)
    if not {"method", "path", "handler"} <= given.keys():
        return
    method, path, handler = (
        literal_text(reader.value(given[name])) or "" for name in ("method", "path", "handler")
    )
    if method in HTTP_METHODS and path[:1] == "/" and STRAPI_HANDLER.fullmatch(handler):
        full = Literal(f"{STRAPI_PREFIX}{path}")
        yield EndpointServed(reader.span(node), method, full, handler)
