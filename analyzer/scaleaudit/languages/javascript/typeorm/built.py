"""What the calls of one of TypeORM's query builders add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import OrmQuery
from scaleaudit.languages.javascript.builders.conditions import Filters, flat
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"


class Built(Gathering):
    """What the calls of one builder add up to."""

    model: str
    root: str = ""  # the alias of the model's own table
    paths: dict[str, str] = msgspec.field(default_factory=dict)  # alias -> relations from the model
    others: dict[str, str] = msgspec.field(default_factory=dict)  # alias -> class or table joined
    filters: Filters = msgspec.field(default_factory=Filters)
    more: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    writes: bool = False
    deletes: bool = False
    shuffled: bool = False
    inserts: bool = False
    scopes: tuple[str, ...] = ()  # functions of other files that the builder is handed to


def query_of(reader: JavaScriptReader, built: Built, node: Node, text: str) -> OrmQuery:
    """The query as it is told, at the place where it is asked."""
    return OrmQuery(
        reader.span(node),
        FRAMEWORK,
        built.model,
        text,
        conditions=(*flat(built.filters.parts), *built.more),
        loads=tuple(built.loads),
        limited=built.limited,
        skips=built.skips,
        aggregate=built.aggregate,
        grouped=built.grouped,
        streamed=built.streamed,
        partial=built.partial,
        in_loop=reader.in_loop(node),
        writes=built.writes,
        inserts=built.inserts,
        deletes=built.deletes,
        scope=reader.scope(node),
        shuffled=built.shuffled,
        scopes=built.scopes,
    )
