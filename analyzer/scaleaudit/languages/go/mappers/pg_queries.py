"""Queries through go-pg: `db.Model(&orders).Where("state = ?", x).Order("id DESC").Limit(10).Select()`.

Its chains are those of bun, which came after it, but they begin with the model, and the last call
says what they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.languages.go.mappers.bun_queries import told
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.gorm_queries import OTHERS
from scaleaudit.languages.go.mappers.pg_models import PACKAGES, imported
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

FRAMEWORK = "go-pg"
BEGUN = {"Model", "ModelContext"}
READS = {
    "Select",
    "First",
    "Last",
    "Count",
    "SelectAndCount",
    "Exists",
    "ForEach",
    "SelectOrInsert",
}
KINDS = dict.fromkeys(READS, "Scan") | {
    "Insert": "Insert", "Update": "Update", "UpdateNotZero": "Update", "UpdateNotNull": "Update",
    "Delete": "Delete", "ForceDelete": "Delete",
}  # fmt: skip
# The planner's guess of a figure reads no row.
LAST = frozenset(KINDS) | {"CountEstimate", "SelectAndCountEstimate"}
FINISHED = regex(
    rb"\.\s*(?:Select(?:AndCount|OrInsert)?|First|Last|Count|Exists|ForEach|Insert|Update(?:NotZero|NotNull)?"
    rb"|(?:Force)?Delete)\("
)
ELSEWHERE = (
    *(package for package in OTHERS if package not in PACKAGES),
    "gorm.io",
    "github.com/jinzhu/gorm",
)


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound]:
    """Chains of files that import it, and those of others that no other mapper would end with `Select()`."""
    if b".Model" not in reader.content:
        return
    surely = imported(reader)
    if not surely and any(p.startswith(ELSEWHERE) for p in reader.imports.values()):
        return
    if not surely and b".Select()" not in reader.content:
        return
    chains = Chains(reader, ends=LAST)
    for chain in chains.ending(FINISHED, LAST):
        names = [link.name for link in chain.links]
        started = next((n for n, name in enumerate(names) if name in BEGUN), None)
        last = chain.links[-1]
        if started is None or not (surely or (last.name == "Select" and not last.args)):
            continue
        kind = KINDS.get(last.name)
        if kind is not None:
            yield from of_rows(reader, kind, chain.links[started:])


def of_rows(reader: GoReader, kind: str, links: list[Link]) -> Iterator[OrmQuery | QueryFound]:
    """go-pg refuses to change all rows; older versions take the key of the row that is given."""
    for query in told(reader, FRAMEWORK, kind, links):
        given = kind in ("Update", "Delete") and not any("Where" in link.name for link in links)
        if given and isinstance(query, OrmQuery) and not query.conditions:
            yield replace(query, conditions=(Condition("pk", "="),))
        else:
            yield query
