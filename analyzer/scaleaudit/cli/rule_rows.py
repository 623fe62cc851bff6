"""`scaleaudit rules --output-format json`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from scaleaudit.findings import Confidence, Dimension, Layer, Phase, Severity
from scaleaudit.reports.overview import rule_page
from scaleaudit.reports.rows import ToolRow, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.rules import Options, Rule


class OptionRow(msgspec.Struct, frozen=True):
    name: str
    default: Any


class RuleRow(msgspec.Struct, frozen=True):
    id: str
    title: str
    family: str
    dimensions: list[Dimension]
    layer: Layer
    severity: Severity
    confidence: Confidence
    phase: Phase
    fix: list[str]
    options: list[OptionRow]
    help: str


class RuleList(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: ToolRow
    rules: list[RuleRow]


def rules_json(rules: Sequence[Rule]) -> str:
    return encode(RuleList(version=1, tool=ToolRow(), rules=[rule_row(rule) for rule in rules]))


def rule_row(rule: Rule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        title=rule.title,
        family=rule.family,
        dimensions=list(rule.dimensions),
        layer=rule.layer,
        severity=rule.severity,
        confidence=rule.confidence,
        phase=rule.phase,
        fix=list(rule.fixes),
        options=_options(rule.options),
        help=rule_page(rule.id),
    )


def _options(options: type[Options]) -> list[OptionRow]:
    defaults = msgspec.to_builtins(options())
    return [OptionRow(name, default) for name, default in defaults.items()]
