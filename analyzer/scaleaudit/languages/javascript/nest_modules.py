"""Modules of NestJS that have paths of their own, for all controllers that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.javascript import options
from scaleaudit.record import Record
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MAX_DEPTH = 6  # of paths below paths
MAX_CONTROLLERS = 100


class ModuleControllers(Record, frozen=True, kw_only=True):
    """`@Module({ controllers: [Orders] }) class OrdersModule`: they hang on the module."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        listed = site.keywords.get("controllers")
        name = reader.definition_name(site.target) if site.target is not None else ""
        for each in reader.each(listed)[:MAX_CONTROLLERS] if listed is not None and name else ():
            if each.type == "identifier":
                yield RouterMounted(
                    reader.span(site.node), Literal(""), reader.text(each), name, alias=True
                )


class ModulePaths(Record, frozen=True, kw_only=True):
    """`RouterModule.register([{ path: "admin", module: AdminModule, children: [...] }])`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("JavaScriptReader", reader)
        for node in site.args[:1]:
            yield from _entries(own, node, "", site.node, 0)


def _entries(
    reader: JavaScriptReader, node: Node, before: str, at: Node, depth: int
) -> Iterator[Fact]:
    for each in reader.each(node)[:MAX_CONTROLLERS]:
        literal = options.literal_of(reader, each, "object")
        if literal is None:
            if each.type == "identifier":  # a module among the children
                yield RouterMounted(reader.span(at), Literal(before), reader.text(each))
            continue
        path, module = (
            options.member(reader, literal, "path"),
            options.member(reader, literal, "module"),
        )
        value = reader.value(path) if path is not None else Literal("")
        if isinstance(value, Unknown) or not isinstance(value, Literal):
            continue
        whole = "/".join(part for part in (before, value.text.strip("/")) if part)
        if module is not None and module.type == "identifier":
            yield RouterMounted(reader.span(at), Literal(whole), reader.text(module))
        children = options.member(reader, literal, "children")
        if children is not None and depth < MAX_DEPTH:
            yield from _entries(reader, children, whole, at, depth + 1)
