from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from scaleaudit.cli.selection import (
    UnknownWordError,
    check_words,
    choose,
    fails,
    keeper,
    split,
)
from scaleaudit.findings import Confidence, Dimension, Finding, Layer, Phase, Severity
from scaleaudit.source import Location

if TYPE_CHECKING:
    from scaleaudit.rules import Rule


def finding(severity: Severity, confidence: Confidence = Confidence.HIGH) -> Finding:
    return Finding(
        rule="r",
        title="t",
        message="m",
        severity=severity,
        confidence=confidence,
        dimension=Dimension.DATA,
        layer=Layer.TEAM,
        phase=Phase.NOW,
        fix=(),
        subject="s",
        location=Location("a", 1),
        related=(),
        data={},
        fingerprint="f",
    )


def test_words_are_split() -> None:
    assert split(("a,b", " c ", ",")) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        ((), (), ["crowded-thing", "named-thing"]),
        (("crowded-thing",), (), ["crowded-thing"]),
        (("state",), (), ["named-thing"]),
        (("family:state",), (), ["named-thing"]),
        (("data",), ("coupling",), ["named-thing"]),
        (("1k",), ("rule:named-thing",), ["crowded-thing"]),
        (("phase:1k", "state"), (), ["crowded-thing", "named-thing"]),
        (("traffic",), (), []),  # findings carry the first dimension
        (("dimension:state",), (), []),
        ((), ("data",), []),
    ],
)
def test_choice(
    two_rules: list[Rule], select: tuple[str, ...], ignore: tuple[str, ...], left: list[str]
) -> None:
    assert [rule.id for rule in choose(two_rules, select, ignore)] == left


def test_a_finding_is_chosen_by_its_own_phase(two_rules: list[Rule]) -> None:
    rule = replace(two_rules[0], later=(Phase.TO_100K,))
    due = replace(finding(Severity.HIGH), rule=rule.id, phase=Phase.TO_100K)
    for select, ignore, shown in (
        ((), (), True),
        (("1k",), (), False),
        (("100k",), (), True),
        ((), ("100k",), False),
        ((), ("1k",), True),
    ):
        assert choose([rule], select, ignore) == [rule]
        keep = keeper(Severity.INFO, Confidence.LOW, [rule], select, ignore)
        assert keep(due) is shown


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "crowded",
            "unknown rule, family, dimension or phase: crowded; did you mean crowded-thing?",
        ),
        ("copling", "unknown rule, family, dimension or phase: copling; did you mean coupling?"),
        ("family:sttae", "unknown rule, family, dimension or phase: sttae; did you mean state?"),
        ("famly:state", "unknown rule, family, dimension or phase: famly; did you mean family?"),
        ("zzz", "unknown rule, family, dimension or phase: zzz; scaleaudit rules lists all"),
    ],
)
def test_unknown_words(two_rules: list[Rule], word: str, said: str) -> None:
    with pytest.raises(UnknownWordError) as caught:
        check_words(two_rules, ["coupling", word])
    assert str(caught.value) == said
    assert caught.value.word == word


def test_known_words(two_rules: list[Rule]) -> None:
    check_words(two_rules, ["coupling", "crowded-thing", "cost", "defer", "phase:now"])


def test_what_is_kept() -> None:
    keep = keeper(Severity.MEDIUM, Confidence.MEDIUM)
    assert keep(finding(Severity.MEDIUM, Confidence.MEDIUM))
    assert not keep(finding(Severity.LOW))
    assert not keep(finding(Severity.CRITICAL, Confidence.LOW))


def test_what_fails() -> None:
    assert fails([finding(Severity.LOW), finding(Severity.HIGH)], Severity.HIGH)
    assert not fails([finding(Severity.MEDIUM)], Severity.HIGH)
    assert not fails([finding(Severity.CRITICAL, Confidence.LOW)], Severity.INFO)
    assert not fails([], Severity.INFO)
