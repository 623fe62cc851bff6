"""The roadmap for people: phases in order, in each the steps in order.

Under a step: what it cures, what it needs, after which steps, what must be given (a step of
which no finding speaks: it is there, or it comes first), what it keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import EFFORTS, by_rule, fix_shown, number
from scaleaudit.reports.style import Style, wrapped

if TYPE_CHECKING:
    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult
    from scaleaudit.roadmap import PhasePlan, Step

SHOWN_PLACES = 3


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    options = options or RenderOptions()
    style = options.style
    findings = {finding.fingerprint: finding for finding in result.findings}
    steps = [step for phase in result.roadmap.phases for step in phase.steps]
    numbers = {step.fix: position for position, step in enumerate(steps, 1)}
    said = f"{number(len(steps), 'step')} for {number(len(findings), 'finding')}"
    lines = [f"{style.paint(visible(result.title), 'bold')}  {said}", ""]
    for phase in result.roadmap.phases:
        lines += _phase(phase, numbers, findings, options)
    return "".join(f"{no_commands(line)}\n" for line in lines)


def _phase(
    phase: PhasePlan, numbers: dict[str, int], findings: dict[str, Finding], options: RenderOptions
) -> list[str]:
    style = options.style
    theme = f"  {phase.theme}" if len(phase.title) + len(phase.theme) + 2 <= style.width else ""
    lines = [f"{style.paint(phase.title.upper(), 'bold')}{style.paint(theme, 'dim')}"]
    if not phase.steps:
        return [*lines, style.paint("  nothing found that is due here", "dim"), ""]
    for step in phase.steps:
        lines += ["", *_step(step, numbers, findings, options)]
    return [*lines, ""]


def _step(
    step: Step, numbers: dict[str, int], findings: dict[str, Finding], options: RenderOptions
) -> list[str]:
    style = options.style
    position = f"{numbers[step.fix]:>3}. "
    margin = " " * len(position)
    first, *rest = wrapped(step.title, style.width, position, margin)
    lines = [style.paint(line, "bold") for line in (first, *rest)]
    found = [findings[each] for each in step.findings if each in findings]
    lines += _labelled("cures", _cures(found, options), margin, style)
    effort = EFFORTS.get(step.effort, "")
    lines += _labelled("needs", f"{effort} of one engineer" if effort else "", margin, style)
    after = [f"step {numbers[fix]}" for fix in step.after if fix in numbers]
    lines += _labelled("after", ", ".join(after), margin, style)
    given = "; ".join(fix_shown(fix).title for fix in step.assumes)
    lines += _labelled("given", given, margin, style)
    return lines + _labelled("keeps", step.extends, margin, style)


def _cures(found: list[Finding], options: RenderOptions) -> str:
    rules = ", ".join(f"{count} {rule}" for rule, count in by_rule(found).items())
    limit = len(found) if options.unfold else SHOWN_PLACES
    places = [str(finding.location) for finding in found[:limit]]
    if len(found) > limit:
        places.append(f"{len(found) - limit} more (--all)")
    return f"{rules}: {', '.join(places)}" if found else ""


def _labelled(label: str, text: str, margin: str, style: Style) -> list[str]:
    if not text:
        return []
    lead = f"{margin}{label}  "
    first, *rest = wrapped(text, style.width, lead, " " * len(lead))
    return [first.replace(label, style.paint(label, "dim"), 1), *rest]
