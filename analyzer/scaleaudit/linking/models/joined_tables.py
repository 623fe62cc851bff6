"""The tables that a query joins by relations, and which of them has a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.models.conventions import convention_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models


def ways(
    links: Links, start: Model | None, along: Iterable[str]
) -> Iterator[list[tuple[tuple[str, ...], Link]]]:
    """The relations that are joined, each step with all that leads to it."""
    for dotted in along:
        steps: list[tuple[tuple[str, ...], Link]] = []
        model = start
        key: tuple[str, ...] = ()
        for name in dotted.split("."):
            link = links.find(model, name) if model is not None else None
            if link is None:
                break
            model, key = link.target, (*key, name)
            steps.append((key, link))
        if steps:
            yield steps


def only_owner(
    models: Models,
    links: Links,
    start: Model | None,
    along: Iterable[str],
    named: set[str],
    column: str,
) -> str:
    """The one joined table that has the column, where the model's own is known and has it not."""
    if start is None or models.replayed_table(start) is None:
        return ""
    if not convention_of(start.framework).bare_columns:
        return ""
    known = models.schema.tables
    tables = named | {way[-1][1].target.table for way in ways(links, start, along)}
    owners = [name for name in tables if name in known and known[name].column(column) is not None]
    return owners[0] if len(owners) == 1 else ""
