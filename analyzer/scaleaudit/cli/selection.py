"""Which rules run, which findings are shown, which make the exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config import nearest
from scaleaudit.findings import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scaleaudit.findings import Finding, Phase, Severity
    from scaleaudit.rules import Rule

KINDS = ("rule", "family", "dimension", "phase")


class UnknownWordError(Exception):
    """Nothing can be selected by this word; the message is one line with the nearest word."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


def words_of(rule: Rule, phase: Phase | None = None) -> dict[str, str]:
    """By what its findings of a phase, the usual one, can be selected."""
    return {
        "rule": rule.id,
        "family": rule.family,
        "dimension": rule.dimensions[0].value,
        "phase": (phase or rule.phase).value,
    }


def split(values: Iterable[str]) -> tuple[str, ...]:
    """`a,b` and repeated options are the same; blanks around words do not count."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def check_words(rules: Sequence[Rule], words: Iterable[str]) -> None:
    """Raises `UnknownWordError` for the first word that no rule answers to.

    All phases and dimensions are known words, also when no rule is of them.
    """
    known = vocabulary(rules)
    for word in words:
        kind, colon, name = word.rpartition(":")
        if colon and kind not in KINDS:
            raise UnknownWordError(word, _message(kind, KINDS))
        among = known[kind] if colon else [name for kind in KINDS for name in known[kind]]
        if name not in among:
            raise UnknownWordError(word, _message(name, among))


def vocabulary(rules: Sequence[Rule]) -> dict[str, list[str]]:
    """All words by what they name."""
    from scaleaudit.findings import Dimension, Phase

    return {
        "rule": sorted({rule.id for rule in rules}),
        "family": sorted({rule.family for rule in rules}),
        "dimension": [dimension.value for dimension in Dimension],
        "phase": [phase.value for phase in Phase],
    }


def _message(word: str, among: Iterable[str]) -> str:
    near = nearest(word, among)
    hint = f"did you mean {near}?" if near else "scaleaudit rules lists all"
    return f"unknown rule, family, dimension or phase: {word}; {hint}"


def choose(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The selected rules (all, when nothing is selected) without the ignored ones."""
    return [
        rule
        for rule in rules
        if any(chosen(rule, phase, select, ignore) for phase in (rule.phase, *rule.later))
    ]


def chosen(rule: Rule, phase: Phase, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether findings of the rule are wanted that are due in the phase."""
    return (not select or any(answers(rule, phase, word) for word in select)) and not any(
        answers(rule, phase, word) for word in ignore
    )


def answers(rule: Rule, phase: Phase, word: str) -> bool:
    """Whether a word (`data`, `family:data`) means this rule in this phase."""
    kind, colon, name = word.rpartition(":")
    words = words_of(rule, phase)
    return words.get(kind) == name if colon else name in words.values()


def keeper(
    severity: Severity,
    confidence: Confidence,
    rules: Sequence[Rule] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Callable[[Finding], bool]:
    """Whether to show a finding of one of the rules."""
    by_id = {rule.id: rule for rule in rules}

    def keep(finding: Finding) -> bool:
        by = by_id.get(finding.rule)
        return (
            finding.severity.rank >= severity.rank
            and finding.confidence.rank >= confidence.rank
            and (by is None or chosen(by, finding.phase, select, ignore))
        )

    return keep


def fails(findings: Iterable[Finding], level: Severity) -> bool:
    """Whether one is at or above the level; one of low confidence is a question, no failure."""
    return any(
        finding.severity.rank >= level.rank and finding.confidence is not Confidence.LOW
        for finding in findings
    )
