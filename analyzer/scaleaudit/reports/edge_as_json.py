"""The trail of each connection between two components, for programs; schema `edge-v1.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from scaleaudit.architecture import EdgeKind
from scaleaudit.findings import Confidence, Step
from scaleaudit.reports import rows
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.source_lines import line_reader, shown, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.reports.explained_edge import Connection, Explanation, Way
    from scaleaudit.result import ScanResult

MAX_TEXT = 400  # characters of a source line


class ShownStepRow(msgspec.Struct, frozen=True):
    step: Step | None
    path: str
    line: int
    column: int
    note: str
    text: str
    """The line itself, without what looks like a secret; empty when it cannot be read."""


class WayRow(msgspec.Struct, frozen=True):
    confidence: Confidence
    why: str
    """Why it is believed as much as it is."""
    address: str
    """As far as the repository tells it, `{}` for unknown parts."""
    steps: list[ShownStepRow]


class ConnectionRow(msgspec.Struct, frozen=True):
    """From the side that opens the connection."""

    source: str
    target: str
    kind: EdgeKind
    detail: str
    confidence: Confidence
    ways: list[WayRow]


class HopRow(msgspec.Struct, frozen=True):
    node: str
    kind: EdgeKind | None
    """What leads here from the one before; `consumes` leads against its direction."""


class ExplainedEdge(msgspec.Struct, frozen=True):
    version: Literal[1]
    tool: rows.ToolRow
    root: str
    """The scanned folder as the user named it; all paths are relative to it."""
    first: list[str]
    """Ids of the nodes that the first name means."""
    second: list[str]
    connections: list[ConnectionRow]
    """In both directions."""
    unresolved: list[rows.UnresolvedRow]
    """Where there is no connection: calls of the first that might be it."""
    over: list[HopRow]
    """Where there is no connection: the shortest way over others."""


def render(
    result: ScanResult, explanation: Explanation, options: RenderOptions | None = None
) -> str:
    read = line_reader((options or RenderOptions()).read)
    return rows.encode(
        ExplainedEdge(
            version=1,
            tool=rows.ToolRow(),
            root=result.root,
            first=[node.id for node in explanation.first],
            second=[node.id for node in explanation.second],
            connections=[
                _connection(each, read) for each in (*explanation.there, *explanation.back)
            ],
            unresolved=[rows.unresolved_row(each) for each in explanation.unresolved],
            over=[HopRow(node.id, edge.kind if edge else None) for node, edge in explanation.over],
        )
    )


def _connection(each: Connection, read: Callable[[str, int], str]) -> ConnectionRow:
    return ConnectionRow(
        source=each.edge.source,
        target=each.edge.target,
        kind=each.edge.kind,
        detail=without_secrets(each.edge.detail),
        confidence=each.edge.confidence,
        ways=[_way(way, read) for way in each.ways],
    )


def _way(way: Way, read: Callable[[str, int], str]) -> WayRow:
    return WayRow(
        confidence=way.confidence,
        why=way.why,
        address=without_secrets(way.address),
        steps=[
            ShownStepRow(
                step=step.step,
                path=step.at.path,
                line=step.at.line,
                column=step.at.column,
                note=without_secrets(step.note),
                text=shown(read(step.at.path, step.at.line), MAX_TEXT),
            )
            for step in way.steps
        ],
    )


def json_schema() -> dict[str, object]:
    return rows.schema(ExplainedEdge, "edge-v1.json", "A connection that scaleaudit explains")
