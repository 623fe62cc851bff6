"""Tornado's routes: pairs of an expression and a handler, in whatever list they stand.

Lists are put together over files (`handlers + admin.urls`), and nothing stands in front of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.python.resources import methods_of
from scaleaudit.languages.python.route_lists import regex_path
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader

PAIR = regex(rb"\(\s*[rRf]?[\"']\^?/")
LISTS = ("list", "tuple")
SPEC = regex(rb"\b(?:url|URLSpec)\(")
SPECS = ("tornado.web.url", "tornado.web.URLSpec")
# What Tornado has itself, for files and for other addresses.
OF_TORNADO = ("StaticFileHandler", "RedirectHandler", "ErrorHandler", "FallbackHandler")
MAX_ROUTES = 500


def pairs(reader: PythonReader) -> Iterator[tuple[Node, list[Node]]]:
    """Tuples in a list, and what `url(...)` and `URLSpec(...)` are given."""
    for node in reader.nodes(PAIR, "tuple", b"Handler", b"tornado"):
        if node.parent is not None and node.parent.type in LISTS:
            yield node, [each for each in node.named_children if each.type != "comment"]
    for node in reader.nodes(SPEC, "call", b"tornado"):
        if reader.named(node)[0] in SPECS:
            yield node, reader.arguments(node)[0]


def handler_tuples(reader: PythonReader) -> Iterator[Fact]:
    """`(r"/orders/([0-9]+)", OrderHandler)`, its class of this file or of another."""
    if b"Handler" not in reader.content and b"tornado" not in reader.content:
        return
    count = 0
    for node, parts in pairs(reader):
        if not 2 <= len(parts) <= 4 or count >= MAX_ROUTES:
            continue
        handler = reader.hint(parts[1]) if parts[1].type in ("identifier", "attribute") else ""
        last = handler.rpartition(".")[2]
        if last in OF_TORNADO or not (
            last.endswith("Handler") or (b"tornado" in reader.content and last[:1].isupper())
        ):
            continue
        path = regex_path(reader.value(parts[0]))
        if isinstance(path, Unknown):
            continue
        if isinstance(path, Literal):
            path = Literal(path.text.replace("<>", "{}"))  # groups without a name
        for method in methods_of(reader, parts[1]) or ["*"]:
            count += 1
            yield EndpointServed(reader.span(node), method, path, handler, "")
