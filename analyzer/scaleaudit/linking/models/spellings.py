"""Names that a query builder is told to turn into those of the schema: `userId` for `user_id`.

Knex and Kysely take a mapper of names in their settings (`knexSnakeCaseMappers`,
`CamelCasePlugin`), which no query shows. What the schema lacks as it is written, and has with
underscores, is what the mapper makes of it.

Statements leave away what each installation puts before the names of all tables (`DB_PREFIX . "orders"`);
where most tables of the schema begin with one (`shop_orders`), those are meant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import Predicate, QueryFound
    from scaleaudit.schema import Schema, Table

MAPPING = frozenset({"knex", "kysely"})
WRITTEN = "sql"  # by hand
FEW = 3  # tables that begin alike by chance


class Spellings:
    """`spelled(query)` is the query with names as the schema spells them."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._tables = _by_plain_name(schema.tables)
        self._columns: dict[str, dict[str, str]] = {}
        self._prefix = _shared_prefix(list(schema.tables))

    def spelled(self, query: QueryFound) -> QueryFound:
        used = (*query.reads, *query.writes, *query.inserts)
        if self._prefix and query.library == WRITTEN:
            named = {name: self._installed(name) for name in used}
            own = (replace(p, table=named.get(p.table, p.table)) for p in query.predicates)
            return renamed(query, named, tuple(own))
        if query.library not in MAPPING:
            return query
        named = {name: self._table(name) for name in used}
        tables = [
            table
            for table in map(self._schema.table, dict.fromkeys(named.values()))
            if table is not None
        ]
        predicates = tuple(self._predicate(each, named, tables) for each in query.predicates)
        return renamed(query, named, predicates)

    def _installed(self, name: str) -> str:
        whole = f"{self._prefix}{name}"
        known = self._schema.table(name) is not None or self._schema.table(whole) is None
        return name if known else whole

    def _table(self, name: str) -> str:
        if self._schema.table(name) is not None or "_" in name:
            return name
        return self._tables.get(name, name)

    def _predicate(
        self, predicate: Predicate, named: dict[str, str], tables: list[Table]
    ) -> Predicate:
        own = named.get(predicate.table) or self._table(predicate.table)
        asked = [table for table in tables if not own or table.name == own]
        column = predicate.column
        if "_" not in column and all(table.column(column) is None for table in asked):
            known = [self._column(table, column) for table in asked]
            spelled = {name for name in known if name}
            column = next(iter(spelled)) if len(spelled) == 1 else column
        if own == predicate.table and column == predicate.column:
            return predicate
        return replace(predicate, table=own, column=column)

    def _column(self, table: Table, column: str) -> str:
        if table.name not in self._columns:
            self._columns[table.name] = _by_plain_name(each.name for each in table.columns)
        return self._columns[table.name].get(column, "")


def renamed(
    query: QueryFound, named: dict[str, str], predicates: tuple[Predicate, ...]
) -> QueryFound:
    if predicates == query.predicates and all(name == new for name, new in named.items()):
        return query
    return replace(
        query,
        reads=tuple(named[name] for name in query.reads),
        writes=tuple(named[name] for name in query.writes),
        inserts=tuple(named[name] for name in query.inserts),
        predicates=predicates,
    )


def _by_plain_name(names: Iterable[str]) -> dict[str, str]:
    """Names without capitals and underscores to those that are written with underscores."""
    several: dict[str, set[str]] = {}
    for name in names:
        if "_" in name:
            several.setdefault(relaxed(name), set()).add(name.lower())
    return {plain: next(iter(found)) for plain, found in several.items() if len(found) == 1}


def _shared_prefix(names: list[str]) -> str:
    """`shop_` of `shop_orders`, `shop_lines`, `shop_stock` and `migrations`; empty where few begin alike."""
    firsts = Counter(name.partition("_")[0] for name in names if "_" in name)
    first, count = firsts.most_common(1)[0] if firsts else ("", 0)
    return f"{first}_" if count >= FEW and count * 2 > len(names) else ""
