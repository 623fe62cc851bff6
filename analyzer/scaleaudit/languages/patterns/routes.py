"""Endpoints that a file serves, and routers that it hangs under a prefix."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from scaleaudit.facts import (
    EndpointServed,
    RouterMounted,
)
from scaleaudit.record import Record
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg

MAX_HANDLER_TEXT = 120  # bytes; a longer handler is an inline function, which has no name


HTTP_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"}


ROUTING = HTTP_METHODS | {"ROUTE", "API_ROUTE", "WEBSOCKET"}  # annotations of a handler


class Route(Record, frozen=True, kw_only=True):
    """A route: a decorator, an annotation, or a call that takes path and handler.

    `prefix_on_class` names annotations of the enclosing class whose path comes first.
    `needs_path`: without a literal or resolvable path it is something else of the same name.
    The same holds for a call with fewer than `least` arguments.
    """

    callees: tuple[str, ...]
    path: Arg = FIRST
    base: Arg = NONE  # the prefix given to the router's constructor, when this file shows it
    replaceable: bool = False  # mounts that give a prefix replace that one
    methods: str = ""  # empty: the callee's last part, or the `method` argument
    method_arg: Arg = NONE
    unsaid: str = "*"  # the method, where nothing says one
    handler: Arg = NONE
    prefix_on_class: tuple[str, ...] = ()
    protocol: str = "http"
    annotation: bool = False
    when: Condition | None = None
    needs_path: bool = True
    least: int = 0

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        paths = self.path.values(site, reader)
        if (not paths and self.needs_path) or len(site.args) < self.least:
            return
        handler = self.handled_by(site, reader)
        prefix = self.class_prefix(site, reader)
        if prefix is None and site.client is not None:
            prefix = self.base.value(site.client, reader)
        router = reader.callee(site.node).rpartition(".")[0]
        for path, method in product(paths or [Literal("")], self.verbs(site, reader)):
            own = path if self.replaceable and prefix is not None else None
            if prefix is not None:
                path = join(prefix, Literal("/"), path) if path != Literal("") else prefix
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=path,
                handler=handler,
                router=router,
                protocol=self.protocol,
                own=own,
            )

    def handled_by(self, site: CallSite, reader: Reader) -> str:
        if site.target is not None:
            outer = reader.scope(site.target)
            return ".".join(part for part in (outer, reader.definition_name(site.target)) if part)
        node = site.argument(self.handler.position, *self.handler.names)
        short = node is not None and node.end_byte - node.start_byte <= MAX_HANDLER_TEXT
        return reader.text(node) if node is not None and short else ""

    def class_prefix(self, site: CallSite, reader: Reader) -> Value | None:
        if not self.prefix_on_class or site.target is None:
            return None
        around = reader.class_around(site.target)
        for above in reader.annotations.get(around.id, ()) if around else ():
            if above.name in self.prefix_on_class:
                return self.path.value(above, reader)
        return None

    def verbs(self, site: CallSite, reader: Reader) -> list[str]:
        if self.methods:
            return self.methods.split()
        node = site.argument(self.method_arg.position, *self.method_arg.names)
        if node is not None:
            words = re.findall(r"[A-Za-z]+", reader.text(node))
            found = [word.upper() for word in words if word.upper() in HTTP_METHODS]
            return found or ["*"]
        name = site.name.upper().removesuffix("MAPPING").removeprefix("HTTP")
        return [name] if name in HTTP_METHODS else [self.unsaid]


class Mount(Record, frozen=True, kw_only=True):
    """A router (or a module of routes) hung below a prefix.

    `base`: what the constructor of the router that takes it puts in front. `instead`: a prefix
    replaces the one that the router was made with.
    """

    callees: tuple[str, ...]
    prefix: Arg = NONE
    base: Arg = NONE
    child: Arg = FIRST
    instead: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.child.position, *self.child.names)
        if node is None:
            return
        prefix = self.prefix.value(site, reader) or Literal("")
        given = prefix != Literal("")
        above = self.base.value(site.client, reader) if site.client is not None else None
        if above is not None and not self.instead:
            prefix = join(above, Literal("/"), prefix) if prefix != Literal("") else above
        yield RouterMounted(
            at=reader.span(site.node),
            prefix=prefix,
            child=reader.text(node)[:200],
            parent=reader.callee(site.node).rpartition(".")[0],
            instead=self.instead and given,
            base=above if self.instead else None,
        )
