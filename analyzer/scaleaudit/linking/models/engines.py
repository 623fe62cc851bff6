"""The engine of tables whose definition names none, where all that is known of it agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged
from scaleaudit.linking.models.drivers import driven_engines
from scaleaudit.linking.models.merging import with_key_indexes
from scaleaudit.schema import DIALECTS, Schema
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from scaleaudit.linking.facts_index import FactsIndex


# Databases of the JVM that live in a program's own process, until somebody names a server: what
# keeps the tables in the end is open.
FOR_THE_TIME_BEING = frozenset({"h2", "hsqldb"})


def engines_of(technologies: Iterable[str]) -> set[str]:
    """What the SQL databases among the technologies speak, as sqlglot names it."""
    return {DIALECTS[each] for each in technologies if each in DIALECTS}


def opened_engines(technologies: Iterable[str]) -> set[str]:
    """The same of what code opens, be it a file."""
    every = set(technologies)
    return engines_of(every) | (every & FOR_THE_TIME_BEING)


def on_engine(
    schema: Schema, connected: set[str], index: FactsIndex, opened: AbstractSet[str] = frozenset()
) -> Schema:
    """The schema with the indexes of the only engine there is, for tables of no known dialect.

    `connected`: of all databases that the system opens connections to; `opened`: those of code
    that opens one, be it a file. Where signs of several engines are found, the schema names them
    as `engines`.
    """
    driven = driven_engines(index)
    engines = possible_engines(connected, configured_engines(index), driven)
    if not engines and not driven:
        engines = set(opened)  # a file, when no program brings drivers for anything else
    if len(engines) != 1 or engines <= FOR_THE_TIME_BEING:
        return msgspec.structs.replace(schema, engines=frozenset(engines))
    engine = next(iter(engines))
    return Schema(
        {
            name: table
            if table.dialect
            else with_key_indexes(msgspec.structs.replace(table, dialect=engine))
            for name, table in schema.tables.items()
        }
    )


def possible_engines(connected: set[str], configured: set[str], driven: set[str]) -> set[str]:
    """The engines that the tables may be kept in; one, where it is known.

    Settings of the mapper and databases of the deployment must agree. Where only a database is
    known and the program brings drivers for several engines, it runs on any of them: that one of
    them stands beside it in a compose file is a choice of whoever wrote that file.
    """
    told = connected | configured
    if not told or (len(told) == 1 and len(driven) > 1 and not configured):
        return told | driven
    return told


def configured_engines(index: FactsIndex) -> set[str]:
    """What settings of mappers name as their engine, be it as a default."""
    return {
        change.dialect
        for path, change in index.of(TableChanged)
        if change.action == "engine" and index.role(path) is Role.SOURCE
    }
