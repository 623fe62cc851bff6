"""The report for people: the system first, then what to do in which phase."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence, Severity
from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import (
    by_rule,
    by_severity,
    is_left_out,
    kind_name,
    languages,
    number,
    phases_with_findings,
    rule_page,
    skip_reasons,
    system,
    usual_fix,
)
from scaleaudit.reports.style import Style, cells, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.architecture import Node
    from scaleaudit.findings import Finding, Phase
    from scaleaudit.reports.overview import FixShown
    from scaleaudit.result import ScanResult
    from scaleaudit.source import Location, Skipped

SHOWN_PER_PHASE = 10
SHOWN_PER_RULE = 3  # in a phase that has more than that
SHOWN_RELATED = 3
SHOWN_NAMES = 12
SHOWN_LANGUAGES = 6
SHOWN_REASONS = 4

INDENT = 12  # columns left of a finding's text: two, a severity, two
LABEL = 13  # columns left of what the system block says
MARGIN = " " * INDENT

LOOKS: dict[Severity, tuple[str, ...]] = {
    Severity.CRITICAL: ("bold", "magenta"),
    Severity.HIGH: ("bold", "red"),
    Severity.MEDIUM: ("yellow",),
    Severity.LOW: ("cyan",),
    Severity.INFO: ("dim",),
}
DOUBT = {Confidence.HIGH: "", Confidence.MEDIUM: "likely", Confidence.LOW: "to check"}


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    options = options or RenderOptions()
    lines: list[str] = []
    if not options.brief:
        lines += _system(result, options)
    if options.statistics:
        lines += _statistics(result, options.style)
    else:
        for phase, title, theme, found in phases_with_findings(result):
            lines += _phase(phase, title, theme, found, options)
    if not options.brief:
        lines += _end(result, options)
    return "".join(f"{no_commands(line)}\n" for line in lines)


# -- the system ------------------------------------------------------------------------------


def _system(result: ScanResult, options: RenderOptions) -> list[str]:
    shown = system(result)
    style = options.style
    lines = [style.paint(visible(result.root), "bold"), ""]
    rows = [
        ("Services", _names(shown.services, options)),
        ("Stores", _names(shown.stores, options)),
        ("Messaging", _names(shown.messaging, options)),
        ("External", _names(shown.externals, options)),
        ("Code", _code(result, options)),
    ]
    for label, text in rows:
        if text:
            lines += _labelled(label, text, style)
    return [*lines, ""]


def _labelled(label: str, text: str, style: Style) -> list[str]:
    first, *rest = wrapped(text, style.width, "  " + label.ljust(LABEL - 2), " " * LABEL)
    return [f"  {style.paint(label, 'dim')}{first[2 + len(label) :]}", *rest]


def _names(nodes: Sequence[Node], options: RenderOptions) -> str:
    if not nodes:
        return ""
    limit = len(nodes) if options.unfold else SHOWN_NAMES
    names = [_named(node) for node in nodes[:limit]]
    if len(nodes) > limit:
        names.append(f"{len(nodes) - limit} more (--all)")
    return f"{len(nodes)}: {', '.join(names)}"


def _named(node: Node) -> str:
    technology = node.technology
    known = not technology or technology.lower() == node.name.lower()
    return node.name if known else f"{node.name} ({technology})"


def _code(result: ScanResult, options: RenderOptions) -> str:
    counts = result.counts
    kinds = languages(result)
    limit = len(kinds) if options.unfold else SHOWN_LANGUAGES
    parts = [f"{kind_name(kind)} {count:,}" for kind, count in kinds[:limit]]
    if len(kinds) > limit:
        parts.append(f"other {sum(count for _, count in kinds[limit:]):,}")
    read = f"{number(counts.files, 'file')}, {number(counts.lines, 'line')}"
    return f"{read}: {', '.join(parts)}" if parts else read


# -- findings --------------------------------------------------------------------------------


def _phase(
    phase: Phase,
    title: str,
    theme: str,
    found: list[Finding],
    options: RenderOptions,
) -> list[str]:
    style = options.style
    shown, folded = (found, []) if options.unfold else _chosen(found)
    lines = [*_heading(title.upper(), theme, number(len(found), "finding"), style), ""]
    widest = max(cells(finding.rule) for finding in shown)
    for finding in shown:
        lines += [*_finding(finding, usual_fix(finding), widest, options), ""]
    if folded:
        rules = ", ".join(f"{count} {rule}" for rule, count in by_rule(folded).items())
        more = f"{len(folded)} more: {rules} (--all shows them)"
        lines += [style.paint(line, "dim") for line in wrapped(more, style.width, "  ", "  ")]
        lines.append("")
    return lines


def _chosen(found: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What to show of a long list, in its order, and the rest.

    Some of each rule come before more of one, so that a frequent problem does not hide the others.
    """
    if len(found) <= SHOWN_PER_PHASE:
        return found, []
    of_rule: Counter[str] = Counter()
    first, later = [], []
    for position, finding in enumerate(found):
        of_rule[finding.rule] += 1
        (first if of_rule[finding.rule] <= SHOWN_PER_RULE else later).append(position)
    kept = set([*first, *later][:SHOWN_PER_PHASE])
    return (
        [finding for position, finding in enumerate(found) if position in kept],
        [finding for position, finding in enumerate(found) if position not in kept],
    )


