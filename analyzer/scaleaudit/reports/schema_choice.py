"""Which tables of the schema are shown."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scaleaudit.record import Record

if TYPE_CHECKING:
    from scaleaudit.schema import Schema, Table


class UnknownTableError(Exception):
    """No table has that name; the message is one line with the nearest names."""


class SchemaChoice(Record, frozen=True):
    """`tables`: names, or patterns with `*`; all when empty."""

    tables: tuple[str, ...] = ()


def chosen(schema: Schema, choice: SchemaChoice) -> list[Table]:
    """The tables of the choice by name; raises `UnknownTableError`."""
    if not choice.tables:
        return [schema.tables[name] for name in sorted(schema.tables)]
    found: dict[str, Table] = {}
    for word in choice.tables:
        wanted = word.lower()
        fitting = [name for name in schema.tables if fnmatchcase(name, wanted)]
        if not fitting:
            near = get_close_matches(wanted, schema.tables, n=3, cutoff=0.5)
            hint = f"; near: {', '.join(near)}" if near else ""
            known = f"{len(schema.tables)} tables are known" if schema.tables else "none is known"
            raise UnknownTableError(f"no table {word}; {known}{hint}")
        found.update((name, schema.tables[name]) for name in fitting)
    return [found[name] for name in sorted(found)]
