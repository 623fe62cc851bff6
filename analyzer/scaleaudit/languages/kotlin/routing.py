"""Ktor's routes: those of a function on `Route` are served below where the function is called."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
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
FUNCTIONS_ON_ROUTE = regex(rb"\bfun\s+(?:Route|Routing)\s?\.\s?(\w+)")
PLAIN_CALL = regex(r"[a-z]\w*")
OWN = {"get", "post", "put", "patch", "delete", "head", "options", "route", "webSocket", "handle"}
MAX_CALLS = 200  # inside one route
MAX_DEPTH = 8  # of wrappers such as `authenticate { }` inside one another
MAX_FUNCTIONS = 100  # on routes, in one file
LAMBDA = "lambda_literal"
TEXTS = {"string_literal", "multiline_string_literal"}


class KtorRoute(MappedRoute, frozen=True, kw_only=True):
    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if is_call_of_function(reader, site.node, site.args, site.keywords):
            return
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


def mounted(reader: Reader) -> Iterator[RouterMounted]:
    """`fun Route.api() { orders() }`: what `fun Route.orders()` serves is where this function is."""
    if b"io.ktor" not in reader.content:
        return
    for found in islice(FUNCTIONS_ON_ROUTE.finditer(reader.content), MAX_FUNCTIONS):
        name = reader.root.descendant_for_byte_range(found.start(1), found.end(1))
        function = name.parent if name is not None else None
        if function is None or function.type != "function_declaration":
            continue
        for call in calls_inside(reader, function):
            called = reader.callee(call)
            yield RouterMounted(reader.span(call), Literal(""), called, found[1].decode())


def is_call_of_function(
    reader: Reader, call: Node, args: list[Node], keywords: dict[str, Node]
) -> bool:
    """A call named like a verb that has neither a path nor a block, such as `delete()`.

    One that is handed something else is no route either where the file has such a function.
    """
    if not args and not keywords:
        return True
    if (args and args[0].type in TEXTS) or any(each.type == LAMBDA for each in args):
        return False
    return reader.callee(call).encode() in names_on_route(reader.content)


@lru_cache(maxsize=2)  # of the file that is being read, however many calls it has
def names_on_route(content: bytes) -> frozenset[bytes]:
    return frozenset(found[1] for found in FUNCTIONS_ON_ROUTE.finditer(content))


def function_on_route(reader: Reader, node: Node) -> str:
    around = reader.function_around(node)
    match = ON_ROUTE.search(reader.text(around)[:300]) if around is not None else None
    return match[1] if match is not None else ""


def calls_inside(reader: Reader, call: Node) -> Iterator[Node]:
    """The calls by a plain name that are statements of a call's lambda, or of wrappers in it.

    So are those of a function.
    """
    waiting = [(call, 0)]
    seen = 0
    while waiting and seen < MAX_CALLS:
        at, depth = waiting.pop(0)
        for statement in statements(at):
            seen += 1
            name = reader.callee(statement)
            if not PLAIN_CALL.fullmatch(name) or (
                name in OWN
                and not is_call_of_function(reader, statement, *reader.arguments(statement)[:2])
            ):
                continue
            if any(True for _ in statements(statement)):
                if depth < MAX_DEPTH:
                    waiting.append((statement, depth + 1))
            else:
                yield statement


def statements(node: Node) -> Iterator[Node]:
    """The calls that are statements of a call's lambdas, or of a function's body."""
    for child in node.named_children:
        body = child.type == "function_body"
        inner = child.named_children if body or child.type == "annotated_lambda" else [child]
        for each in inner:
            if each.type in (LAMBDA, "block"):
                yield from (s for s in each.named_children if s.type == "call_expression")
            elif body and each.type == "call_expression":  # `fun Route.api() = orders()`
                yield each
