"""A local variable that is made and then added to, here always, there in a branch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.languages.go.receivers import assigned_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

# The branches that lead to something, by the first bytes of their blocks; none: it always happens.
Choices: TypeAlias = frozenset[int]

ALWAYS: Choices = frozenset()
BLOCKS = {"block", "expression_case", "default_case", "type_case", "communication_case"}
MAX_LATER = 60  # changes of one variable
MAX_VARIANTS = 12


def declared(reader: GoReader, name: str, node: Node) -> Definition | None:
    """The definition by which a name is local at a node."""
    offset = node.start_byte
    function = reader.scopes.function(offset)
    if function is None:
        return None
    found = reader.scopes.definitions(function).get(name, ())
    reaching = [each for each in found if each.declares and each.reaches(offset)]
    return max(reaching, key=lambda each: (each.start, each.since), default=None)


def later(reader: GoReader, start: Definition, until: Node | None) -> list[Definition]:
    """What is assigned to the same variable afterwards, in order; up to a use, if one is given."""
    function = reader.scopes.function(start.node.start_byte)
    if function is None:
        return []
    everything = reader.scopes.definitions(function).get(start.name, ())
    shadows = [e for e in everything if e.declares and e.since > start.since]
    end = until.start_byte if until is not None else function.end_byte
    found = [
        each
        for each in everything
        if not each.declares
        and each.since > start.since
        and each.node.start_byte < end
        and not (until is not None and each.node.end_byte > end)
        and not any(s.start <= each.start and s.since <= each.since < s.end for s in shadows)
    ]
    return sorted(found, key=lambda each: each.since)[:MAX_LATER]


def branches(reader: GoReader, node: Node, sure: Node) -> Choices:
    """The blocks around a node that may be passed by when `sure` is reached."""
    found: list[int] = []
    for above in reader.ancestors(node):
        if above.start_byte <= sure.start_byte and sure.end_byte <= above.end_byte:
            break
        if above.type in BLOCKS:
            found.append(above.start_byte)
    return frozenset(found)


def ways(several: Iterable[Choices]) -> list[Choices]:
    """The choices worth telling apart: each that goes furthest; one that makes none, if none can be."""
    sets = list(dict.fromkeys(each for each in several if each))
    chosen = [one for one in sets if not any(one < other for other in sets)]
    return chosen[:MAX_VARIANTS] or [ALWAYS]


def given_once(reader: GoReader, name: str) -> Node | None:
    """What one place of the file puts into a variable of the package: an `init`, the setup of a store."""
    places = reader.usages.places(name, rb"\s*=(?!=)", most=2)
    target = reader.root.descendant_for_byte_range(places[0], places[0] + 1) if places else None
    if len(places) != 1 or target is None or declared(reader, name, target) is not None:
        return None
    return next(assigned_to(target), None)


def mentions(reader: GoReader, node: Node, name: str) -> bool:
    """Whether an expression takes up the variable itself: `query = query + " LIMIT 1"`."""
    return re.search(rf"(?<![\w.\"`]){re.escape(name)}(?![\w(])", reader.text(node)) is not None
