"""Routes of Go web frameworks, and groups that are handed to functions of other files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from msgspec import structs

from scaleaudit.facts import FIELD_ROUTER, EndpointServed, RouterMounted
from scaleaudit.languages.callsites import LAST_ARGUMENT
from scaleaudit.languages.go.requests import as_callers_see
from scaleaudit.languages.go.router_prefixes import ROUTERS, Place, place_of, place_of_call
from scaleaudit.languages.patterns import FIRST, HTTP_METHODS, MAX_HANDLER_TEXT, Arg
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

CONSTRUCTED = regex(r"\.New(\w+)\.")
METHOD_AND_PATH = regex(r"^(?:([A-Z]+)\s+)?(?:[\w.-]+)?(/.*)?$", re.DOTALL)


class GoRoute(Record, frozen=True, kw_only=True):
    """A route of a Go router.

    `methods_after`: gorilla's `.Methods("GET")` behind the call says the methods.
    `method_arg` holds the method where it is an argument.
    """

    callees: tuple[str, ...]
    path: Arg = FIRST
    method: str = ""  # empty: the callee's last part, when it is an HTTP method
    method_arg: int = -1
    methods_after: bool = False
    chained_path: bool = False  # gorilla's `.Path("/x").HandlerFunc(h)`
    slash_is_nothing: bool = False  # "/" inside a group is the group's own path
    protocol: str = "http"
    least: int = 2
    handler_at: int = LAST_ARGUMENT  # middlewares stand before it, or behind it
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        if len(site.args) < self.least:
            return
        function = site.node.child_by_field_name("function")
        operand = function.child_by_field_name("operand") if function is not None else None
        place = place_of(reader, operand)
        node = None if self.chained_path else self.path.node(site, reader)
        if node is None:
            yield from self.served(site, reader, place, None, site.node)
            return
        for at in as_callers_see(reader, site.node, node):
            own: Value | None = reader.value(node)
            if own == Literal("/") and place.prefix and self.slash_is_nothing:
                own = None
            yield from self.served(site, reader, place, own, at)

    def served(
        self, site: CallSite, reader: GoReader, place: Place, own: Value | None, at: Node
    ) -> Iterator[Fact]:
        methods = self.verbs(site, reader)
        if "net/http" in site.callee and own is not None:
            method, own = method_and_path(own)
            methods = [method] if method else methods
        if isinstance(own, Unknown) and not place.prefix:
            return
        last = site.argument(self.handler_at) or site.args[-1]
        child = child_name(reader, last)
        if is_router(reader, last) or site.name == "Mount":
            if child and last.type != "identifier":
                yield RouterMounted(
                    at=reader.span(at),
                    prefix=place.path(own) if self.mounts(site, reader, last) else Literal(""),
                    child=child,
                    parent=place.router,
                )
            return
        for method in methods:
            yield EndpointServed(
                at=reader.span(at),
                method=method,
                path=place.path(own),
                handler=handler_name(reader, last),
                router=place.router,
                protocol=self.protocol,
            )

    def mounts(self, site: CallSite, reader: GoReader, handler: Node) -> bool:
        return site.name == "Mount" or "StripPrefix" in reader.text(handler)[:80]

    def verbs(self, site: CallSite, reader: GoReader) -> list[str]:
        if self.method:
            return self.method.split()
        if 0 <= self.method_arg < len(site.args):
            return verbs_in(reader.text(site.args[self.method_arg]))
        if self.methods_after or self.chained_path:
            return chained_methods(reader, site.node)
        name = site.name.upper()
        return [name] if name in HTTP_METHODS else ["*"]


class FieldRoute(GoRoute, frozen=True, kw_only=True):
    """A route of a router in a field whose type another file of the package declares.

    Where it hangs is what the type's constructor is given; its router is named `field Type.name`.
    """

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed) and fact.router:
                yield structs.replace(fact, router=f"{FIELD_ROUTER}{fact.router}")


def handler_name(reader: GoReader, node: Node) -> str:
    """The handler as written; a parameter of a helper as its caller writes it."""
    if node.type == "identifier":
        reaching = reader.scopes.reaching(reader.text(node), node)
        if len(reaching) == 1 and reaching[0].parameter:
            return ""
    if node.end_byte - node.start_byte > MAX_HANDLER_TEXT:
        return ""
    text = reader.text(node)
    return "" if "\n" in text or text.startswith("func(") else text


def method_and_path(pattern: Value) -> tuple[str, Value]:
    """`"GET example.com/orders/{$}"` as GET and `/orders/`."""
    parts = pattern.parts if isinstance(pattern, Join) else (pattern,)
    first = parts[0]
    if not isinstance(first, Literal):
        return "", pattern
    found = METHOD_AND_PATH.match(first.text)
    if found is None:
        return "", UNKNOWN
    rest = [Literal(found[2].removesuffix("{$}"))] if found[2] else []
    return found[1] or "", join(*rest, *parts[1:]) if rest or parts[1:] else UNKNOWN


def verbs_in(text: str) -> list[str]:
    """`"GET", http.MethodPost` as GET and POST."""
    words = re.findall(r"[A-Za-z]+", text)
    found = [word.upper().removeprefix("METHOD") for word in words]
    return list(dict.fromkeys(word for word in found if word in HTTP_METHODS)) or ["*"]


def chained_methods(reader: GoReader, call: Node) -> list[str]:
    """The methods that a chain names, behind the call or before it."""
    at: Node | None = call
    for _ in range(8):
        selector = at.parent if at is not None else None
        above = selector.parent if selector is not None else None
        if selector is None or above is None or selector.type != "selector_expression":
            break
        if reader.text(selector.child_by_field_name("field") or selector) == "Methods":
            return verbs_in(reader.text(above.child_by_field_name("arguments") or above))
        at = above
    before = call
    for _ in range(8):
        function = before.child_by_field_name("function")
        operand = function.child_by_field_name("operand") if function is not None else None
        if operand is None or operand.type != "call_expression":
            break
        before = operand
        called = before.child_by_field_name("function")
        if called is not None and reader.text(called).endswith(".Methods"):
            return verbs_in(reader.text(before.child_by_field_name("arguments") or before))
    return ["*"]


def is_router(reader: GoReader, node: Node) -> bool:
    inner = stripped(reader, node)
    return ROUTERS.search(reader.receivers.meaning(inner).name) is not None


def stripped(reader: GoReader, node: Node) -> Node:
    """The handler inside `http.StripPrefix("/x", handler)`."""
    if node.type == "call_expression" and reader.callee(node).endswith("StripPrefix"):
        args, _, _ = reader.arguments(node)
        return args[-1] if args else node
    return node


def child_name(reader: GoReader, node: Node) -> str:
    """The function whose routes are mounted, as this file names it; empty for a local variable."""
    node = stripped(reader, node)
    function = node.child_by_field_name("function") if node.type == "call_expression" else node
    if function is None:
        return ""
    return written_name(reader, reader.receivers.meaning(function).name)


def written_name(reader: GoReader, name: str) -> str:
    """A function as this file names it; a constructor's result by the type it is named after."""
    name = reader.as_written(name) or name
    return CONSTRUCTED.sub(r".\1.", name) if "/" not in name and "?" not in name else ""


