"""Small routers: AltoRouter, Klein, Bramus. Method and path are texts, parameters stand in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import structs

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.languages.php.route_prefixes import prefixed
from scaleaudit.languages.php.routes import GroupedRoute
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

# `[i:id]`, `[:name]?`, `[*]`; `/?` at the end is a slash that may be there.
BRACKETS = regex(r"\[[\w*|]{0,40}(?::(\w{0,60}))?\]\??")
GROUP = regex(r"\((?:\?P?<(\w{1,60})>)?[^()]{0,200}\)\??")
METHOD = regex(r"[A-Za-z]+")
MAX_ROUTES = 500


class BracketRoute(Record, frozen=True, kw_only=True):
    """`$router->map("GET|POST", "/orders/[i:id]", ...)`; Klein's method may be missing or a list."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        args = site.args
        if len(args) < 2:
            return
        first = literal_text(php.value(args[0])) or ""
        alone = first[:1] in ("/", "@", "*")  # no method stands in front
        methods = ["*"] if alone else verbs(php, args[0])
        yield from served(php, site.node, methods, args[0] if alone else args[1])


class ListedRoutes(Record, frozen=True, kw_only=True):
    """AltoRouter: `$router->addRoutes([["GET", "/orders", "Orders#list"], ...])`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        for each in php.each(site.args[0])[:MAX_ROUTES] if site.args else ():
            parts = php.each(each) if each.type == "array_creation_expression" else []
            if len(parts) > 1:
                yield from served(php, each, verbs(php, parts[0]), parts[1])


class PatternRoute(GroupedRoute, frozen=True, kw_only=True):
    """Bramus: `$router->get("/orders/(\\d+)", ...)`, whose groups are parameters."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in super().facts(site, reader):
            text = literal_text(fact.path) if isinstance(fact, EndpointServed) else None
            if isinstance(fact, EndpointServed) and text is not None:
                path = Literal(GROUP.sub(in_braces, text).rstrip("/") or "/")
                yield structs.replace(fact, path=path)
            else:
                yield fact


def served(reader: PhpReader, node: Node, methods: list[str], path: Node) -> Iterator[Fact]:
    text = literal_text(reader.value(path))
    if text is None or text[:1] not in ("/", ""):
        return  # `*`, or a regular expression of the whole
    cleaned: Value = Literal(BRACKETS.sub(in_braces, text).removesuffix("/?"))
    for method in methods:
        yield EndpointServed(reader.span(node), method, prefixed(reader, node, cleaned))


def in_braces(found: re.Match[str]) -> str:
    return "{" + (found[1] or "") + "}"


def verbs(reader: PhpReader, node: Node) -> list[str]:
    words = [word.upper() for word in METHOD.findall(reader.text(node)[:200])]
    return [word for word in words if word in HTTP_METHODS] or ["*"]
