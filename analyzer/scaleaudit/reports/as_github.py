"""Workflow commands: annotations on the run and the changed files, without any permission.

GitHub shows ten errors and ten warnings of a step and drops the rest in silence, so the
gravest ones come first and the rest is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.findings import Severity
from scaleaudit.reports.escaping import command_data, command_property
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import by_severity, number, usual_fix

if TYPE_CHECKING:
    from scaleaudit.findings import Finding
    from scaleaudit.reports.overview import FixShown
    from scaleaudit.result import ScanResult

SHOWN = 10  # of each command, in each step
MAX_TITLE = 255  # characters
MAX_STATEMENTS = 5
MAX_MESSAGE = 4_000  # characters; GitHub takes 64 KB

COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "warning",
    Severity.INFO: "notice",
}


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    options = options or RenderOptions()
    lines = []
    left_out = 0
    for command in ("error", "warning", "notice"):
        found = [f for f in result.findings if COMMANDS[f.severity] == command]
        # The gravest first: what is shown is what would be missed most.
        found.sort(key=lambda f: (-f.severity.rank, *f.order))
        limit = SHOWN - 1 if command == "notice" else SHOWN  # one notice is the summary
        lines += [_command(command, f, usual_fix(f), options) for f in found[:limit]]
        left_out += len(found[limit:])
    lines.append(_summary(result, left_out))
    return "".join(f"{line}\n" for line in lines)


def _command(command: str, finding: Finding, fix: FixShown | None, options: RenderOptions) -> str:
    at = finding.location
    properties = {
        "file": options.located(at.path),
        "line": str(at.line),
        "endLine": str(at.line),
        "title": f"{finding.rule} ({finding.severity.value}, due {finding.phase.value})"[
            :MAX_TITLE
        ],
    }
    written = ",".join(f"{key}={command_property(value)}" for key, value in properties.items())
    message = finding.message if fix is None else f"{finding.message} Fix: {fix.text}"
    lines = [message[:MAX_MESSAGE], *(finding.statements[:MAX_STATEMENTS] if fix else ())]
    data = "%0A".join(command_data(line) for line in lines)
    return f"::{command} {written}::{data}"


def _summary(result: ScanResult, left_out: int) -> str:
    counts = ", ".join(f"{count:,} {word}" for word, count in by_severity(result.findings).items())
    said = number(len(result.findings), "finding")
    if counts:
        said += f" ({counts})"
    if left_out:
        said += f"; {left_out} not annotated, see the report"
    return f"::notice title=scaleaudit::{command_data(said)}"
