"""What one rule finds in files written in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.written import written

from scaleaudit.rules import load_rules
from scaleaudit.scan import scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.findings import Finding

RULES = {rule.id: rule for rule in load_rules()}


def find(rule: str, files: Mapping[str, str], **options: object) -> list[Finding]:
    """By the rule's id, its options as the settings would name them."""
    asked = RULES[rule]
    return list(scan(written(files), [asked], options={rule: asked.options(**options)}).findings)
