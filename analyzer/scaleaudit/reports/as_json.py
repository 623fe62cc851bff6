"""The report for programs; its schema is published as `report-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.architecture import Cause
from scaleaudit.reports import rows
from scaleaudit.reports.overview import by_cause, by_phase, by_rule, by_severity, rule_page, system

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult


class Summary(msgspec.Struct, frozen=True):
    files: int
    """Files that were read."""
    lines: int
    languages: dict[str, int]
    """Files by kind."""
    services: int
    stores: int
    brokers: int
    externals: int
    findings: int
    by_severity: dict[str, int]
    by_phase: dict[str, int]
    by_rule: dict[str, int]
    hidden: int
    """Findings below the chosen severity or confidence."""
    skipped: int
    unresolved: int
    """Calls and connections whose target could not be found."""
    unresolved_by_cause: dict[Cause, int]


class Report(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    summary: Summary
    findings: list[rows.FindingRow]
    skipped: list[rows.SkippedRow]
    roadmap: rows.RoadmapRow
    unresolved: list[rows.UnresolvedRow]


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    found = sorted(result.findings, key=lambda finding: finding.order)
    return rows.encode(
        Report(
            version=1,
            tool=rows.ToolRow(),
            root=result.root,
            summary=_summary(result),
            findings=[rows.finding_row(each, rule_page(each.rule)) for each in found],
            skipped=[rows.SkippedRow(each.path, each.reason) for each in sorted(result.skipped)],
            roadmap=rows.roadmap_row(result.roadmap),
            unresolved=[rows.unresolved_row(each) for each in result.architecture.unresolved],
        )
    )


def _summary(result: ScanResult) -> Summary:
    shown = system(result)
    return Summary(
        files=result.counts.files,
        lines=result.counts.lines,
        languages=result.counts.languages,
        services=len(shown.services) + len(shown.jobs),
        stores=len(shown.stores),
        brokers=len(shown.messaging),
        externals=len(shown.externals),
        findings=len(result.findings),
        by_severity=by_severity(result.findings),
        by_phase=by_phase(result.findings),
        by_rule=by_rule(result.findings),
        hidden=result.counts.hidden,
        skipped=len(result.skipped),
        unresolved=len(result.architecture.unresolved),
        unresolved_by_cause=by_cause(result.architecture.unresolved),
    )


def json_schema() -> dict[str, object]:
    return rows.schema(Report, "report-v1.json", "A report of scaleaudit")
