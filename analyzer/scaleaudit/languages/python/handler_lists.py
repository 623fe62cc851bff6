"""Routers that are made of lists of handlers: Litestar's, Sanic's groups, aiohttp's routes.

A handler hangs on its own name: that of its function, or of the class that it is a method of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from msgspec import structs

from scaleaudit.facts import VERSION, EndpointServed, RouterMounted
from scaleaudit.languages.patterns import NONE, Arg, Mount, Route
from scaleaudit.languages.python.resources import ResourceRoute
from scaleaudit.languages.python.route_lists import list_name
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Value, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.reader import Reader

MAX_HANDLERS = 300  # of one router
OWN_PARAMETER = regex(r"<(\w+)(?::[^<>]*)?>|\{(\w+):[^{}]*\}")


def with_names(value: Value) -> Value:
    """`<order:int>` and `{order:int}` with the name alone."""
    text = literal_text(value)
    if text is None:
        return value
    return Literal(OWN_PARAMETER.sub(lambda m: "{" + (m[1] or m[2]) + "}", text))


def class_text(reader: Reader, own: Node, name: str) -> Value | None:
    """What a class sets one of its names to: `path = "/orders"`."""
    body = own.child_by_field_name("body")
    for line in body.named_children if body is not None else ():
        each = line.named_children[0] if line.type == "expression_statement" else line
        left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
        if left is not None and right is not None and reader.text(left) == name:
            return reader.value(right)
    return None


class HandlerRoute(Route, frozen=True, kw_only=True):
    """Litestar: `@get("/{order:int}")` on a function, or in a controller with a path."""

    needs_path: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = reader.class_around(site.target) if site.target is not None else None
        holder = own or site.target
        before = class_text(reader, own, "path") if own is not None else None
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed) and holder is not None:
                path = with_names(fact.path)
                if before is not None:
                    path = join(before, Literal("/"), path)
                router = reader.definition_name(holder)
                yield structs.replace(fact, path=without_end(path), router=router)


def without_end(path: Value) -> Value:
    """Litestar takes `/orders/` for `/orders`."""
    text = literal_text(path)
    return path if text is None else Literal(text.rstrip("/"))


class HandlersMounted(Record, frozen=True, kw_only=True):
    """`Router(path="/api", route_handlers=[Orders, health])`: each hangs on what is made here."""

    callees: tuple[str, ...]
    prefix: Arg = NONE
    handlers: Arg = NONE
    each_argument: bool = False  # the handlers are the arguments themselves
    version: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("PythonReader", reader)
        prefix = with_version(site, reader, self.prefix) if self.version else (
            self.prefix.value(site, reader) or Literal("")
        )  # fmt: skip
        parent = list_name(own, site.node)
        node = site.argument(self.handlers.position, *self.handlers.names)
        if node is not None and node.type == "identifier":
            name = own.text(node)
            node = own.local(name, node) or own.module_values.get(name) or node
        listed = site.args if self.each_argument else each_of(node)
        for each in listed[:MAX_HANDLERS]:
            if each.type in ("identifier", "attribute"):
                yield RouterMounted(reader.span(site.node), prefix, reader.text(each), parent)


def each_of(node: Node | None) -> list[Node]:
    """The elements of a list, with what others put into it."""
    if node is None:
        return []
    if node.type not in ("list", "tuple"):
        return [node]
    return [
        each.named_children[0] if each.type == "list_splat" and each.named_children else each
        for each in node.named_children
    ]


class ListMount(Mount, frozen=True, kw_only=True):
    """`app.blueprint([orders, users], url_prefix="/shop")`, and what a call makes:
    `app.add_subapp("/admin", make_admin())`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.child.position, *self.child.names)
        for fact in super().facts(site, reader):
            for each in each_of(node):
                if isinstance(fact, RouterMounted):
                    made = each.type == "call"
                    child = reader.callee(each) if made else reader.text(each)[:200]
                    yield structs.replace(fact, child=child, parent=application(fact.parent))


def application(written: str) -> str:
    """aiohttp's routes hang on the router of an application, which is the application's."""
    return written.removesuffix(".router")


# -- aiohttp


class ApplicationRoute(Route, frozen=True, kw_only=True):
    """`app.router.add_get("/orders", orders)`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed):
                yield structs.replace(fact, router=application(fact.router))


class EntryRoute(Route, frozen=True, kw_only=True):
    """`web.get("/orders", orders)` in what an application is given, or in a list with a name."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed):
                yield structs.replace(fact, router=taken_by(cast("PythonReader", reader), site))


class EntryView(ResourceRoute, EntryRoute, frozen=True, kw_only=True):
    """`web.view("/cart", Cart)`: the methods of the class."""


def taken_by(reader: PythonReader, site: CallSite) -> str:
    for above in reader.ancestors(site.node):
        if above.type == "call":
            return application(reader.callee(above).removesuffix(".add_routes"))
        if above.type not in ("list", "tuple", "argument_list"):
            break
    return list_name(reader, site.node)


# -- Sanic


def with_version(site: CallSite, reader: Reader, prefix: Arg) -> Value:
    """The prefix of a blueprint or a group, with its version."""
    given = prefix.value(site, reader) or Literal("")
    return join(version_of(site, reader), Literal("/"), given)


def version_of(site: CallSite, reader: Reader) -> Value:
    node = site.argument(-1, "version")
    text = literal_text(reader.value(node)) if node is not None else None
    if not text:
        return Literal("")
    before = site.argument(-1, "version_prefix")
    start = literal_text(reader.value(before)) if before is not None else "/v"
    return Literal(f"/{VERSION}{(start or '').strip('/')}{re.sub(r'^v', '', text)}")


class VersionedPrefix(Arg, frozen=True):
    def value(self, site: CallSite, reader: Reader) -> Value | None:
        return with_version(site, reader, Arg(-1, ("url_prefix",)))


class VersionedRoute(Route, frozen=True, kw_only=True):
    """Sanic: `@orders.get("/<order:int>", version=2)`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed):
                path = join(version_of(site, reader), with_names(fact.path))
                yield structs.replace(fact, path=path)


class VersionedView(ResourceRoute, VersionedRoute, frozen=True, kw_only=True):
    """`orders.add_route(Lines.as_view(), "/lines")`."""
