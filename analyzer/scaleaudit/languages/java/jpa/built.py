"""A query put together step by step: what always holds, and what some branches add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.excerpts import one_line
from scaleaudit.languages.java.jpa.restrictions import Found
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_TEXT = 200


class Built(Gathering):
    """One query: what always holds, and what is added in each branch."""

    model: str
    start: Node
    aliases: dict[str, str] = msgspec.field(default_factory=dict)  # alias -> path
    always: Found = msgspec.field(default_factory=Found)
    branches: dict[int, tuple[Node, Found]] = msgspec.field(default_factory=dict)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    variables: int = 0
    shown: Node | None = None  # what people are shown of it, where that is not the start
    text: str = ""  # of the whole, where the start alone says little
    sides: dict[int, int] = msgspec.field(default_factory=dict)  # of each OR

    def into(self, branch: int, node: Node) -> Found:
        if not branch:
            return self.always
        return self.branches.setdefault(
            branch, (node, Found(groups=100 * len(self.branches), left=self.always.left))
        )[1]


def told_queries(reader: JvmReader, built: Built) -> Iterator[OrmQuery]:
    """The base by itself where it asks for anything, and with each branch."""
    base = built.always
    filters = [c for c in base.conditions if c.clause is not Clause.SORT]
    if filters or not built.branches:
        yield query(reader, built, built.shown or built.start, base.conditions, base.lost)
    for node, found in built.branches.values():
        if (
            not any(c.clause is not Clause.SORT for c in found.conditions)
            and found.conditions
            and filters
        ):
            continue
        if found.conditions:
            whole = [*base.conditions, *found.conditions]
            yield query(reader, built, node, whole, base.lost or found.lost)


def query(
    reader: JvmReader, built: Built, node: Node, conditions: list[Condition], partial: bool
) -> OrmQuery:
    shown = built.text if node is built.start and built.text else reader.text(node)
    text = one_line(shown[: 2 * MAX_TEXT], MAX_TEXT)
    return OrmQuery(
        reader.span(node),
        "jpa",
        built.model,
        text,
        conditions=tuple(conditions),
        loads=tuple(dict.fromkeys(built.loads)),
        limited=built.limited,
        aggregate=built.aggregate,
        grouped=built.grouped,
        streamed=built.streamed,
        partial=partial,
        in_loop=reader.in_loop(built.start),
        scope=reader.scope(built.start),
    )
