from __future__ import annotations

from scaleaudit.findings import Confidence, Dimension, Finding, Layer, Phase, Severity
from scaleaudit.roadmap import plan
from scaleaudit.roadmap.fixes import FIXES
from scaleaudit.roadmap.precedence import NEEDS
from scaleaudit.source import Location


def finding(fix: str, phase: Phase, name: str = "") -> Finding:
    return Finding(
        rule="r", title="t", message="m", severity=Severity.HIGH, confidence=Confidence.HIGH,
        dimension=Dimension.DATA, layer=Layer.ARCHITECTURE, phase=phase, fix=(fix,),
        subject=name or fix, location=Location("a.py", 1), related=(), data={},
        fingerprint=name or fix,
    )  # fmt: skip


def steps(*findings: Finding) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (phase.phase, step.fix, step.after)
        for phase in plan(findings).phases
        for step in phase.steps
    ]


def test_no_findings_give_an_empty_roadmap() -> None:
    assert steps() == []


def test_findings_of_one_fix_are_one_step_in_the_most_urgent_phase() -> None:
    found = plan([finding("indexes", Phase.TO_10K, "a"), finding("indexes", Phase.TO_1K, "b")])
    (step,) = [step for phase in found.phases for step in phase.steps]
    assert (step.phase, step.findings) == (Phase.TO_1K, ("a", "b"))


def test_what_is_needed_comes_first_and_is_pulled_forward() -> None:
    # db-per-service needs table-owner, which needs seams, which needs break-cycles
    assert steps(
        finding("db-per-service", Phase.TO_1K),
        finding("break-cycles", Phase.TO_10K),
    ) == [
        ("1k", "break-cycles", ()),
        ("1k", "db-per-service", ("break-cycles",)),
    ]


def test_small_things_first_inside_a_phase_whatever_the_order_of_findings() -> None:
    findings = [
        finding("object-store", Phase.TO_1K),
        finding("indexes", Phase.TO_1K),
        finding("config-env", Phase.TO_1K),
        finding("ext-scheduler", Phase.TO_1K),
    ]
    wanted = ["config-env", "ext-scheduler", "indexes", "object-store"]
    assert [step[1] for step in steps(*findings)] == wanted
    assert steps(*findings) == steps(*reversed(findings))


def test_needs_without_a_finding_are_told_as_assumptions() -> None:
    (step,) = [s for p in plan([finding("ext-session", Phase.TO_1K)]).phases for s in p.steps]
    assert step.assumes == ("shared-kv",)


def test_the_precedence_has_no_circle_and_knows_only_what_exists() -> None:
    def reaches(fix: str, wanted: str, seen: set[str]) -> bool:
        return any(
            need == wanted or (need not in seen and reaches(need, wanted, seen | {need}))
            for need in NEEDS.get(fix, ())
        )

    assert [fix for fix in NEEDS if reaches(fix, fix, set())] == []
    named = {need for needs in NEEDS.values() for need in needs} | set(NEEDS)
    assert named <= set(FIXES)
