"""A text of which some parts are there by choice, and the texts that the choices lead to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.values import Value

MAX_OPTIONS = 24  # of one text
_BOOLEAN = regex(r"\s*(?:AND|OR)\s*", re.IGNORECASE)


class Text(Gathering):
    """A part that is always there."""

    value: Value


class Sum(Gathering):
    """Parts that are one element of a list."""

    parts: list[Part]


class Arm(Gathering):
    """What one branch puts in, and where the branch stands."""

    place: Node
    parts: list[Part]


class Choice(Gathering):
    """One of several arms; none of them where it is `optional`."""

    arms: list[Arm]
    optional: bool = True


class Listed(Gathering):
    """Elements with a separator between them: `conditions.join(" AND ")`."""

    separator: str
    items: list[Part] = msgspec.field(default_factory=list)


Part: TypeAlias = Text | Sum | Choice | Listed
Path: TypeAlias = tuple[Arm, ...]


def plain(parts: Sequence[Part]) -> Value:
    """The text with no more in it than must be."""
    return _rendered(parts, ())


def is_open(parts: Sequence[Part]) -> bool:
    """Whether there is any choice."""
    return next(_paths(parts, ()), None) is not None


def says_nothing(parts: Sequence[Part]) -> bool:
    """White space alone, which no choice is about."""
    return all(
        isinstance(each, Text) and isinstance(each.value, Literal) and not each.value.text.strip()
        for each in parts
    )


def options(parts: Sequence[Part]) -> list[tuple[Node, Value]]:
    """The text with each arm of its choices, one at a time, and where the arm stands."""
    found: list[tuple[Node, Value]] = []
    for path in _paths(parts, ()):
        if len(found) >= MAX_OPTIONS:
            break
        found.append((path[-1].place, _rendered(parts, path)))
    return found


def _paths(parts: Sequence[Part], above: Path) -> Iterator[Path]:
    """The arms with those that they are in."""
    for part in parts:
        if isinstance(part, Sum):
            yield from _paths(part.parts, above)
        elif isinstance(part, Listed):
            yield from _paths(part.items, above)
        elif isinstance(part, Choice):
            for arm in part.arms:
                yield (*above, arm)
                yield from _paths(arm.parts, (*above, arm))


def _rendered(parts: Sequence[Part], path: Path) -> Value:
    return join(*(value for part in parts for value in _values(part, path)))


def _values(part: Part, path: Path) -> list[Value]:
    if isinstance(part, Text):
        return [part.value]
    if isinstance(part, Sum):
        return [_rendered(part.parts, path)]
    if isinstance(part, Choice):
        taken = _taken(part, path)
        if taken is not None:
            return [_rendered(taken.parts, path)]
        return [] if part.optional else [UNKNOWN]
    elements = [each for item in part.items for each in _elements(item, path)]
    if not elements:  # what a condition is expected to be is not known
        return [UNKNOWN]
    if _BOOLEAN.fullmatch(part.separator):
        elements = [join(Literal("("), each, Literal(")")) for each in elements]
    return [
        value
        for number, each in enumerate(elements)
        for value in ((Literal(part.separator), each) if number else (each,))
    ]


def _elements(part: Part, path: Path) -> list[Value]:
    """What stands between separators: an arm may hold several."""
    if not isinstance(part, Choice):
        return [_rendered([part], path)]
    taken = _taken(part, path)
    if taken is not None:
        return [each for inner in taken.parts for each in _elements(inner, path)]
    return [] if part.optional else [UNKNOWN]


def _taken(choice: Choice, path: Path) -> Arm | None:
    return next((arm for arm in choice.arms if any(arm is each for each in path)), None)
