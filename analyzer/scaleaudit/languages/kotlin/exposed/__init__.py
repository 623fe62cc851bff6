"""Exposed: tables that Kotlin objects declare, and queries on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.kotlin.exposed.queries import queries
from scaleaudit.languages.kotlin.exposed.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.java.jvm import JvmReader


def exposed_facts(reader: JvmReader) -> Iterator[Fact]:
    if b"jetbrains.exposed" in reader.content:
        yield from tables(reader)
        yield from queries(reader)
