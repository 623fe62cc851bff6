"""Routes that a class gives itself, and that a program hangs below a path: Helidon's services.

`routing.register("/orders", new Orders())` beside `class Orders implements HttpService`, whose
method gets the rules that it adds its routes to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.java.routes import MappedRoute
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

RULES = regex(r"(?:^|\.)(?:Http)?Rules(?:\.|$)")  # what such a method gets
MADE = regex(r"^(?:new\s+)?([A-Z]\w*)(?:\(|::|\.create\(|\.builder\()")


class RulesRoute(MappedRoute, frozen=True, kw_only=True):
    """A route of the class around it, where its rules are that class's."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = _class_of_rules(site, reader)
        for fact in MappedRoute.facts(self, site, reader):
            if isinstance(fact, EndpointServed):
                yield replace(fact, router=around)


class RulesMount(Record, frozen=True, kw_only=True):
    """A class whose routes are served below a path; without one they are where they stand."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if len(site.args) < 2:
            return
        prefix = reader.value(site.args[0])
        for node in site.args[1:]:
            child = _class_in(node, reader)
            if child:
                yield RouterMounted(
                    reader.span(site.node), prefix, child, _class_of_rules(site, reader)
                )


def _class_in(node: Node, reader: Reader) -> str:
    text = reader.text(node)[:200]
    made = MADE.match(text)
    if made is not None:
        return made[1]
    kind = reader.declared_type(text, node) if text.isidentifier() else ""  # type: ignore[attr-defined]
    return str(kind).partition("<")[0].rpartition(".")[2]


def _class_of_rules(site: CallSite, reader: Reader) -> str:
    """The class around the call, by its full name in the file; empty for the program's own routes."""
    if not RULES.search(site.callee):
        return ""
    around = reader.class_around(site.node)
    if around is None:
        return ""
    outer, name = reader.scope(around), reader.definition_name(around)
    return f"{outer}.{name}" if outer else name
