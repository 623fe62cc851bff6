"""Models of Active Record that come with a gem, where the application's schema has their tables.

Migrations copied from the gem make `bookmarks`, and `Bookmark.where(...)` or `Delayed::Job.where(...)`
reads the table that is called so. A class of the repository's own stands in a file of its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined, OrmQuery
from scaleaudit.linking.models.conventions import nested_tables, snake, snake_plural
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.schema import Table

FRAMEWORK = "activerecord"
SOFT = "deleted_at"  # a class that is seen nowhere may ask for it in every query


def gem_models(
    index: FactsIndex, defined: Collection[tuple[str, ModelDefined]], tables: Mapping[str, Table]
) -> Iterator[tuple[str, ModelDefined]]:
    own = [fact for _, fact in defined if fact.framework == FRAMEWORK]
    if not own or not tables:
        return
    known = {fact.name.rpartition(".")[2] for fact in own}
    kept = {name.lower() for fact in own for name in (fact.table, fact.default_table) if name}
    seen: set[str] = set()
    files: set[str] | None = None
    for path, query in index.of(OrmQuery):
        name = query.model
        last = name.rpartition(".")[2]
        if query.framework != FRAMEWORK or not last[:1].isupper() or last in known:
            continue
        if name in seen or index.role(path) is not Role.SOURCE:
            continue
        seen.add(name)
        table = nested_tables(name)[-1] if "." in name else snake_plural(name)
        if table not in tables or table in kept or tables[table].column(SOFT) is not None:
            continue
        if files is None:
            files = {
                each.rpartition("/")[2]
                for each in index.files
                if each.endswith(".rb") and index.role(each) is Role.SOURCE
            }
        if f"{snake(last)}.rb" not in files:
            yield path, ModelDefined(query.at, name, FRAMEWORK, table)
