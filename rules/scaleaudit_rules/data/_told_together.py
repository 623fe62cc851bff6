"""Queries with one flaw: a finding for each table, or one for an application with many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.api import Evidence
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, called
from scaleaudit_rules.data._tables import by_reach, weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.api import QueryFound, Site, Table

Use = tuple["Site[QueryFound]", "Table"]


class Together(NamedTuple):
    """What one finding is about."""

    application: str  # whose tables they are, "" where it is about one table alone
    tables: list[str]  # that with most uses first
    uses: list[Use]  # of one table all, of several the most urgent of each

    @property
    def first(self) -> Use:
        return self.uses[0]

    @property
    def weight(self) -> int:
        return weight(self.first[1], len(self.uses))

    def evidence(self, about_table: str) -> tuple[Evidence, ...]:
        """The places, and for one table alone its definition with these words."""
        places = [Evidence(site.at, site.fact.text) for site, _ in self.uses[:MAX_EVIDENCE]]
        defined = self.first[1].at
        if not self.application and defined is not None:
            places.append(Evidence(defined, about_table))
        return tuple(places)

    def data(
        self, columns: list[str], clause: list[str]
    ) -> dict[str, str | int | float | list[str] | None]:
        site, table = self.first
        return {
            "table": table.name,
            "tables": self.tables,
            "columns": columns,
            "clause": clause,
            "engine": table.dialect or None,
            "origin": site.origin.value,
            "growth": table.growth.value,
        }


def together(uses: Iterable[Use], ignored: Iterable[str]) -> Iterator[Together]:
    """Uses by table, and as one from `MANY` tables of an application on; `ignored` tables not."""
    left_out = {name.lower() for name in ignored}
    found: dict[str, dict[str, list[Use]]] = {}
    for site, table in uses:
        if table.name not in left_out:
            found.setdefault(site.application, {}).setdefault(table.name, []).append((site, table))
    for application, tables in sorted(found.items()):
        for asked in tables.values():
            asked.sort(key=lambda use: by_reach(use[0]))
        if len(tables) < MANY:
            for name, asked in sorted(tables.items()):
                yield Together("", [name], asked)
            continue
        most = sorted(tables.items(), key=lambda item: (-len(item[1]), item[0]))
        yield Together(
            called(application),
            [name for name, _ in most],
            [asked[0] for _, asked in most],
        )
