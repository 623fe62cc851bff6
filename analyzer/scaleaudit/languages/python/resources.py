"""Routes whose handler is a class: its methods say what it answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from scaleaudit.facts import CLASS_ROUTER, EndpointServed, RouterMounted
from scaleaudit.languages.patterns import HTTP_METHODS, NONE, Arg, Route
from scaleaudit.languages.python.route_lists import regex_path
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value


class ResourceRoute(Route, frozen=True, kw_only=True):
    """`api.add_resource(Order, "/orders/<id>")`; `on`: what stands before a method's name.

    `suffix`: the argument that says what stands behind it.
    """

    on: str = ""
    suffix: Arg = NONE

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        behind = self._behind(site, reader)
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed) and fact.method == "*" and self.on:
                fact = replace(fact, framework=f"{self.on}*{behind}")
            yield fact

    def _behind(self, site: CallSite, reader: Reader) -> str:
        given = literal_text(self.suffix.value(site, reader) or UNKNOWN)
        return f"_{given}" if given else ""

    def handled_by(self, site: CallSite, reader: Reader) -> str:
        """The class of an object that a variable of the file holds."""
        own = cast("PythonReader", reader)
        node = site.argument(self.handler.position, *self.handler.names)
        if site.target is None and node is not None and node.type == "identifier":
            name = own.text(node)
            made = own.local(name, node) or own.module_values.get(name)
            if made is not None and made.type == "call" and own.callee(made)[:1].isupper():
                return own.callee(made)
        return super().handled_by(site, reader)

    def verbs(self, site: CallSite, reader: Reader) -> list[str]:
        own = cast("PythonReader", reader)
        if site.argument(self.method_arg.position, *self.method_arg.names) is not None:
            return super().verbs(site, reader)
        node = site.target or site.argument(self.handler.position, *self.handler.names)
        return methods_of(own, node, self.on, self._behind(site, reader)) or ["*"]


class Listed(Arg, frozen=True):
    """All arguments without a name: `@orders.route("/", "/all")`."""

    def values(self, site: CallSite, reader: Reader) -> list[Value]:
        return [reader.value(each) for each in site.args]


class Further(Arg, frozen=True):
    """An argument and all that follow it: `add_resource(Order, "/orders", "/orders/<id>")`."""

    def values(self, site: CallSite, reader: Reader) -> list[Value]:
        given = [reader.value(each) for each in site.args[self.position :]]
        return given or super().values(site, reader)


class ActionRoute(Record, frozen=True, kw_only=True):
    """`@action(detail=True, methods=["post"])` in a view set, which routers are given elsewhere."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = reader.class_around(site.target) if site.target is not None else None
        if own is None or site.target is None:
            return
        name = reader.definition_name(site.target)
        given = Arg(-1, ("url_path",)).value(site, reader)
        detail = site.argument(-1, "detail")
        of_one = site.name == "detail_route" or (
            detail is not None and reader.text(detail) == "True"
        )
        before = Literal("/<pk>/" if of_one else "/")
        path = join(before, regex_path(given) if given is not None else Literal(name), Literal("/"))
        methods = site.argument(0, "methods")
        words = [
            word.upper() for word in re.findall(r"\w+", reader.text(methods) if methods else "")
        ]
        holder = reader.definition_name(own)
        for method in [word for word in words if word in HTTP_METHODS] or ["GET"]:
            yield EndpointServed(
                reader.span(site.node), method, path, f"{holder}.{name}", f"{CLASS_ROUTER}{holder}"
            )


class NamespacePath(Arg, frozen=True):
    """`Namespace("orders", path="/shop/orders")`; without a path the name is it."""

    def value(self, site: CallSite, reader: Reader) -> Value | None:
        given = Arg(2, ("path",)).value(site, reader)
        name = Arg(0, ("name",)).value(site, reader)
        return given or (join(Literal("/"), name) if name is not None else None)


class MadeOn(Record, frozen=True, kw_only=True):
    """`orders = api.namespace("orders")`, `api = Api(blueprint)`: a router made on another one.

    `parent`: the other one, else what the callee hangs on; `base`: what its maker puts in front.
    """

    callees: tuple[str, ...]
    base: Arg
    parent: Arg = NONE
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = site.node.parent
        made = around.child_by_field_name("left") if around is not None else None
        node = site.argument(self.parent.position, *self.parent.names)
        parent = reader.callee(site.node).rpartition(".")[0]
        client = site.client
        if self.parent != NONE:
            if node is None or node.type not in ("identifier", "attribute"):
                return
            parent = reader.text(node)
            client = reader.qualify(f"{parent}.app", node)[1]
        if made is None or made.type != "identifier":
            return
        prefix = self.base.value(client, reader) if client is not None else None
        yield RouterMounted(
            reader.span(site.node), prefix or Literal(""), reader.text(made), parent
        )


def methods_of(
    reader: PythonReader, node: Node | None, on: str = "", behind: str = ""
) -> list[str]:
    """The HTTP methods that a class of this file answers, in the order of its definition."""
    if node is not None and node.type == "call":
        node = node.child_by_field_name("function")
    if node is not None and node.type == "attribute" and reader.hint(node).endswith(".as_view"):
        node = node.child_by_field_name("object")
    if node is not None and node.type == "identifier":
        name = re.escape(reader.text(node).encode())
        found = re.search(rb"(?m)^class " + name + rb"\b", reader.content)
        leaf = (
            reader.root.descendant_for_byte_range(found.start(), found.start() + 1)
            if found is not None
            else None
        )
        node = leaf.parent if leaf is not None else None
    body = node.child_by_field_name("body") if node is not None else None
    if node is None or body is None or node.type != "class_definition":
        return []
    names = []
    for child in body.named_children:
        inner = child.child_by_field_name("definition") or child
        if inner.type == "function_definition":
            names.append(reader.definition_name(inner))
    words = [
        name.removeprefix(on).removesuffix(behind).upper()
        for name in names
        if name.startswith(on) and name.endswith(behind)
    ]
    return [word for word in words if word in HTTP_METHODS]
