"""What the JSON formats consist of; their published schemas are made from these types.

Version 1 only grows: fields are added, never renamed, moved or dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from scaleaudit import __version__
from scaleaudit.architecture import Cause
from scaleaudit.findings import Confidence, Dimension, Layer, Phase, Severity
from scaleaudit.reports.escaping import json_text, storable

if TYPE_CHECKING:
    from scaleaudit.architecture import Unresolved
    from scaleaudit.findings import Evidence, Finding
    from scaleaudit.roadmap import Roadmap
    from scaleaudit.source import Location

Figure: TypeAlias = str | int | float | bool | list[str] | None


class ToolRow(msgspec.Struct, frozen=True):
    name: str = "scaleaudit"
    version: str = __version__
    url: str = "https://scaleaudit.dev/"


class PlaceRow(msgspec.Struct, frozen=True):
    """A POSIX path from the scanned root; lines and columns are 1-based."""

    path: str
    line: int
    column: int
    end_line: int


class EvidenceRow(msgspec.Struct, frozen=True):
    path: str
    line: int
    column: int
    end_line: int
    note: str


class FindingRow(msgspec.Struct, frozen=True):
    rule: str
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    dimension: Dimension
    layer: Layer
    phase: Phase
    fix: list[str]
    """Ids of the fix catalogue, the usual one first."""
    statements: list[str]
    """Lines that do what the fix asks for, as the repository's own tool takes them; often none."""
    subject: str
    """What the finding is about, stable when lines move."""
    location: PlaceRow
    related: list[EvidenceRow]
    data: dict[str, Figure]
    """Typed figures of the rule: table, columns, depth and the like."""
    fingerprint: str
    """Made of rule and subject; the same in the next scan."""
    help: str
    """Address of the rule's page."""


class SkippedRow(msgspec.Struct, frozen=True):
    path: str
    reason: str


class UnresolvedRow(msgspec.Struct, frozen=True):
    """A call or connection whose target could not be found."""

    component: str
    what: str
    reason: str
    path: str
    line: int
    cause: Cause
    """The kind of the reason."""


class StepRow(msgspec.Struct, frozen=True):
    fix: str
    title: str
    effort: Literal["S", "M", "L", ""]
    """One engineer: S up to three days, M up to three weeks, L more."""
    phase: Phase
    findings: list[str]
    """Fingerprints of the findings that it cures."""
    after: list[str]
    """Fixes of this roadmap that come first."""
    assumes: list[str]
    """Fixes that come first and of which no finding speaks: done already, or to be done."""
    extends: str
    """What of today's system stays."""


class PhaseRow(msgspec.Struct, frozen=True):
    phase: Phase
    title: str
    theme: str
    steps: list[StepRow]


class RoadmapRow(msgspec.Struct, frozen=True):
    phases: list[PhaseRow]


# -- from the engine's types -----------------------------------------------------------------


def finding_row(finding: Finding, address: str) -> FindingRow:
    return FindingRow(
        rule=finding.rule,
        title=finding.title,
        message=finding.message,
        severity=finding.severity,
        confidence=finding.confidence,
        dimension=finding.dimension,
        layer=finding.layer,
        phase=finding.phase,
        fix=list(finding.fix),
        statements=list(finding.statements),
        subject=finding.subject,
        location=place_row(finding.location),
        related=[evidence_row(each) for each in finding.related],
        data=finding.data,
        fingerprint=finding.fingerprint,
        help=address,
    )


def place_row(at: Location) -> PlaceRow:
    return PlaceRow(at.path, at.line, at.column, max(at.line, at.end_line))


def evidence_row(evidence: Evidence) -> EvidenceRow:
    at = evidence.at
    return EvidenceRow(at.path, at.line, at.column, max(at.line, at.end_line), evidence.note)


def unresolved_row(each: Unresolved) -> UnresolvedRow:
    return UnresolvedRow(
        component=each.component,
        what=each.what,
        reason=each.reason,
        path=each.at.path,
        line=each.at.line,
        cause=each.cause,
    )


def roadmap_row(roadmap: Roadmap) -> RoadmapRow:
    """The types stand for the same fields: the roadmap goes over as it is."""
    return msgspec.convert(msgspec.to_builtins(roadmap), RoadmapRow)


def encode(document: msgspec.Struct) -> str:
    """Two blanks an indent; fields in the order of the type, free keys sorted."""
    plain = msgspec.to_builtins(document, order="deterministic")
    try:
        encoded = msgspec.json.encode(plain)
    except UnicodeEncodeError:  # a file name that is not UTF-8
        encoded = msgspec.json.encode(_storable(plain))
    return json_text(msgspec.json.format(encoded, indent=2).decode()) + "\n"


def _storable(plain: Any) -> Any:
    """The same with texts that UTF-8 can hold; as deep as the types of documents are."""
    if isinstance(plain, str):
        return storable(plain)
    if isinstance(plain, dict):
        return {storable(key): _storable(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_storable(each) for each in plain]
    return plain


def schema(document: type[msgspec.Struct], name: str, title: str) -> dict[str, object]:
    """The JSON schema (2020-12) of a document, as it is published."""
    (found,), components = msgspec.json.schema_components(
        [document], schema_hook=_no_custom, ref_template="#/$defs/{name}"
    )
    described = components.pop(document.__name__, found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://scaleaudit.dev/schemas/{name}",
        **described,
        "title": title,
        "$defs": dict(sorted(components.items())),
    }


def _no_custom(kind: type) -> dict[str, object]:
    raise NotImplementedError(kind)
