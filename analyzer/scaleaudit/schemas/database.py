"""The tables of one database while their history is replayed: changes applied one after the other."""

from __future__ import annotations

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.schemas.draft_changes import CHANGES, foreign_key, put_foreign_key, put_index
from scaleaudit.schemas.drafts import Draft

# Changes of an index that may leave out its table, as names of indexes are unique in most engines.
OF_ANY_TABLE = {"drop-index", "rename-index"}


# A table made like another, with its indexes or without.
COPIES = {"copy", "copy-columns"}


class Database:
    """Tables by name. Changes are idempotent: a dump and the migrations behind it may both run."""

    def __init__(self) -> None:
        self.tables: dict[str, Draft] = {}
        self.orphans: list[tuple[str, TableChanged]] = []  # changes of tables not (yet) known here

    def apply(self, path: str, fact: TableDefined | TableChanged) -> None:
        if isinstance(fact, TableDefined):
            self._define(path, fact)
            return
        if fact.action in COPIES:
            self._copy(path, fact)
            return
        draft = self.tables.get(fact.table)
        if draft is None and not (fact.action in OF_ANY_TABLE and not fact.table):
            self.orphans.append((path, fact))
        elif draft is not None:
            change = CHANGES.get(fact.action)
            if change is not None:
                change(draft, path, fact)
            elif fact.action == "drop":
                del self.tables[draft.name]
            elif fact.action == "rename" and fact.name != draft.name:
                self._rename(draft, fact.name)
        else:
            for each in self.tables.values():
                CHANGES[fact.action](each, path, fact)

    def _define(self, path: str, fact: TableDefined) -> None:
        new = Draft(fact.table, path, fact.at, fact.dialect, fact.seeded, fact.spelled)
        for column in fact.columns:
            new.columns.setdefault(column.name.lower(), (path, column))
        for index in fact.indexes:
            put_index(new, path, index)
        for key in fact.foreign_keys:
            put_foreign_key(new, path, key)
        self.keep_larger(new)

    def _copy(self, path: str, fact: TableChanged) -> None:
        """A table made like another, which is as it is now."""
        old = self.tables.get(fact.name)
        if old is None:
            return
        new = Draft(fact.table, path, fact.at, fact.dialect or old.dialect)
        new.columns = dict(old.columns)
        if fact.action == "copy":
            new.indexes = list(old.indexes)
        self.keep_larger(new)

    def keep_larger(self, new: Draft) -> None:
        """One name twice (IF NOT EXISTS, a dump, two databases): the larger table stands."""
        old = self.tables.get(new.name)
        if old is None or new.size > old.size:
            if old is not None:
                new.seeded |= old.seeded
            self.tables[new.name] = new
        else:
            old.seeded |= new.seeded

    def _rename(self, draft: Draft, name: str) -> None:
        del self.tables[draft.name]
        for each in self.tables.values():
            each.foreign_keys = [
                (p, foreign_key(k, table=name) if k.table == draft.name else k)
                for p, k in each.foreign_keys
            ]
        draft.name, draft.spelled = name, ""
        self.keep_larger(draft)
