"""Handlers that a framework finds by the file's place: Next.js routes and its like.

The path is the file's own, which an extractor does not see: these facts carry an empty path and
the router `next`; the linker adds the path, or drops the fact where no framework looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.routes import named_handler
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FILE_ROUTER = "next"
NITRO = "nitro"  # the server of Nuxt: the method is a part of the file's name
NITRO_HANDLER = regex(
    r"^(?:define(?:Lazy|Cached)?|cached)?(?:E|e)ventHandler\(|^defineCachedEventHandler\("
)
REQUEST_AND_RESPONSE = regex(r"NextApi(Request|Response)|^\(\s*_?req(uest)?\s*,\s*_?res(ponse)?\b")


def exported(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    if b"@trpc/server/adapters/" in reader.content:
        return  # the procedures are what it serves
    for node in captures.get("served", ()):
        yield _endpoint(reader, node, reader.text(node), reader.text(node))
    for node in captures.get("served_as", ()):
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        if name is not None:
            yield _endpoint(reader, node, reader.text(alias or name), reader.text(name))
    for node in captures.get("default_handler", ()):
        parameters = node.child_by_field_name("parameters")
        if parameters is not None and REQUEST_AND_RESPONSE.search(reader.text(parameters)):
            yield _endpoint(reader, node, "*", reader.definition_name(node) or "default")
    for node in captures.get("default", ()):
        given = bare(node.child_by_field_name("value"))
        if given is not None and NITRO_HANDLER.match(reader.text(given)[:80]):
            yield EndpointServed(reader.span(node), "*", Literal(""), "default", NITRO)
        elif given is not None and _takes_requests(reader, given):
            yield _endpoint(reader, node, "*", named_handler(given, reader) or "default")


def _takes_requests(reader: JavaScriptReader, given: Node) -> bool:
    """A function of request and response, or a name or wrapper in a file that speaks of them."""
    if given.type in reader.FUNCTIONS:
        parameters = given.child_by_field_name("parameters")
        return parameters is not None and bool(REQUEST_AND_RESPONSE.search(reader.text(parameters)))
    wrapped = given.type in ("identifier", "call_expression")
    return wrapped and b"NextApi" in reader.content


def _endpoint(reader: JavaScriptReader, node: Node, method: str, handler: str) -> EndpointServed:
    return EndpointServed(reader.span(node), method, Literal(""), handler, FILE_ROUTER)
