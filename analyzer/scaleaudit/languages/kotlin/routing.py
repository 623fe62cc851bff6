"""Ktor's routes: those of a function on `Route` are served below where the function is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.java.routes import MappedRoute, slashed
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

ON_ROUTE = regex(r"\bfun\s+(?:Route|Routing)\s?\.\s?(\w+)")
PLAIN_CALL = regex(r"[a-z]\w*")
OWN = {"get", "post", "put", "patch", "delete", "head", "options", "route", "webSocket", "handle"}
MAX_CALLS = 200  # inside one route
MAX_DEPTH = 8  # of wrappers such as `authenticate { }` inside one another


class KtorRoute(MappedRoute, frozen=True, kw_only=True):
    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        function = function_on_route(reader, site.node)
        for fact in MappedRoute.facts(self, site, reader):
            yield replace(fact, router=function) if isinstance(fact, EndpointServed) else fact


class KtorMount(MappedRoute, frozen=True, kw_only=True):
    """`route("/v1") { orders() }`: what `fun Route.orders()` serves is below `/v1`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        parent = function_on_route(reader, site.node)
        own = self.path.value(site, reader) or Literal("")
        above = next(iter(reader.ancestors(site.node)), None)
        # `route("/v1") { }` is a call of a call: the lambda stands beside the inner one.
        whole = above if above is not None and above.type == "call_expression" else site.node
        for prefix in self.prefixes_around(site, reader):
            for call in calls_inside(reader, whole):
                yield RouterMounted(
                    reader.span(call), slashed(prefix, own), reader.callee(call), parent
                )


def function_on_route(reader: Reader, node: Node) -> str:
    around = reader.function_around(node)
    match = ON_ROUTE.search(reader.text(around)[:300]) if around is not None else None
    return match[1] if match is not None else ""


def calls_inside(reader: Reader, call: Node) -> Iterator[Node]:
    """The calls by a plain name that are statements of a call's lambda, or of wrappers in it."""
    waiting = [(call, 0)]
    seen = 0
    while waiting and seen < MAX_CALLS:
        at, depth = waiting.pop(0)
        for statement in statements(at):
            seen += 1
            name = reader.callee(statement)
            if not PLAIN_CALL.fullmatch(name) or name in OWN:
                continue
            if any(True for _ in statements(statement)):
                if depth < MAX_DEPTH:
                    waiting.append((statement, depth + 1))
            else:
                yield statement


def statements(call: Node) -> Iterator[Node]:
    for child in call.named_children:
        inner = child.named_children if child.type == "annotated_lambda" else [child]
        for each in inner:
            if each.type == "lambda_literal":
                yield from (s for s in each.named_children if s.type == "call_expression")
