"""What each step of a migration does to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import ForeignKeyFact, IndexFact, TableChanged
    from scaleaudit.schemas.drafts import Draft


def _add_column(draft: Draft, path: str, fact: TableChanged) -> None:
    if fact.column is not None:
        draft.columns.setdefault(fact.column.name.lower(), (path, fact.column))


def _drop_column(draft: Draft, _path: str, fact: TableChanged) -> None:
    """Its indexes and foreign keys go with it; MySQL keeps the index for the other columns."""
    name = fact.name.lower()
    draft.columns.pop(name, None)
    for keys in (draft.foreign_keys, draft.released):
        keys[:] = [(p, k) for p, k in keys if name not in (c.lower() for c in k.columns)]
    kept: list[tuple[str, IndexFact]] = []
    for path, index in draft.indexes:
        rest = tuple(column for column in index.columns if column.lower() != name)
        if len(rest) == len(index.columns):
            kept.append((path, index))
        elif rest and draft.dialect == "mysql":
            kept.append((path, msgspec.structs.replace(index, columns=rest)))
    draft.indexes = kept
    draft.twins = [(p, i) for p, i in draft.twins if name not in _lowered(i.columns)]


def _rename_column(draft: Draft, _path: str, fact: TableChanged) -> None:
    if fact.column is None:
        return
    old, new = fact.column.name.lower(), fact.name
    if old not in draft.columns or new.lower() in draft.columns:
        return
    draft.columns = {
        (new.lower() if key == old else key): (
            (path, msgspec.structs.replace(column, name=new)) if key == old else (path, column)
        )
        for key, (path, column) in draft.columns.items()
    }

    def renamed(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column.lower() == old else column for column in columns)

    for indexes in (draft.indexes, draft.twins):
        indexes[:] = [
            (p, msgspec.structs.replace(i, columns=renamed(i.columns))) for p, i in indexes
        ]
    draft.foreign_keys = [
        (p, foreign_key(k, columns=renamed(k.columns))) for p, k in draft.foreign_keys
    ]


def _alter_type(draft: Draft, _path: str, fact: TableChanged) -> None:
    """The place stays where the column was first written, unless a type is given anew."""
    found = draft.columns.get(fact.column.name.lower()) if fact.column else None
    if fact.column is None or found is None:
        return
    path, old = found
    new = fact.column
    draft.columns[old.name.lower()] = (
        path,
        msgspec.structs.replace(
            old,
            type=new.type or old.type,
            auto_increment=old.auto_increment or new.auto_increment,
        ),
    )


def _add_index(draft: Draft, path: str, fact: TableChanged) -> None:
    if fact.index is not None:
        put_index(draft, path, fact.index)


def put_index(draft: Draft, path: str, index: IndexFact) -> None:
    same = ("columns", "where", "method", "unique", "primary")
    for _, old in draft.indexes:
        if all(getattr(old, name) == getattr(index, name) for name in same):
            if index.name and index.name.lower() not in _index_names(draft.name, old):
                draft.twins.append((path, index))
            return
        if index.primary and old.primary:
            return
        # `IF NOT EXISTS` finds the one that a mapper has named.
        if old.columns == index.columns and index.name.lower() in _index_names(draft.name, old):
            return
    draft.indexes.append((path, index))


def _drop_index(draft: Draft, _path: str, fact: TableChanged) -> None:
    """By name, else by columns; unnamed ones answer to the name that an engine gives them."""
    name = fact.name.lower()
    if not name and fact.index is None:
        return  # which one is not known
    kept = [(p, i) for p, i in draft.indexes if name not in _index_names(draft.name, i)]
    if len(kept) == len(draft.indexes) and fact.index is not None:
        columns = _lowered(fact.index.columns)
        kept = [(p, i) for p, i in kept if i.primary or _lowered(i.columns) != columns]
    draft.indexes = kept
    again, draft.twins = [(p, i) for p, i in draft.twins if i.name.lower() != name], []
    for path, twin in again:
        put_index(draft, path, twin)
    for keys in (draft.foreign_keys, draft.released) if name else ():
        keys[:] = [(p, k) for p, k in keys if name not in _key_names(draft.name, k)]


def _drop_foreign_key(draft: Draft, _path: str, fact: TableChanged) -> None:
    """The key alone: an index that the engine made for it stays until it is dropped itself."""
    name = fact.name.lower()
    gone = [(p, k) for p, k in draft.foreign_keys if name in _key_names(draft.name, k)]
    draft.released += gone
    draft.foreign_keys = [each for each in draft.foreign_keys if each not in gone]


def _key_names(table: str, key: ForeignKeyFact) -> set[str]:
    own = {f"{table}_{'_'.join(key.columns)}_fkey".lower()}
    return own | {key.name.lower()} if key.name else own


def _lowered(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column.lower() for column in columns)


def _rename_index(draft: Draft, _path: str, fact: TableChanged) -> None:
    old = fact.index.name.lower() if fact.index is not None else ""
    for indexes in (draft.indexes, draft.twins):
        for position, (path, index) in enumerate(indexes):
            if old in _index_names(draft.name, index):
                indexes[position] = path, msgspec.structs.replace(index, name=fact.name)


def _index_names(table: str, index: IndexFact) -> set[str]:
    if index.name:
        return {index.name.lower()}
    columns = "_".join(index.columns)
    if index.primary:
        return {f"{table}_pkey".lower(), "primary"}
    ending = "key" if index.unique else "idx"
    return {
        f"{table}_{columns}_{ending}".lower(),
        f"ix_{table}_{columns}".lower(),  # EF Core
        index.columns[0].lower(),
    }


def _add_foreign_key(draft: Draft, path: str, fact: TableChanged) -> None:
    if fact.foreign_key is None:
        return
    put_foreign_key(draft, path, fact.foreign_key)
    columns = _lowered(fact.foreign_key.columns)  # with an index, where none begins with them
    if fact.index is not None and not any(
        _lowered(index.columns)[: len(columns)] == columns for _, index in draft.indexes
    ):
        put_index(draft, path, fact.index)


def put_foreign_key(draft: Draft, path: str, key: ForeignKeyFact) -> None:
    if not any(
        old.columns == key.columns and old.table == key.table for _, old in draft.foreign_keys
    ):
        draft.foreign_keys.append((path, key))


def _drop_primary_key(draft: Draft, _path: str, _fact: TableChanged) -> None:
    draft.indexes = [(p, i) for p, i in draft.indexes if not i.primary]


def _set_not_null(draft: Draft, _path: str, fact: TableChanged) -> None:
    found = draft.columns.get(fact.name.lower())
    if found is not None:
        path, old = found
        draft.columns[fact.name.lower()] = path, msgspec.structs.replace(old, nullable=False)


def _seed(draft: Draft, _path: str, _fact: TableChanged) -> None:
    draft.seeded = True


def foreign_key(
    key: ForeignKeyFact, *, table: str = "", columns: tuple[str, ...] = ()
) -> ForeignKeyFact:
    return msgspec.structs.replace(key, table=table or key.table, columns=columns or key.columns)


CHANGES: dict[str, Callable[[Draft, str, TableChanged], None]] = {
    "add-column": _add_column,
    "drop-column": _drop_column,
    "rename-column": _rename_column,
    "alter-type": _alter_type,
    "set-not-null": _set_not_null,
    "add-index": _add_index,
    "drop-index": _drop_index,
    "rename-index": _rename_index,
    "add-foreign-key": _add_foreign_key,
    "drop-foreign-key": _drop_foreign_key,
    "drop-primary-key": _drop_primary_key,
    "seed": _seed,
}
