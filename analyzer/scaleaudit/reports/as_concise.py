"""One line a finding, in the form that editors and grep understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.options import RenderOptions

if TYPE_CHECKING:
    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    """`path:line:column: severity rule message [phase]`"""
    options = options or RenderOptions()
    found = sorted(result.findings, key=lambda finding: finding.order)
    return "".join(f"{no_commands(_line(finding, options))}\n" for finding in found)


def _line(finding: Finding, options: RenderOptions) -> str:
    style, at = options.style, finding.location
    place = style.file(visible(f"{options.located(at.path)}:{at.line}:{at.column}"), at.path)
    severity = style.paint(finding.severity.value, "bold")
    rule = style.paint(visible(finding.rule), "cyan")
    return f"{place}: {severity} {rule} {visible(finding.message)} [{finding.phase.value}]"
