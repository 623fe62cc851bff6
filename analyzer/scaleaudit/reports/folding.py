"""Which findings of a phase the report for people shows, and which it only counts."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from scaleaudit.findings import Severity
from scaleaudit.reports.overview import by_rule, by_severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.findings import Finding

GRAVE = frozenset(s.value for s in Severity if s.rank > Severity.LOW.rank)
SHOWN_PER_PHASE = 10  # and the rest, when that is one
SHOWN_PER_RULE = 3  # of one severity, while other rules have findings that are as grave


def matter(findings: Iterable[Finding]) -> bool:
    """Whether any is above low severity, so that those of low severity need only be counted."""
    return not all(map(_is_minor, findings))


def chosen(found: list[Finding], *, minor: bool) -> tuple[list[Finding], list[Finding]]:
    """What to show of a phase, in its order, and the rest; `minor`: also what is of low severity.

    Of what is equally grave, some of each rule come before more of one, so that a frequent problem
    does not hide the others; but nothing that is less grave takes the place of what is more.
    """
    worth = [finding for finding in found if minor or not _is_minor(finding)]
    kept = list(_some_of_each(worth))[:SHOWN_PER_PHASE]
    if len(kept) + 1 >= len(worth):
        kept = worth
    told = {finding.fingerprint for finding in kept}
    return (
        [finding for finding in found if finding.fingerprint in told],
        [finding for finding in found if finding.fingerprint not in told],
    )


def in_short(shown: Iterable[Finding]) -> list[Finding | list[Finding]]:
    """Findings to tell in full, and in place of what repeats them lists to tell in a line each.

    Who has read three of a rule knows what the fourth says; a fourth that is the last is told whole.
    """
    told: list[Finding | list[Finding]] = []
    seen: Counter[tuple[Severity, str]] = Counter()
    alike: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in shown:
        kind = finding.severity, finding.rule
        seen[kind] += 1
        if seen[kind] <= SHOWN_PER_RULE:
            told.append(finding)
        elif kind in alike:
            alike[kind].append(finding)
        else:
            alike[kind] = [finding]
            told.append(alike[kind])
    return [each[0] if isinstance(each, list) and len(each) == 1 else each for each in told]


def counted(folded: Iterable[Finding]) -> str:
    """`7 more, 2 of high severity: 5 unindexed-query, 2 n-plus-one (--all shows them)`"""
    folded = list(folded)
    them = "them" if len(folded) > 1 else "it"
    rules = ", ".join(f"{count} {rule}" for rule, count in by_rule(folded).items())
    grave = {grade: count for grade, count in by_severity(folded).items() if grade in GRAVE}
    if all(map(_is_minor, folded)):
        more = f"{len(folded)} of low severity"
    elif grave == {severity: len(folded) for severity in grave}:
        more = f"{len(folded)} more of {next(iter(grave))} severity"
    else:
        more = f"{len(folded)} more, " + " and ".join(
            f"{count} of {grade} severity" for grade, count in grave.items()
        )
    return f"{more}: {rules} (--all shows {them})"


def _is_minor(finding: Finding) -> bool:
    return finding.severity.rank <= Severity.LOW.rank


def _some_of_each(found: list[Finding]) -> Iterator[Finding]:
    """The gravest first; of one severity the first few of each rule before the rest."""
    for _, alike in groupby(found, key=lambda finding: finding.severity):
        of_rule: Counter[str] = Counter()
        later: list[Finding] = []
        for finding in alike:
            of_rule[finding.rule] += 1
            if of_rule[finding.rule] > SHOWN_PER_RULE:
                later.append(finding)
            else:
                yield finding
        yield from later
