"""Paths of NestJS controllers: the version in front, and the prefix of the whole application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, SettingDefined
from scaleaudit.languages.patterns import FIRST, Route
from scaleaudit.record import Record
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

SOURCE = "nest"  # of the setting that the prefix is kept as
PREFIX_KEY = "global prefix"
ROUTER = "@nestjs"  # the router that all controllers of an application hang on


class NestRoute(Route, frozen=True, kw_only=True):
    """`@Get(":id")` in a `@Controller({path: "orders", version: "1"})`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Route.facts(self, site, reader):
            yield _on_application(fact)

    def class_prefix(self, site: CallSite, reader: Reader) -> Value | None:
        prefix = Route.class_prefix(self, site, reader)
        version = self._version(site, reader)
        if version is None:
            return prefix
        start = join(Literal("v"), version)
        return join(start, Literal("/"), prefix) if prefix is not None else start

    def _version(self, site: CallSite, reader: Reader) -> Value | None:
        """Its own (`@Version("2")`), else the controller's; in the path unless told otherwise."""
        if site.target is None:
            return None
        for beside in reader.annotations.get(site.target.id, ()):
            if beside.name == "Version" and beside.args:
                return _literal(reader.value(beside.args[0]))
        around = reader.class_around(site.target)
        for above in reader.annotations.get(around.id, ()) if around is not None else ():
            if above.name == "Controller" and "version" in above.keywords:
                return _literal(reader.value(above.keywords["version"]))
        return None


def _literal(value: Value) -> Value | None:
    return value if isinstance(value, Literal) and value.text else None


def _on_application(fact: Fact) -> Fact:
    return replace(fact, router=ROUTER) if isinstance(fact, EndpointServed) else fact


class NestPrefix(Record, frozen=True, kw_only=True):
    """`app.setGlobalPrefix("api")`: in front of every controller of the application."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        value = FIRST.value(site, reader)
        if value is not None:
            yield SettingDefined(reader.span(site.node), PREFIX_KEY, value, SOURCE)
