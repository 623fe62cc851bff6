"""Methods that add to a query builder they are handed, for classes of other files: traits, base classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, ScopeDefined, ScopeOption
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.php.conditions import MAX_TEXT, Built
from scaleaudit.languages.php.doctrine.expressions import ROOT_ALIAS
from scaleaudit.languages.php.scopes import named_parameters
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.php.handed_builders import HandedKept

HANDED = regex(rb"\bfunction\s+(\w+)\s*\([^{};]{0,300}?\bQueryBuilder\s+(\$\w+)")
MAX_PARTS = 60  # of one file


def parts(queries: HandedKept) -> Iterator[ScopeDefined]:
    """Each by the name of the method, as far as it speaks of the class that the builder begins with."""
    reader = queries.reader
    for _, match in zip(range(MAX_PARTS), HANDED.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        method = leaf.parent if leaf is not None else None
        if method is None or method.type != "method_declaration" or queries.is_hidden(method):
            continue
        declared = named_parameters(reader, method)
        own = match[2].decode()
        if own in declared:
            names = {name: ROOT_ALIAS for name in declared if "alias" in name.lower()}
            base = Built(stepwise=True, names=names)
            built, _ = queries.gathered(own, declared[own], base, 0)
            if built.terms or built.options:
                yield part(queries, method, match[1].decode(), built)


def part(queries: HandedKept, method: Node, name: str, built: Built) -> ScopeDefined:
    reader = queries.reader
    told, lost = of_root(built.conditions())
    options = [(node, *of_root(each.conditions())) for node, each in built.options]
    return ScopeDefined(
        at=reader.span(method),
        framework="doctrine",
        owner="",
        name=name,
        conditions=told,
        partial=built.partial or lost,
        implied=True,
        text=name,
        options=tuple(
            ScopeOption(reader.span(node), excerpt(reader.content, node, MAX_TEXT), conditions)
            for node, conditions, unknown in options
            if conditions and not unknown
        ),
    )


def of_root(conditions: tuple[Condition, ...]) -> tuple[tuple[Condition, ...], bool]:
    """Attributes of the class itself, and whether anything else is asked."""
    told = [each for each in conditions if each.path.startswith(f"{ROOT_ALIAS}.")]
    lost = any(each not in told and each.clause is Clause.FILTER for each in conditions)
    return tuple(replace(each, path=each.path.partition(".")[2]) for each in told), lost
