"""Paths of NestJS controllers: the version in front, and the prefix of the whole application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, SettingDefined
from scaleaudit.languages.patterns import FIRST, Arg, Route
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

SOURCE = "nest"  # of the settings that prefix and version are kept as
PREFIX_KEY, VERSION_KEY = "global prefix", "default version"
LEFT_OUT_KEY = "without prefix"  # a path that the prefix does not stand in front of
SPOKEN_KEY = "application"  # what it speaks: its value
ROUTER = "@nestjs"  # the router that all controllers of an application hang on
VERSIONED = "@nestjs/versioned"  # the same, of those that say a version of their own
NEUTRAL = "VERSION_NEUTRAL"  # served without a version in the path
# Elsewhere than in the path the version says nothing about it.
ELSEWHERE = regex(r"VersioningType\.(HEADER|MEDIA_TYPE|CUSTOM)")
# `"health"`, `{ path: "health", method: RequestMethod.GET }`
PATH_OF = regex(r"""^(?:\{.*?\bpath:\s*)?["'`]([^"'`]*)["'`]""", re.DOTALL)
MAX_TEXT = 300
WRAPPER = regex(r"\w*Controller\w*")


class NestRoute(Route, frozen=True, kw_only=True):
    """`@Get(":id")` in a `@Controller({path: "orders", version: "1"})`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        router = ROUTER if self._said(site, reader) is None else VERSIONED
        for fact in Route.facts(self, site, reader):
            yield replace(fact, router=router) if isinstance(fact, EndpointServed) else fact

    def class_prefix(self, site: CallSite, reader: Reader) -> Value | None:
        prefix = Route.class_prefix(self, site, reader) or wrapped_prefix(site, reader)
        said = self._said(site, reader)
        version = _literal(reader.value(said)) if said is not None else None
        if version is None:
            return prefix
        start = join(Literal("v"), version)
        return join(start, Literal("/"), prefix) if prefix is not None else start

    def _said(self, site: CallSite, reader: Reader) -> Node | None:
        """Its own version (`@Version("2")`), else the controller's; in the path unless told
        otherwise."""
        if site.target is None:
            return None
        for beside in reader.annotations.get(site.target.id, ()):
            if beside.name == "Version" and beside.args:
                return _known(beside.args[0], reader)
        around = reader.class_around(site.target)
        for above in reader.annotations.get(around.id, ()) if around is not None else ():
            if above.name == "Controller" and "version" in above.keywords:
                return _known(above.keywords["version"], reader)
        return None


def wrapped_prefix(site: CallSite, reader: Reader) -> Value | None:
    """What a decorator of the project hands on to `Controller`, in whose place it stands:
    `@ApiController("orders")` that is `applyDecorators(Controller(path), ...)`."""
    own = reader.class_around(site.target) if site.target is not None else None
    if own is None:
        return None
    above = own.parent
    exported = above is not None and above.type == "export_statement"
    beside = [*own.children, *(above.children if above is not None and exported else ())]
    for each in beside:
        inner = each.named_children[0] if each.type == "decorator" else None
        if inner is None or inner.type != "call_expression":
            continue
        name = reader.text(inner.child_by_field_name("function") or inner)
        if name == "Controller":
            return None
        if WRAPPER.fullmatch(name):
            given = Arg(0, ("path", "prefix")).value(reader.site(inner), reader)
            return _literal(given) if given is not None else None
    return None


def _literal(value: Value) -> Value | None:
    return value if isinstance(value, Literal) and value.text else None


def _known(said: Node, reader: Reader) -> Node | None:
    text = reader.text(said)
    return said if text == NEUTRAL or _literal(reader.value(said)) is not None else None


class NestPrefix(Record, frozen=True, kw_only=True):
    """`app.setGlobalPrefix("api")`: in front of every controller of the application."""

    callees: tuple[str, ...]
    prefix: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        value = self.prefix.value(site, reader)
        if value is not None:
            yield SettingDefined(reader.span(site.node), PREFIX_KEY, value, SOURCE)
        listed = site.argument(-1, "exclude")
        for each in reader.each(listed) if listed is not None and listed.type == "array" else ():
            given = PATH_OF.search(reader.text(each)[:MAX_TEXT])
            if given is not None:
                path = Literal(given[1].strip("/"))
                yield SettingDefined(reader.span(each), LEFT_OUT_KEY, path, SOURCE)


class NestVersioning(Record, frozen=True, kw_only=True):
    """`app.enableVersioning({defaultVersion: "1"})`: in front of what says no version itself."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if ELSEWHERE.search(reader.text(site.node)):
            return
        version = Arg(-1, ("defaultVersion",)).value(site, reader)
        if isinstance(version, Literal) and version.text:
            value = join(Literal("v"), version)
            yield SettingDefined(reader.span(site.node), VERSION_KEY, value, SOURCE)


class NestApplication(Record, frozen=True, kw_only=True):
    """`NestFactory.create(AppModule)` speaks HTTP, `createMicroservice` only a transport."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        spoken = "messages" if site.callee.endswith("createMicroservice") else "http"
        yield SettingDefined(reader.span(site.node), SPOKEN_KEY, Literal(spoken), SOURCE)
