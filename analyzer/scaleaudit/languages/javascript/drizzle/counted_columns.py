"""Columns that MySQL counts up: it takes none that no key begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import FieldFact, IndexFact


def counted_by_mysql(
    fields: tuple[FieldFact, ...], indexes: Sequence[IndexFact]
) -> tuple[FieldFact, ...]:
    """The fields, the one counted up as a key where the table says of none that begins with it.

    It is the primary key, unless there is one; then it has a unique key of its own.
    """
    led = {each.columns[0] for each in indexes if each.columns}
    primary = any(each.primary for each in fields) or any(each.primary for each in indexes)
    return tuple(
        replace(each, primary=not primary, unique=primary)
        if each.auto_increment
        and not (each.primary or each.unique or led & {each.name, each.column})
        else each
        for each in fields
    )