class GroupGiven(Record, frozen=True, kw_only=True):
    """`users.Register(v1.Group("/users"))`: a group handed to a function of another file."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        place = place_of_call(reader, site.node, 0)
        for call in given_to(reader, site.node):
            function = call.child_by_field_name("function")
            if function is None:
                continue
            name = reader.receivers.meaning(function).name
            child = written_name(reader, name)
            if not child or is_followed(reader, name):
                continue
            yield RouterMounted(
                at=reader.span(call),
                prefix=place.path(None),
                child=child,
                parent=place.router,
            )


def is_followed(reader: GoReader, name: str) -> bool:
    """A private function of this file with one caller: its routes have their prefix already."""
    function = reader.declared.get(name)
    holder = function.child_by_field_name("parameters") if function is not None else None
    if function is None or holder is None:
        return False
    definitions = reader.scopes.definitions(function)
    for each in definitions.values():
        for one in each:
            if one.parameter and one.node.parent == holder and len(reader.usages.callers(one)) == 1:
                return True
    return False


def given_to(reader: GoReader, group: Node) -> Iterator[Node]:
    """Calls of other functions that take a group as an argument, directly or by its name."""
    above = group.parent
    if above is None:
        return
    if above.type == "argument_list":
        if above.parent is not None and above.parent.type == "call_expression":
            yield above.parent
        return
    if above.type != "expression_list" or above.parent is None:
        return
    left = above.parent.child_by_field_name("left")
    if left is None or left.named_child_count != 1 or left.named_children[0].type != "identifier":
        return
    name = reader.text(left.named_children[0])
    function = reader.scopes.function(group.start_byte)
    for offset in reader.usages.places(name, rb"\s*[,)]", rb"[(, ]"):
        if function is None or not group.end_byte < offset < function.end_byte:
            continue
        node = reader.root.descendant_for_byte_range(offset, offset + 1)
        holder = node.parent if node is not None else None
        if node is None or holder is None or holder.type != "argument_list":
            continue
        reaching = reader.scopes.reaching(name, node)
        given = bool(reaching) and reaching[0].value == group
        if given and holder.parent is not None and holder.parent.type == "call_expression":
            yield holder.parent
