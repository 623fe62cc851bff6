"""Relations that come with the rows: `select_related`, `prefetch_related`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.lookups import sort_path
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.reader import PythonReader


def loaded_along(reader: PythonReader, given: Arguments) -> list[str]:
    """The relations that the arguments name; without any, Django follows all that it can."""
    if given.starred or not given.given:
        return [ANY_RELATION]
    found: list[str] = []
    for each in given.given:
        node = bare(each)
        inner = node
        if node.type == "call":
            words = arguments_of(reader, node)
            first = words.given[0] if words.given else words.named.get("lookup")
            inner = bare(first) if first is not None else node
            # The rows of a `Prefetch` may load more along than is read here.
            path = text_of(reader, inner)
            found += [f"{sort_path(path)}.{ANY_RELATION}"] if path else []
        text = text_of(reader, inner)
        if text is None:
            return [] if node.type == "none" else [ANY_RELATION]
        found.append(sort_path(text))
    return found


def led_on(eager: Iterable[str], name: str) -> list[str]:
    """What is loaded along, seen from a relation of the rows."""
    ahead = f"{name}."
    return [
        each if each == ANY_RELATION else each.removeprefix(ahead)
        for each in eager
        if each == ANY_RELATION or each.startswith(ahead)
    ]


def of_others(kind: str, model: str) -> Rows:
    """Rows that somebody else asked for, who knows what comes with them."""
    if kind == "one":
        return Rows("one", model, borrowed=True, eager=[ANY_RELATION])
    return Rows("rows", model, certain=True, eager=[ANY_RELATION])
