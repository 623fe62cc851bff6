"""Objects that say a route, which a file exports: others hand them to their server's `route`.

`export const list = { method: "GET", url: "/orders", handler }`, one by one or in a list (Fastify,
hapi). They hang on a router of the object's own name, which the call mounts.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.javascript import imports
from scaleaudit.languages.javascript.made_routers import place_of
from scaleaudit.languages.javascript.options import literal_of, member
from scaleaudit.languages.javascript.router_scopes import own_name
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

# What a file hands out: one name, or a list of them in braces.
GIVEN = regex(
    rb"\b(?:module\.exports\s{0,4}=\s{0,4}|export\s{1,4}(?:default\s{1,4})?)(?:[\w$]{1,100}|\{[^}]{0,4000})"
)
NAME = regex(rb"[\w$]+")
METHOD = regex(rb"\bmethod\s{0,4}:")
CALLED = regex(rb"\.route\(\s{0,40}([\w$]{1,100})\(")
PATHS = ("url", "path")
OPTIONS = ("options", "config")
NAMES = ("identifier", "member_expression")
MAX_FOUND = 500
MAX_ABOVE = 6


class RouteMount(Record, frozen=True, kw_only=True):
    """`app.route(listOrders)`, an object or a list of them out of another file of the program."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("JavaScriptReader", reader)
        node = site.args[0] if len(site.args) == 1 else None
        made = node is not None and node.type == "call_expression"  # `routes(handler)` returns them
        if node is not None and made:
            node = node.child_by_field_name("function")
        if node is None or node.type not in NAMES:
            return
        name = own.text(node)
        if made and name.encode() in _listing(own.content):
            place = place_of(site, own)
            yield RouterMounted(own.span(site.node), place.path(Literal("")), name, place.router)
        elif own.imports.get(name.partition(".")[0], "").startswith(imports.OWN_PREFIXES):
            place = place_of(site, own)
            child = own_name(own, name, node)
            yield RouterMounted(own.span(site.node), place.path(Literal("")), child, place.router)


def exported_routes(reader: JavaScriptReader) -> Iterator[EndpointServed]:
    content = reader.content
    if (
        b"handler" not in content
        or b"method" not in content
        or (b"export" not in content and b".route(" not in content)
    ):
        return
    handed = _handed_out(content) | _listing(content)
    for match in islice(METHOD.finditer(content), MAX_FOUND):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        pair = leaf.parent if leaf is not None else None
        node = pair.parent if pair is not None and pair.type == "pair" else None
        name = (
            _exported_as(reader, node, handed)
            if node is not None and node.type == "object"
            else None
        )
        if node is not None and name is not None:
            yield from _routes(reader, node, name)


def _routes(reader: JavaScriptReader, node: Node, name: str) -> Iterator[EndpointServed]:
    handler, method = member(reader, node, "handler"), member(reader, node, "method")
    for key in OPTIONS:  # of hapi
        inner = member(reader, node, key) if handler is None else None
        handler = member(reader, inner, "handler") if inner is not None else handler
    path = next((found for key in PATHS if (found := member(reader, node, key))), None)
    if handler is None or method is None or path is None or handler.type == "string":
        return
    where = reader.value(path)
    if not (literal_text(where) or "").startswith("/"):
        return
    listed = literal_of(reader, method, "array")
    words = listed.named_children if listed is not None else [method]
    verbs = [(literal_text(reader.value(each)) or "").upper() for each in words]
    text = reader.text(handler) if handler.type in NAMES else ""
    for verb in [each for each in verbs if each in HTTP_METHODS]:
        yield EndpointServed(reader.span(node), verb, where, text, name)


def _exported_as(reader: JavaScriptReader, node: Node, handed: set[bytes]) -> str | None:
    """The name that the object, or the list it stands in, goes by elsewhere; None inside of a file."""
    at = node.parent
    for _ in range(MAX_ABOVE):
        if at is None or at.type not in (
            "array", "as_expression", "satisfies_expression", "parenthesized_expression",
        ):  # fmt: skip
            break
        at = at.parent
    if at is not None and at.type == "arrow_function":  # `const routes = (handler) => [...]`
        at = at.parent
    if at is None:
        return None
    if at.type == "export_statement":
        return ""
    if at.type == "variable_declarator":
        name = at.child_by_field_name("name")
        holder = at.parent.parent if at.parent is not None else None
        if name is None or name.type != "identifier" or holder is None:
            return None
        text = reader.text(name)
        return text if holder.type == "export_statement" or text.encode() in handed else None
    if at.type == "assignment_expression":
        left = at.child_by_field_name("left")
        text = reader.text(left) if left is not None else ""
        if text in ("module.exports", "exports"):
            return ""
        return text.removeprefix("module.").removeprefix("exports.") if "exports." in text else None
    return None


@lru_cache(maxsize=8)  # asked for each call of a file
def _listing(content: bytes) -> frozenset[bytes]:
    """The functions of `server.route(routes(handler))` in the file."""
    return frozenset(each[1] for each in islice(CALLED.finditer(content), MAX_FOUND))


def _handed_out(content: bytes) -> set[bytes]:
    """The words of `module.exports = list`, `export { list }`, `export default list`."""
    given = islice(GIVEN.finditer(content), MAX_FOUND)
    return {word for each in given for word in NAME.findall(each[0])}
