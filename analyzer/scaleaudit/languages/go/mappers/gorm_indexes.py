"""Indexes that code makes through the first GORM: `db.Model(&Order{}).AddIndex("idx_orders_code", "code")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact, TableChanged
from scaleaudit.languages.go.mappers import asked
from scaleaudit.languages.go.mappers.bun_models import default_table
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.destinations import type_behind
from scaleaudit.languages.go.mappers.structs import named_by_method
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.mappers.links import Chain
    from scaleaudit.languages.go.reader import GoReader

MAKES = frozenset({"AddIndex", "AddUniqueIndex"})
MADE = regex(rb"\.\s*Add(?:Unique)?Index\(")


def indexes(reader: GoReader) -> Iterator[TableChanged]:
    if b"gorm" not in reader.content or MADE.search(reader.content) is None:
        return
    for chain in Chains(reader).ending(MADE, MAKES):
        table, last = table_of(reader, chain), chain.links[-1]
        name, *columns = [asked.text_of(reader, each) or "" for each in last.args] or [""]
        if not table or not columns or not all(columns):
            continue
        at = reader.span(last.call)
        index = IndexFact(tuple(columns), name, last.name == "AddUniqueIndex", at=at)
        yield TableChanged(at, table, "add-index", index=index)


def table_of(reader: GoReader, chain: Chain) -> str:
    """The table that a chain names, or that of its model; "" where neither is told."""
    for link in chain.links:
        if not link.args:
            continue
        if link.name == "Table":
            return (asked.text_of(reader, link.args[0]) or "").lower()
        if link.name == "Model":
            struct = type_behind(reader, link.args[0])
            named = named_by_method(reader, struct)
            return named.lower() or default_table(struct.rpartition(".")[2])
    return ""
