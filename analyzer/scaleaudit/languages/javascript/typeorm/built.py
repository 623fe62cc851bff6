"""What the calls of one of TypeORM's query builders add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript.builders.conditions import Filters
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from scaleaudit.facts import Condition


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
