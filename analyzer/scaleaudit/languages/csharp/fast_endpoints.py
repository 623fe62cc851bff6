"""FastEndpoints: a class for each endpoint, groups of them, and the prefix of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.csharp.conventions import PLACE
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.syntax import CSharpSyntax
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

ROUTER = "fastendpoints"  # with the class of a group behind it, where an endpoint is in one
VERBS = regex(r"\bVerbs\s*\(([^)]{0,200})\)")
WORD = regex(r"[A-Za-z]+")
OF_GROUP = regex(r"(?<![\w.])Group\s*<\s*([\w.]{1,100})\s*>\s*\(")
GROUP = regex(r"(?:Sub)?Group(?:\s*<\s*([\w.]{1,100})\s*>)?$")


class ClassRoute(Record, frozen=True, kw_only=True):
    """`Get("/orders/{id}")` in the method `Configure` of an endpoint's class."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        method = reader.function_around(site.node)
        around = reader.class_around(site.node)
        if method is None or around is None or reader.definition_name(method) != "Configure":
            return
        text = reader.text(method)
        verbs = [site.name.upper()] if site.name.upper() in HTTP_METHODS else []
        if not verbs:
            said = VERBS.search(text)
            words = WORD.findall(said[1]) if said is not None else []
            verbs = [word.upper() for word in words if word.upper() in HTTP_METHODS] or ["*"]
        grouped = OF_GROUP.search(text)
        router = router_of(grouped[1]) if grouped is not None else ROUTER
        for arg in site.args:
            yield from served(site, reader, arg, verbs, around, router)


class AttributeRoute(Record, frozen=True, kw_only=True):
    """`[HttpGet("/orders/{id}")]` on an endpoint's class."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        if target is None or target.type not in reader.CLASSES or b"Endpoint" not in reader.content:
            return
        names = [reader.text(base) for base in cast("CSharpSyntax", reader).base_names(target)]
        if any(name.partition("<")[0].startswith(("Endpoint", "Ep.")) for name in names):
            verbs = [site.name.removeprefix("Http").upper()]
            for arg in site.args:
                yield from served(site, reader, arg, verbs, target, ROUTER)


def served(
    site: CallSite, reader: Reader, arg: Node, verbs: list[str], around: Node, router: str
) -> Iterator[Fact]:
    path = reader.value(arg)
    if isinstance(path, Literal):
        cleaned = Literal(PLACE.sub(r"{\1}", path.text))
        for verb in verbs:
            name = reader.definition_name(around)
            yield EndpointServed(reader.span(site.node), verb, cleaned, name, router)


class RoutePrefix(Record, frozen=True, kw_only=True):
    """`app.UseFastEndpoints(c => c.Endpoints.RoutePrefix = "api")`."""

    callees: tuple[str, ...] = ("*.UseFastEndpoints",)
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        given = site.keywords.get("RoutePrefix")
        if given is not None:
            yield RouterMounted(reader.span(site.node), reader.value(given), ROUTER)


class GroupPrefix(Record, frozen=True, kw_only=True):
    """`Configure("admin", ep => ...)` in the constructor of a group's class."""

    callees: tuple[str, ...] = ("Configure",)
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = reader.class_around(site.node)
        prefix = reader.value(site.args[0]) if site.args else None
        if around is None or not isinstance(prefix, Literal):
            return
        for base in cast("CSharpSyntax", reader).base_names(around)[:1]:
            found = GROUP.fullmatch(reader.text(base)[:200])
            if found is not None:
                yield RouterMounted(
                    reader.span(site.node),
                    prefix,
                    router_of(reader.definition_name(around)),
                    router_of(found[1]) if found[1] else ROUTER,
                )


def router_of(group: str) -> str:
    return f"{ROUTER} {group.rpartition('.')[2]}"
