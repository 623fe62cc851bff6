"""The roadmap for programs; its schema is published as `roadmap-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.reports import rows
from scaleaudit.reports.overview import rule_page

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult


class RoadmapReport(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    phases: list[rows.PhaseRow]
    findings: list[rows.FindingRow]
    """The findings that the steps name by their fingerprints."""


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    found = sorted(result.findings, key=lambda finding: finding.order)
    return rows.encode(
        RoadmapReport(
            version=1,
            tool=rows.ToolRow(),
            root=result.root,
            phases=rows.roadmap_row(result.roadmap).phases,
            findings=[rows.finding_row(each, rule_page(each.rule)) for each in found],
        )
    )


def json_schema() -> dict[str, object]:
    return rows.schema(RoadmapReport, "roadmap-v1.json", "A roadmap of scaleaudit")
