"""How the report for people ends: the verdict, what was left out, and the next commands."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from scaleaudit.reports.escaping import visible
from scaleaudit.reports.overview import (
    CAUSES,
    by_cause,
    by_severity,
    is_left_out,
    number,
    skip_reasons,
)
from scaleaudit.reports.style import cells, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.source import Skipped

SHOWN_REASONS = 4
MANY = {
    "test": "tests",
    "example or documentation": "examples or documentation",
    "symbolic link": "symbolic links",
    "link out of the root": "links out of the root",
    "not a regular file": "not regular files",
    "not a text file": "not text files",
    "broken syntax": "with broken syntax",
}


def ending(result: ScanResult, options: RenderOptions) -> list[str]:
    """The verdict, what is not among the findings, and what to type next."""
    style = options.style
    lines = [style.paint("─" * style.width, "dim"), *wrapped(_verdict(result), style.width)]
    for aside, members in _asides(result, options):
        lines += [style.paint(line, "dim") for line in wrapped(aside, style.width)]
        for member in members:
            listed = wrapped(f"- {member}", style.width, "  ", "    ")
            lines += [style.paint(line, "dim") for line in listed]
    return [*lines, *_next(result, style.width)]


def _asides(result: ScanResult, options: RenderOptions) -> Iterator[tuple[str, list[str]]]:
    """What the findings do not tell, each with its members when lists are unfolded."""
    counts = result.counts
    if counts.hidden:
        hidden = number(counts.hidden, "finding")
        yield f"{hidden} hidden: below the chosen severity or confidence, or of another phase", []
    wrong = [each for each in result.skipped if not is_left_out(each)]
    yield from _list("not read or only in part", wrong, options)
    # A call of a library that several components run is one call.
    unresolved = list(
        {(u.at, u.what, u.reason): u for u in result.architecture.unresolved}.values()
    )
    if unresolved:
        causes = by_cause(unresolved)
        counted = [f"{count:,} {CAUSES[cause]}" for cause, count in causes.items()]
        why = ", ".join(counted) if len(causes) > 1 else CAUSES[next(iter(causes))]
        said = f"{number(len(unresolved), 'call')} with an unknown target: {why}"
        order = list(causes)
        in_order = sorted(unresolved, key=lambda each: order.index(each.cause))
        each_one = [f"{each.at}  {each.what}: {each.reason}" for each in in_order]
        yield (said, each_one) if options.unfold else (f"{said} (--all lists them)", [])
    left_out = [each for each in result.skipped if is_left_out(each)]
    if left_out:
        said = f"{number(len(left_out), 'file')} left out: {_reasons(left_out)}"
        yield f"{said} (--show-files lists them)", []
    if options.details:
        cached = number(counts.files - counts.parsed, "file")
        yield f"{counts.parsed:,} parsed, {cached} from the cache, {counts.seconds:.2f} s", []


def _list(
    said: str, skipped: list[Skipped], options: RenderOptions
) -> Iterator[tuple[str, list[str]]]:
    if not skipped:
        return
    head = f"{number(len(skipped), 'file')} {said}: {_reasons(skipped)}"
    if options.unfold:
        yield head, [f"{each.path}: {each.reason}" for each in skipped]
    else:
        yield f"{head} (--all lists them)", []


def _reasons(skipped: list[Skipped]) -> str:
    reasons = list(skip_reasons(skipped).items())
    parts = [
        f"{count:,} {reason if count == 1 else MANY.get(reason, reason)}"
        for reason, count in reasons[:SHOWN_REASONS]
    ]
    if len(reasons) > SHOWN_REASONS:
        parts.append(f"{sum(count for _, count in reasons[SHOWN_REASONS:]):,} other")
    return ", ".join(parts)


def _verdict(result: ScanResult) -> str:
    if not result.findings:
        return "No findings."
    parts = ", ".join(f"{count:,} {s}" for s, count in by_severity(result.findings).items())
    return f"{number(len(result.findings), 'finding')}: {parts}"


def _next(result: ScanResult, width: int) -> list[str]:
    """What to type next; the first finding's rule serves as the example."""
    root = quote(visible(result.root))
    commands: list[tuple[str, str]] = []
    if result.findings:
        first = min(result.findings, key=lambda finding: finding.order)
        commands.append((f"scaleaudit explain {first.rule}", "why it matters, what to do"))
        commands.append((f"scaleaudit roadmap {root}", "all fixes in order"))
    commands.append((f"scaleaudit graph {root} -o graph.svg", "a picture of the system"))
    return ["", *_columns(commands, width)]


def _columns(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Two columns; the right one left out where it does not fit."""
    widest = max(cells(left) for left, _ in rows)
    if 4 + widest + max(len(right) for _, right in rows) > width:
        return [f"  {left}" for left, _ in rows]
    return [f"  {left}{' ' * (widest - cells(left))}  {right}" for left, right in rows]
