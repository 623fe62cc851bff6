"""The order of repair: fixes by phase, each after what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.findings import Phase
from scaleaudit.roadmap.fixes import FIXES
from scaleaudit.roadmap.precedence import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.findings import Finding


class Step(msgspec.Struct, frozen=True):
    """One fix, with the findings it cures and the steps of this roadmap that come before it."""

    fix: str
    title: str
    effort: str
    phase: Phase
    findings: tuple[str, ...]  # fingerprints; empty for a step that only prepares
    after: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()  # direct needs that no finding speaks of: there, or to be done
    extends: str = ""


class PhasePlan(msgspec.Struct, frozen=True):
    phase: Phase
    title: str
    theme: str
    steps: tuple[Step, ...]


class Roadmap(msgspec.Struct, frozen=True):
    phases: tuple[PhasePlan, ...] = ()


PHASE_TITLES = {
    Phase.NOW: ("Now", "safety nets and decisions that cannot be taken back"),
    Phase.TO_1K: ("Before 1,000 users", "stateless processes, indexed data"),
    Phase.TO_10K: ("Before 10,000 users", "headroom and clear ownership"),
    Phase.TO_100K: ("Before 100,000 users", "split what has to be split"),
    Phase.DEFER: ("Later", "not before its trigger fires"),
}


def plan(findings: Iterable[Finding]) -> Roadmap:
    """Each finding's usual fix in the phase of its most urgent finding, in order of need.

    A step never stands in an earlier phase than a step that it needs: the needed one is pulled
    forward. Inside a phase, what is needed comes first, then the smaller effort, then the name.
    Deterministic: the same findings give the same roadmap.
    """
    cured: dict[str, list[Finding]] = {}
    for finding in findings:
        cured.setdefault(finding.fix[0], []).append(finding)
    phase_of = {fix: min((f.phase for f in found), key=_rank) for fix, found in cured.items()}
    before = {fix: _needed(fix, set(cured)) for fix in cured}
    for fix in cured:
        for needed in before[fix]:
            phase_of[needed] = min(phase_of[needed], phase_of[fix], key=_rank)
    phases = []
    for phase in Phase:
        todo = [fix for fix in cured if phase_of[fix] is phase]
        steps: list[Step] = []
        while todo:
            ready = [fix for fix in todo if not (before[fix] & set(todo))]
            fix = min(ready or todo, key=lambda each: (_effort(each), each))
            todo.remove(fix)
            known = FIXES.get(fix)
            steps.append(
                Step(
                    fix=fix,
                    title=known.title if known else fix,
                    effort=known.effort if known else "",
                    phase=phase,
                    findings=tuple(f.fingerprint for f in cured[fix]),
                    after=tuple(sorted(before[fix])),
                    assumes=tuple(need for need in NEEDS.get(fix, ()) if need not in cured),
                    extends=known.extends if known else "",
                )
            )
        title, theme = PHASE_TITLES[phase]
        phases.append(PhasePlan(phase, title, theme, tuple(steps)))
    return Roadmap(tuple(phases))


def _rank(phase: Phase) -> int:
    return phase.rank


def _effort(fix: str) -> str:
    """S before M before L."""
    known = FIXES.get(fix)
    return {"S": "0", "M": "1", "L": "2"}[known.effort] if known else "3"


def _needed(fix: str, wanted: set[str]) -> set[str]:
    """The wanted fixes that must be done before this one, through any number of steps."""
    found: set[str] = set()
    border = [fix]
    seen = {fix}
    while border:
        for needed in NEEDS.get(border.pop(), ()):
            if needed not in seen:
                seen.add(needed)
                border.append(needed)
                if needed in wanted:
                    found.add(needed)
    return found
