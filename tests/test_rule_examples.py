"""The pages of all rules are true: every example runs through the whole real pipeline."""

from __future__ import annotations

import re

import pytest

from scaleaudit.roadmap.fixes import FIXES
from scaleaudit.rules import Rule, load_rules
from scaleaudit.testing import Example, examples

RULES = load_rules()
CASES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}")
    for rule in RULES
    for example in examples(rule.page)
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Example) -> None:
    assert example.found(rule) == example.expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_shows_both_sides_in_two_languages(rule: Rule) -> None:
    found = list(examples(rule.page))
    assert any(example.expected for example in found)
    assert any(not example.expected for example in found)
    kinds = {file.kind for example in found for file in example.files}
    assert len(kinds) >= 2, kinds


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_has_the_agreed_sections(rule: Rule) -> None:
    headings = re.findall(r"(?m)^## (.+)$", rule.page)
    for wanted in ("Why it hurts", "What to do", "Confidence and known traps"):
        assert wanted in headings
    assert any(heading.startswith("Flagged") for heading in headings)
    assert any(heading.startswith("Not flagged") for heading in headings)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_fixes_are_in_the_catalogue(rule: Rule) -> None:
    assert rule.fixes
    assert set(rule.fixes) <= set(FIXES)
