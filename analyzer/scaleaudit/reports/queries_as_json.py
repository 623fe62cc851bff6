"""What is asked of tables, for programs; its schema is published as `queries-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.architecture import Origin
from scaleaudit.reports import rows
from scaleaudit.reports.asked_tables import State, asked_tables
from scaleaudit.reports.schema_choice import SchemaChoice

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult


class SiteRow(msgspec.Struct, frozen=True):
    path: str
    line: int
    column: int
    end_line: int
    text: str
    origin: Origin
    library: str
    """The mapper, or `sql` for text."""


class AskedRow(msgspec.Struct, frozen=True):
    conditions: str
    state: State
    """`open`: no index is missed, but none helps, or a part of the query is not known."""
    why: str
    index: list[str]
    """The columns of the index that serves; empty when none does."""
    wanted: list[str]
    """The columns of an index that would serve; empty where none is missed."""
    sites: list[SiteRow]


class AskedTableRow(msgspec.Struct, frozen=True):
    table: str
    asked: list[AskedRow]


class QueriesReport(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    tables: list[AskedTableRow]


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    found = asked_tables(result.architecture, choice or SchemaChoice())
    return rows.encode(
        QueriesReport(
            1,
            rows.ToolRow(),
            result.root,
            [
                AskedTableRow(
                    table.name,
                    [
                        AskedRow(
                            way.conditions,
                            way.state,
                            way.why,
                            list(way.index.columns) if way.index is not None else [],
                            list(way.columns),
                            [
                                SiteRow(
                                    site.at.path, site.at.line, site.at.column, site.at.end_line,
                                    site.fact.text, site.origin, site.fact.library,
                                )
                                for site in way.sites
                            ],
                        )
                        for way in ways
                    ],
                )
                for table, ways in found
            ],
        )
    )  # fmt: skip


def json_schema() -> dict[str, object]:
    return rows.schema(QueriesReport, "queries-v1.json", "Queries on tables that scaleaudit found")
