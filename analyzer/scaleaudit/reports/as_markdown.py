"""A page for job summaries and comments: one table of counts, then the findings by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence
from scaleaudit.reports.escaping import markdown, markdown_code
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import (
    by_severity,
    fixes_of,
    number,
    phases_with_findings,
    rule_page,
    system,
    usual_fix,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Node
    from scaleaudit.findings import Finding, Phase
    from scaleaudit.reports.overview import FixShown
    from scaleaudit.result import ScanResult

MAX_BYTES = 900_000  # GitHub takes 1 MiB a step and drops the whole summary above it
OPEN = 10  # findings of a phase outside of the fold
SHOWN_RELATED = 10
SHOWN_NAMES = 30

DOUBT = {Confidence.HIGH: "", Confidence.MEDIUM: " (likely)", Confidence.LOW: " (to check)"}


def render(
    result: ScanResult, options: RenderOptions | None = None, *, max_bytes: int = MAX_BYTES
) -> str:
    """Findings that do not fit are counted at the end."""
    options = options or RenderOptions()
    page = _Page(max_bytes)
    page.add(_head(result))
    fixes = fixes_of(result)
    for phase, title, theme, found in phases_with_findings(result):
        page.add(_phase_head(phase, title, theme, found))
        for finding in found[:OPEN]:
            page.add(_finding(finding, usual_fix(finding, fixes)), counts=True)
        folded = found[OPEN:]
        if folded:
            page.add(f"<details><summary>{number(len(folded), 'more finding')}</summary>\n\n")
            for finding in folded:
                page.add(_finding(finding, usual_fix(finding, fixes)), counts=True)
            page.add("</details>\n\n", always=True)
    return page.text(len(result.findings))


class _Page:
    """Text up to a number of bytes; once something did not fit, nothing but ends is added."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes - 400  # for the ends and the last line
        self._parts: list[str] = []
        self._full = False
        self._shown = 0
        self._open = False

    def add(self, text: str, *, counts: bool = False, always: bool = False) -> None:
        size = len(text.encode())
        if always:
            if self._open:
                self._parts.append(text)
            self._open = False
            return
        self._full = self._full or size > self._left
        if self._full:
            return
        self._left -= size
        self._parts.append(text)
        self._open = self._open or text.startswith("<details>")
        self._shown += counts

    def text(self, findings: int) -> str:
        if self._shown < findings:
            missing = number(findings - self._shown, "finding")
            self._parts.append(f"**{missing} did not fit here**; the JSON report has all.\n")
        return "".join(self._parts)


def _head(result: ScanResult) -> str:
    shown = system(result)
    counts = by_severity(result.findings)
    said = ", ".join(f"{count} {severity}" for severity, count in counts.items())
    lines = ["# scaleaudit", ""]
    if result.findings:
        lines.append(f"**{number(len(result.findings), 'finding')}**: {said}.")
    else:
        lines.append("**No findings.**")
    read = f"{number(result.counts.files, 'file')}, {number(result.counts.lines, 'line')}"
    lines += ["", "| System | |", "|---|---|"]
    rows = [
        ("Services", _names(shown.services)),
        ("Stores", _names(shown.stores)),
        ("Messaging", _names(shown.messaging)),
        ("External", _names(shown.externals)),
        ("Code", read),
    ]
    lines += [f"| {label} | {text} |" for label, text in rows if text]
    asides = []
    if result.skipped:
        asides.append(f"{number(len(result.skipped), 'file')} skipped")
    if result.architecture.unresolved:
        unresolved = number(len(result.architecture.unresolved), "call")
        asides.append(f"{unresolved} with an unknown target")
    if result.counts.hidden:
        asides.append(f"{number(result.counts.hidden, 'finding')} hidden by severity or confidence")
    if asides:
        lines += ["", f"{', '.join(asides)}."]
    return "\n".join([*lines, "", ""])


def _names(nodes: Sequence[Node]) -> str:
    names = [markdown(node.name) for node in nodes[:SHOWN_NAMES]]
    if len(nodes) > SHOWN_NAMES:
        names.append(f"{len(nodes) - SHOWN_NAMES} more")
    return f"{len(nodes)}: {', '.join(names)}" if nodes else ""


def _phase_head(phase: Phase, title: str, theme: str, found: list[Finding]) -> str:
    said = number(len(found), "finding")
    return f"## {markdown(title)}: {said}\n\n{markdown(theme)}\n\n" if theme else f"## {title}\n\n"


def _finding(finding: Finding, fix: FixShown | None) -> str:
    rule = f"[{markdown(finding.rule)}]({rule_page(finding.rule)})"
    doubt = DOUBT[finding.confidence]
    lines = [
        f"**{finding.severity.value}** {rule}{doubt} in {markdown_code(str(finding.location))}  ",
        f"{markdown(finding.message)}",
        "",
    ]
    lines += [
        f"- {markdown_code(str(each.at))} {markdown(each.note)}".rstrip()
        for each in finding.related[:SHOWN_RELATED]
    ]
    if len(finding.related) > SHOWN_RELATED:
        lines.append(f"- {number(len(finding.related) - SHOWN_RELATED, 'more place')}")
    if fix is not None:
        lines.append(f"- Fix: {markdown(fix.text)}")
    return "\n".join([*lines, "", ""])
