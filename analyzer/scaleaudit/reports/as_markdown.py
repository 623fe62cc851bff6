"""A page for job summaries and comments: one table of counts, then the findings by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence
from scaleaudit.reports.escaping import markdown, markdown_code
from scaleaudit.reports.overview import (
    by_severity,
    not_read,
    number,
    phases_with_findings,
    rule_page,
    system,
    usual_fix,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Node
    from scaleaudit.findings import Finding
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.reports.overview import FixShown
    from scaleaudit.result import ScanResult

MAX_BYTES = 900_000  # GitHub takes 1 MiB a step and drops the whole summary above it
OPEN = 10  # findings of a phase outside of the fold
SHOWN_RELATED = 10
SHOWN_STATEMENTS = 5
SHOWN_NAMES = 30
LAST_LINE = 100  # bytes kept for what says that findings are missing
FOLD_END = "</details>\n\n"

DOUBT = {Confidence.HIGH: "", Confidence.MEDIUM: " (likely)", Confidence.LOW: " (to check)"}


def render(
    result: ScanResult, options: RenderOptions | None = None, *, max_bytes: int = MAX_BYTES
) -> str:
    """Findings that do not fit are counted at the end."""
    head = _head(result)
    room = _Room(max_bytes - len(head.encode()) - LAST_LINE)
    parts = [head]
    for _, title, theme, found in phases_with_findings(result):
        blocks = [_finding(finding, usual_fix(finding)) for finding in found]
        phase_head = _phase_head(title, theme, len(found))
        fold = f"<details><summary>{number(len(found) - OPEN, 'more finding')}</summary>\n\n"
        if not room.takes(f"{phase_head}{fold}{FOLD_END}"):
            break
        kept = [block for block in blocks if room.takes(block)]
        parts += [phase_head, *kept[:OPEN]]
        if kept[OPEN:]:
            parts += [fold, *kept[OPEN:], FOLD_END]
        room.findings += len(kept)
    if room.findings < len(result.findings):
        missing = number(len(result.findings) - room.findings, "finding")
        parts.append(f"**{missing} did not fit here**; the JSON report has all.\n")
    return "".join(parts)


class _Room:
    """Bytes that are left; once a text did not fit, no other does."""

    def __init__(self, size: int) -> None:
        self._left = size
        self.findings = 0

    def takes(self, text: str) -> bool:
        size = len(text.encode())
        self._left = self._left - size if size <= self._left else -1
        return self._left >= 0


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
        ("Jobs", _names(shown.jobs)),
        ("Stores", _names(shown.stores)),
        ("Messaging", _names(shown.messaging)),
        ("External", _names(shown.externals)),
        ("Code", read),
        ("Not read", not_read(result)),
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


def _phase_head(title: str, theme: str, count: int) -> str:
    said = f"## {markdown(title)}: {number(count, 'finding')}\n\n"
    return f"{said}{markdown(theme)}\n\n" if theme else said


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
        lines += [f"  - {markdown_code(each)}" for each in finding.statements[:SHOWN_STATEMENTS]]
        if len(finding.statements) > SHOWN_STATEMENTS:
            lines.append(f"  - {len(finding.statements) - SHOWN_STATEMENTS} more")
    return "\n".join([*lines, "", ""])
