"""The report for people: the system first, then what to do in which phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence, Severity
from scaleaudit.regex import regex
from scaleaudit.reports.escaping import no_commands, visible
from scaleaudit.reports.folding import chosen, counted, in_short, matter
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import (
    by_rule,
    kind_name,
    languages,
    not_read,
    number,
    phases_with_findings,
    rule_page,
    system,
    usual_fix,
)
from scaleaudit.reports.style import Style, cells, wrapped
from scaleaudit.reports.text_ending import ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Node
    from scaleaudit.findings import Finding
    from scaleaudit.reports.overview import FixShown
    from scaleaudit.result import ScanResult
    from scaleaudit.source import Location

SHOWN_RELATED = 3
SHOWN_STATEMENTS = 3
SHOWN_NAMES = 12
SHOWN_LANGUAGES = 6

INDENT = 12  # columns left of a finding's text: two, a severity, two
LABEL = 13  # columns left of what the system block says
MARGIN = " " * INDENT

# What a message says first, without its reasons; a list of names stays whole.
FIRST_WORDS = regex(r"\S.*?(?=[:;.]\s|, (?:and|without|none|which|so)\s|\.?$)")

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
        minor = options.unfold or not matter(result.findings)
        for _, title, theme, found in phases_with_findings(result):
            lines += _phase(title, theme, found, options, minor=minor)
    if not options.brief:
        lines += ending(result, options)
    return "".join(f"{no_commands(line)}\n" for line in lines)


# -- the system ------------------------------------------------------------------------------


def _system(result: ScanResult, options: RenderOptions) -> list[str]:
    shown = system(result)
    style = options.style
    lines = [style.paint(visible(result.title), "bold"), ""]
    rows = [
        ("Services", _names(shown.services, options)),
        ("Jobs", _names(shown.jobs, options, plain=True)),
        ("Stores", _names(shown.stores, options)),
        ("Messaging", _names(shown.messaging, options)),
        ("External", _names(shown.externals, options)),
        ("Code", _code(result, options)),
        ("Not read", not_read(result)),
    ]
    for label, text in rows:
        if text:
            lines += _labelled(label, text, style)
    return [*lines, ""]


def _labelled(label: str, text: str, style: Style) -> list[str]:
    first, *rest = wrapped(text, style.width, "  " + label.ljust(LABEL - 2), " " * LABEL)
    return [f"  {style.paint(label, 'dim')}{first[2 + len(label) :]}", *rest]


def _names(nodes: Sequence[Node], options: RenderOptions, *, plain: bool = False) -> str:
    """`plain`: without what each is made with."""
    if not nodes:
        return ""
    limit = len(nodes) if options.unfold else SHOWN_NAMES
    names = [node.name if plain else _named(node) for node in nodes[:limit]]
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
    read_kinds = frozenset(kind for kind, _ in kinds)
    parts = [f"{kind_name(kind, read_kinds)} {count:,}" for kind, count in kinds[:limit]]
    if len(kinds) > limit:
        parts.append(f"other {sum(count for _, count in kinds[limit:]):,}")
    read = f"{number(counts.files, 'file')}, {number(counts.lines, 'line')}"
    return f"{read}: {', '.join(parts)}" if parts else read


# -- findings --------------------------------------------------------------------------------


def _phase(
    title: str, theme: str, found: list[Finding], options: RenderOptions, *, minor: bool
) -> list[str]:
    style = options.style
    shown, folded = (found, []) if options.unfold else chosen(found, minor=minor)
    lines = [*_heading(title.upper(), theme, number(len(found), "finding"), style), ""]
    widest = max((cells(finding.rule) for finding in shown), default=0)
    said: set[str] = set()
    for each in shown if options.unfold else in_short(shown):
        if isinstance(each, list):
            lines += [*_repeats(each, widest, options), ""]
            continue
        fix = usual_fix(each)
        lines += [
            *_finding(each, fix, widest, options, again=fix is not None and fix.id in said),
            "",
        ]
        said.update(each.fix[:1])
    if folded:
        more = wrapped(counted(folded), style.width, "  ", "  ")
        lines += [style.paint(line, "dim") for line in more]
        lines.append("")
    return lines


def _heading(title: str, theme: str, count: str, style: Style) -> list[str]:
    """`TITLE  theme ──────── 3 findings` over the whole width, the theme left out when narrow."""
    if len(title) + len(theme) + len(count) + 8 > style.width:
        theme = ""
    said = f"{title}  {theme}" if theme else title
    rule = "─" * max(3, style.width - len(said) - len(count) - 2)
    theme = f"  {theme}" if theme else ""
    return [f"{style.paint(title, 'bold')}{theme} {style.paint(rule, 'dim')} {count}"]


def _named_rule(finding: Finding, style: Style) -> str:
    severity = style.paint(finding.severity.value.ljust(INDENT - 4), *LOOKS[finding.severity])
    rule = style.link(style.paint(visible(finding.rule), "bold"), rule_page(finding.rule))
    return f"  {severity}  {rule}"


def _repeats(alike: list[Finding], widest: int, options: RenderOptions) -> list[str]:
    """A line each for findings whose like has been told in full above."""
    style, first = options.style, alike[0]
    said = f"{len(alike)} more like these"
    lines = [f"{_named_rule(first, style)}{' ' * (widest - cells(first.rule) + 2)}{said}"]
    for finding in alike:
        place = visible(str(finding.location))
        told = FIRST_WORDS.match(finding.message)
        about = told[0] if told is not None else finding.subject
        lines += _item(f"- {place}  {about}", place, finding.location, style)
    return lines


def _finding(
    finding: Finding, fix: FixShown | None, widest: int, options: RenderOptions, *, again: bool
) -> list[str]:
    """`again`: the phase has said before what the fix is, so that what to write for it is enough."""
    style = options.style
    head = _named_rule(finding, style)
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
    if again and finding.statements:
        first, *rest = _statements(finding, options)
        lines += [f"{MARGIN}{style.paint('Fix:', 'green')} {first.lstrip()}", *rest]
    elif fix is not None:
        first, *rest = wrapped(
            f"Fix: {fix.text}", style.width, MARGIN, MARGIN + " " * 5, whole=fix.needs
        )
        painted = style.paint("Fix:", "green")
        lines += [first.replace("Fix:", painted, 1), *rest]
        lines += _statements(finding, options)
    return lines


def _statements(finding: Finding, options: RenderOptions) -> list[str]:
    """What to write for the fix; the few that are shown are enough to see how it goes."""
    limit = len(finding.statements) if options.unfold else SHOWN_STATEMENTS
    pad = MARGIN + " " * 5
    lines = []
    for each in finding.statements[:limit]:
        lines += wrapped(each, options.style.width, pad, pad + "  ")
    if len(finding.statements) > limit:
        more = f"{len(finding.statements) - limit} more (--all)"
        lines.append(options.style.paint(f"{pad}{more}", "dim"))
    return lines


def _place(at: Location, style: Style) -> str:
    return style.file(style.paint(visible(str(at)), "cyan"), at.path)


def _item(text: str, place: str, at: Location, style: Style) -> list[str]:
    """A dim point of a list, with the place in it as a link."""
    first, *rest = wrapped(text, style.width, MARGIN, MARGIN + "  ")
    first = style.paint(first, "dim").replace(place, style.file(place, at.path), 1)
    return [first, *(style.paint(line, "dim") for line in rest)]


def _related(finding: Finding, options: RenderOptions) -> list[str]:
    style = options.style
    related = [each for each in finding.related if each.note or each.at != finding.location]
    limit = len(related) if options.unfold else SHOWN_RELATED
    lines = []
    for each in related[:limit]:
        place = visible(str(each.at))
        lines += _item(f"- {place}  {each.note}".rstrip(), place, each.at, style)
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
