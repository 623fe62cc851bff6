"""Indexes of a Prisma model, as its lines say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.schemas.prisma_syntax import names, unquoted
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.schemas.prisma_syntax import Block

KEYS = {"id": "primary", "unique": "unique", "index": ""}


def indexes_of(block: Block) -> Iterator[IndexFact]:
    for line in block.lines:
        if line.name:
            continue
        for attribute in line.attributes:
            columns = names(attribute.argument("fields"))
            if attribute.name not in KEYS or not columns:
                continue
            kind = KEYS[attribute.name]
            yield IndexFact(
                columns=columns,
                name=unquoted(attribute.named.get("map", "")),
                unique=kind == "unique",
                primary=kind == "primary",
                where=attribute.named.get("where", ""),
                method=attribute.named.get("type", "").lower(),
                at=Span(line.number),
            )


def leading_columns(block: Block) -> frozenset[str]:
    leading = {index.columns[0] for index in indexes_of(block) if index.columns}
    for line in block.lines:
        if line.attribute("unique") is not None or line.attribute("id") is not None:
            leading.add(line.name)
    return frozenset(leading)
