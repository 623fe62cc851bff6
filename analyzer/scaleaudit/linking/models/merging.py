"""One table of what a dump or a migration says, and a model."""

from __future__ import annotations

import msgspec

from scaleaudit.linking.models.raw_indexes import same_index
from scaleaudit.linking.names import relaxed
from scaleaudit.schema import Column, ForeignKey, Index, Table, begun_by
from scaleaudit.schemas.drafts import INDEX_FOREIGN_KEYS
from scaleaudit.schemas.tools import SQL

MAKES_SCRIPTS = {"prisma", "drizzle"}  # what migrates is SQL, made out of the models


def of_snapshot(known: Table, told: Table) -> Table:
    """What a model adds to a snapshot of all models: which of the columns are enumerations."""
    spelled = {relaxed(column.name) for column in known.columns}
    columns = tuple(column for column in told.columns if relaxed(column.name) in spelled)
    return msgspec.structs.replace(told, columns=columns, indexes=(), foreign_keys=())


def merged(known: Table | None, described_: Table) -> Table:
    """One table of what two sources say; the first is trusted where they differ.

    A number or a text there may be an enumeration in the code.
    """
    if known is None:
        return with_key_indexes(described_)
    told = {relaxed(column.name): column for column in described_.columns}
    columns = [
        with_words(column, told[relaxed(column.name)]) if relaxed(column.name) in told else column
        for column in known.columns
    ]
    spelled = {relaxed(column.name): column.name for column in columns}
    between = unread_between(known, described_)
    for column in described_.columns:
        if relaxed(column.name) not in spelled and not between:
            spelled[relaxed(column.name)] = column.name
            columns.append(column)

    def respelled(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            name if name.startswith("(") else spelled.get(relaxed(name), name) for name in names
        )

    indexes = list(known.indexes)
    has_key = any(index.primary for index in indexes)
    keys = [{relaxed(name) for name in index.columns} for index in indexes if index.primary]
    for index in described_.indexes:
        names = respelled(index.columns)
        if index.primary and {relaxed(name) for name in names} in keys:
            continue  # the same key, in an order that the table does not have
        # Where the table has another key by now, that of the model still finds one row.
        primary = index.primary and not has_key
        added = msgspec.structs.replace(index, columns=names, primary=primary)
        if not any(same_index(added, each) for each in indexes):
            indexes.append(added)
    foreign = list(known.foreign_keys)
    for key in described_.foreign_keys:
        names = respelled(key.columns)
        hidden = between and any(relaxed(name) not in spelled for name in names)
        if not hidden and not any(tells_of(each, names, key.table) for each in foreign):
            foreign.append(msgspec.structs.replace(key, columns=names))
    return with_key_indexes(
        msgspec.structs.replace(
            known,
            columns=tuple(columns),
            indexes=tuple(indexes),
            foreign_keys=tuple(foreign),
            spelled=known.spelled or described_.spelled,
            tool=tool_of(known, described_),
            model=known.model or described_.model,
        )
    )


def unread_between(known: Table, told: Table) -> bool:
    """Whether a step that nobody could read lies between what migrations say and the class.

    An index leads with a column that the class no longer has: it may be on one that the class has
    under a new name, so that nothing is known of the indexes of columns that only the class has.
    """
    declared = {relaxed(column.name) for column in told.columns}
    made = {relaxed(column.name) for column in known.columns}
    leading = {relaxed(index.columns[0]) for index in known.indexes if not index.primary}
    return bool(declared - made) and bool(leading & made - declared)


def tells_of(known: ForeignKey, columns: tuple[str, ...], table: str) -> bool:
    """Whether a foreign key is the same, or that of which a mapper names some columns."""
    same = tuple(known.columns) == columns
    return same or (known.table == table and set(columns) <= set(known.columns))


def with_words(column: Column, told: Column) -> Column:
    """The column with what the class alone says of it."""
    kind = "ENUM" if told.type == "ENUM" else column.type
    return msgspec.structs.replace(column, type=kind, attribute=column.attribute or told.attribute)


def tool_of(known: Table, described_: Table) -> str:
    """Scripts that a tool makes out of the models are changed in the models."""
    made = known.tool == SQL and described_.tool in MAKES_SCRIPTS
    return described_.tool if made or not known.tool else known.tool


def with_key_indexes(table: Table) -> Table:
    """With the indexes that the engine makes for foreign keys by itself."""
    if table.dialect not in INDEX_FOREIGN_KEYS:
        return table
    indexes = list(table.indexes)
    for key in table.foreign_keys:
        if not begun_by(indexes, key.columns):
            indexes.append(Index(key.columns, at=key.at))
    return msgspec.structs.replace(table, indexes=tuple(indexes))