def _heading(title: str, theme: str, count: str, style: Style) -> list[str]:
    """`TITLE  theme ──────── 3 findings` over the whole width, the theme left out when narrow."""
    if len(title) + len(theme) + len(count) + 8 > style.width:
        theme = ""
    said = f"{title}  {theme}" if theme else title
    rule = "─" * max(3, style.width - len(said) - len(count) - 2)
    theme = f"  {theme}" if theme else ""
    return [f"{style.paint(title, 'bold')}{theme} {style.paint(rule, 'dim')} {count}"]


def _finding(
    finding: Finding, fix: FixShown | None, widest: int, options: RenderOptions
) -> list[str]:
    style = options.style
    severity = style.paint(finding.severity.value.ljust(INDENT - 4), *LOOKS[finding.severity])
    rule = style.link(style.paint(visible(finding.rule), "bold"), rule_page(finding.rule))
    head = f"  {severity}  {rule}"
    place, doubt = visible(str(finding.location)), DOUBT[finding.confidence]
    tail = f"  ({doubt})" if doubt else ""
    pad = " " * (widest - cells(finding.rule) + 2)
    lines = []
    if INDENT + widest + 2 + cells(place) + len(tail) <= style.width:
        lines.append(f"{head}{pad}{_place(finding.location, style)}{style.paint(tail, 'dim')}")
    else:
        lines.append(f"{head}{style.paint(tail, 'dim')}")
        lines.append(f"{MARGIN}{_place(finding.location, style)}")
    lines += wrapped(finding.message, style.width, MARGIN)
    lines += _related(finding, options)
    if fix is not None:
        first, *rest = wrapped(
            f"Fix: {fix.text}", style.width, MARGIN, MARGIN + " " * 5, whole=fix.needs
        )
        painted = style.paint("Fix:", "green")
        lines += [first.replace("Fix:", painted, 1), *rest]
    return lines


def _place(at: Location, style: Style) -> str:
    return style.file(style.paint(visible(str(at)), "cyan"), at.path)


def _related(finding: Finding, options: RenderOptions) -> list[str]:
    style = options.style
    related = [each for each in finding.related if each.note or each.at != finding.location]
    limit = len(related) if options.unfold else SHOWN_RELATED
    lines = []
    for each in related[:limit]:
        place = visible(str(each.at))
        first, *rest = wrapped(
            f"- {place}  {each.note}".rstrip(), style.width, MARGIN, MARGIN + "  "
        )
        linked = style.file(place, each.at.path)
        lines += [style.paint(first, "dim").replace(place, linked, 1)]
        lines += [style.paint(line, "dim") for line in rest]
    if len(related) > limit:
        more = number(len(related) - limit, "more place")
        lines.append(style.paint(f"{MARGIN}- {more} (--all)", "dim"))
    return lines


def _statistics(result: ScanResult, style: Style) -> list[str]:
    """One line a rule: how many, how grave at most, what it says."""
    rows = []
    for rule, number_found in by_rule(result.findings).items():
        found = [finding for finding in result.findings if finding.rule == rule]
        worst = max((finding.severity for finding in found), key=lambda s: s.rank)
        rows.append((f"{number_found:,}", worst, rule, found[0].title))
    if not rows:
        return []
    counts = max(len("Findings"), *(len(row[0]) for row in rows))
    rules = max(cells(visible(row[2])) for row in rows)
    lines = [style.paint(f"  {'Findings':>{counts}}  {'Severity'}  {'Rule':{rules}}  Title", "dim")]
    for count, worst, rule, title in rows:
        severity = style.paint(f"{worst.value:8}", *LOOKS[worst])
        room = max(20, style.width - counts - rules - 16)
        first, *rest = wrapped(title, room)
        lines.append(f"  {count:>{counts}}  {severity}  {visible(rule):{rules}}  {first}")
        lines += [" " * (counts + rules + 16) + line for line in rest]
    return [*lines, ""]


# -- the end ---------------------------------------------------------------------------------


def _end(result: ScanResult, options: RenderOptions) -> list[str]:
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
        yield f"{hidden} hidden: below the chosen severity or confidence", []
    wrong = [each for each in result.skipped if not is_left_out(each)]
    yield from _list("not read or only in part", wrong, options)
    unresolved = result.architecture.unresolved
    if unresolved:
        said = f"{number(len(unresolved), 'call')} with an unknown target"
        each_one = [f"{each.at}  {each.what}: {each.reason}" for each in unresolved]
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
    parts = [f"{count:,} {reason}" for reason, count in reasons[:SHOWN_REASONS]]
    if len(reasons) > SHOWN_REASONS:
        parts.append(f"{sum(count for _, count in reasons[SHOWN_REASONS:]):,} other")
    return ", ".join(parts)


def _verdict(result: ScanResult) -> str:
    if not result.findings:
        return "No findings."
    parts = ", ".join(f"{count} {s}" for s, count in by_severity(result.findings).items())
    return f"{number(len(result.findings), 'finding')}: {parts}"


def _next(result: ScanResult, width: int) -> list[str]:
    """What to type next; the first finding's rule serves as the example."""
    root = shell_word(visible(result.root))
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


def shell_word(text: str) -> str:
    from shlex import quote

    return quote(text)
