"""The graph as a PNG picture, laid out by Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.reports import as_dot
from scaleaudit.reports.graphviz import draw

if TYPE_CHECKING:
    from scaleaudit.reports.graph_choice import GraphChoice
    from scaleaudit.result import ScanResult


def render(result: ScanResult, choice: GraphChoice | None = None) -> bytes:
    """Raises `UnknownNodeError`, `GraphvizError`."""
    return draw(as_dot.render(result, choice), "png")
