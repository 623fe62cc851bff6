"""Queries through Prisma's client: `prisma.order.findMany({ where: { customerId } })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["queries"]

# Of what a client is called.
NAMES = (b"risma", b"PRISMA", b"db", b"DB", b"tx")


def queries(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    if reader.says(*NAMES):
        from scaleaudit.languages.javascript.prisma.calls import queries as told

        yield from told(reader)
