"""The engine of tables whose definition names none, where the system has only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.linking.models.tables import with_key_indexes
from scaleaudit.schema import DIALECTS, Schema

if TYPE_CHECKING:
    from collections.abc import Iterable


def on_engine(schema: Schema, technologies: Iterable[str], driven: str) -> Schema:
    """The schema with the indexes of the only engine there is, for tables of no known dialect.

    `technologies`: of all databases that the system opens connections to. Where it shows none,
    `driven` is the engine that its drivers are for, "" when not known.
    """
    engines = {DIALECTS[each] for each in technologies if each in DIALECTS} or {driven}
    engine = next(iter(engines)) if len(engines) == 1 else ""
    if not engine:
        return schema
    return Schema(
        {
            name: table
            if table.dialect
            else with_key_indexes(msgspec.structs.replace(table, dialect=engine))
            for name, table in schema.tables.items()
        }
    )
