"""Tables and columns that stand in constants of other files: `db(TableName.Orders)`.

Extractors write such a name as `${tablename:orders}`, in lower case as every name of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined, OrmQuery, QueryFound, TableChanged, TableDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Setting, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from scaleaudit.facts import (
        ColumnFact,
        Fact,
        FileFacts,
        ForeignKeyFact,
        IndexFact,
        Predicate,
    )
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

MARK = "${"
BARE = regex(r"[A-Za-z]\w*$")
NAMED = regex(r"\$\{([\w:$]{1,200})\}")


def with_named_tables(facts: Mapping[str, FileFacts], index: FactsIndex) -> Mapping[str, FileFacts]:
    """The facts with such names spelled out, and without those that nothing spells.

    The very same mapping where no file names a table so.
    """
    paths = {
        path
        for kind in (QueryFound, OrmQuery, TableDefined, TableChanged)
        for path, fact in index.of(kind)
        if names_constant(fact)
    }
    if not paths:
        return facts
    constants = Constants(index)
    changed = dict(facts)
    for path in paths:
        spelled = (constants.spelled(fact) for fact in facts[path].facts)
        kept = tuple(fact for fact in spelled if fact is not None)
        changed[path] = replace(facts[path], facts=kept)
    return changed


def names_constant(fact: Fact) -> bool:
    match fact:
        case QueryFound(library="knex" | "sql-builder"):
            return any(MARK in name for name in (*fact.reads, *fact.writes)) or any(
                MARK in each.column for each in fact.predicates
            )
        case QueryFound(library="sql"):
            return any(MARK in name for name in (*fact.reads, *fact.writes))
        case OrmQuery(framework="objection"):
            return any(MARK in each.path for each in fact.conditions)
        case TableDefined():
            return (
                MARK in fact.table
                or any(MARK in each.name for each in fact.columns)
                or any(key_names_constant(each) for each in fact.foreign_keys)
                or any(MARK in name for each in fact.indexes for name in each.columns)
            )
        case TableChanged():
            key, index, column = fact.foreign_key, fact.index, fact.column
            return (
                MARK in fact.table
                or MARK in fact.name
                or (key is not None and key_names_constant(key))
                or (index is not None and any(MARK in name for name in index.columns))
                or (column is not None and MARK in column.name)
            )
        case _:
            return False


def key_names_constant(key: ForeignKeyFact) -> bool:
    return MARK in key.table or any(MARK in each for each in (*key.columns, *key.references))


def without_tables(query: QueryFound, lost: set[str]) -> QueryFound:
    """A statement of which it is not known what else it asks."""
    return replace(
        query,
        reads=tuple(name for name in query.reads if name not in lost),
        writes=tuple(name for name in query.writes if name not in lost),
        inserts=tuple(name for name in query.inserts if name not in lost),
        predicates=tuple(each for each in query.predicates if each.table not in lost),
        partial=True,
    )


def without_prefix(value: Value) -> str | None:
    """The text of a constant, without what each installation puts before the names of its tables."""
    match value:
        case Literal(text=text):
            return text
        case Join(parts=(Setting() | Name() | Unknown(), Literal(text=text))) if BARE.match(text):
            return text
        case _:
            return None


class Constants:
    """Texts of constants by their name, in lower case, and by the last two parts of it."""

    def __init__(self, index: FactsIndex) -> None:
        self._texts: dict[str, set[str]] = {}
        for _, constant in index.of(ConstantDefined):
            text = without_prefix(constant.value)
            if text is not None:
                parts = constant.name.lower().split(".")
                for name in {":".join(parts), ":".join(parts[-2:])}:
                    self._texts.setdefault(name, set()).add(text)

    def spelled(self, fact: Fact) -> Fact | None:
        """The fact as the constants spell it; None where they do not tell of its table."""
        match fact:
            case QueryFound() if names_constant(fact):
                return self._query(fact)
            case OrmQuery() if names_constant(fact):
                spelled = [(each, self._text(each.path)) for each in fact.conditions]
                known = tuple(replace(each, path=text) for each, text in spelled if text)
                partial = fact.partial or len(known) < len(spelled)
                return replace(fact, conditions=known, partial=partial)
            case TableDefined() if names_constant(fact):
                table = self._table(fact.table)
                columns = tuple(c for each in fact.columns if (c := self._column(each)) is not None)
                keys = tuple(k for key in fact.foreign_keys if (k := self._key(key)) is not None)
                indexes = tuple(
                    index for each in fact.indexes if (index := self._index(each)) is not None
                )
                made = replace(
                    fact, table=table, columns=columns, foreign_keys=keys, indexes=indexes
                )
                return made if table else None
            case TableChanged() if names_constant(fact):
                return self._step(fact)
            case _:
                return fact

    def _step(self, fact: TableChanged) -> TableChanged | None:
        table, name = self._table(fact.table), self._text(fact.name)
        if fact.action in ("rename", "copy"):
            name = self._table(fact.name)
        key = self._key(fact.foreign_key) if fact.foreign_key is not None else None
        index = self._index(fact.index) if fact.index is not None else None
        column = self._column(fact.column) if fact.column is not None else None
        lost = (
            not table
            or (fact.name and not name)
            or (fact.foreign_key is not None and key is None)
            or (fact.index is not None and index is None)
            or (fact.column is not None and column is None)
        )
        step = replace(fact, table=table, name=name, foreign_key=key, index=index, column=column)
        return None if lost else step

    def _query(self, query: QueryFound) -> QueryFound | None:
        tables = {name: self._table(name) for name in (*query.reads, *query.writes, *query.inserts)}
        if query.library == "sql":
            lost = {name for name, table in tables.items() if not table}
            query = without_tables(query, lost) if lost else query
        elif not all(tables.values()):
            return None
        known = [self._predicate(each) for each in query.predicates]
        return replace(
            query,
            reads=tuple(tables[name] for name in query.reads),
            writes=tuple(tables[name] for name in query.writes),
            inserts=tuple(tables[name] for name in query.inserts),
            predicates=tuple(each for each in known if each is not None),
            partial=query.partial or None in known,
        )

    def _predicate(self, predicate: Predicate) -> Predicate | None:
        table, column = self._table(predicate.table), self._text(predicate.column)
        if not column or (predicate.table and not table):
            return None
        alias, _, name = column.lower().rpartition(".")  # a constant may hold both
        own = table or alias.rpartition(".")[2]
        return replace(predicate, table=own, column=name)

    def _key(self, key: ForeignKeyFact) -> ForeignKeyFact | None:
        if not key_names_constant(key):
            return key
        table = self._table(key.table)
        own, other = self._columns(key.columns), self._columns(key.references)
        if not table or not own or (key.references and not other):
            return None
        return replace(key, table=table, columns=own, references=other, name=self._text(key.name))

    def _index(self, index: IndexFact) -> IndexFact | None:
        """Its name is made of the table's where it has none of its own."""
        columns = self._columns(index.columns)
        return replace(index, columns=columns, name=self._text(index.name)) if columns else None

    def _column(self, column: ColumnFact) -> ColumnFact | None:
        if MARK not in column.name:
            return column
        (name,) = self._columns((column.name,)) or ("",)
        return replace(column, name=name) if name else None

    def _columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """All of them without what stands before a dot; none where one is not known."""
        found = tuple(
            self._text(name).rpartition(".")[2] if MARK in name else name for name in names
        )
        return found if all(found) else ()

    def _table(self, name: str) -> str:
        if MARK not in name:
            return name
        return self._text(name).rpartition(".")[2].strip('"`[]').lower()

    def _text(self, written: str) -> str:
        """The text with all constants put in; empty where one of them is not known."""
        if MARK not in written:
            return written
        lost = False

        def known(match: re.Match[str]) -> str:
            nonlocal lost
            whole = match[1].lower()
            parts = whole.split(":")
            for name in dict.fromkeys((whole, ":".join(parts[-2:]), parts[-1])):
                if name == parts[-1] and len(parts) > 1 and "table" not in name:
                    break  # a word alone is anybody's
                texts = self._texts.get(name, set())
                if len(texts) == 1:
                    return next(iter(texts))
            lost = True
            return ""

        text = NAMED.sub(known, written)
        return "" if lost or MARK in text else text
