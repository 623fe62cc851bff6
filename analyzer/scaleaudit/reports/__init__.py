"""Renderers: each module turns one result into one text and knows nothing else.

`FORMATS` shows findings, `GRAPH_FORMATS` the graph, `EDGE_FORMATS` one connection,
`ROADMAP_FORMATS` the plan, `SCHEMA_FORMATS` the tables, `QUERY_FORMATS` what asks them. A module is imported when its format is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = {
    "text": "as_text",
    "concise": "as_concise",
    "json": "as_json",
    "sarif": "as_sarif",
    "markdown": "as_markdown",
    "github": "as_github",
}
"""`render(result, options) -> str`"""

GRAPH_FORMATS = {
    "json": "as_graph_json",
    "dot": "as_dot",
    "svg": "as_svg",
    "png": "as_png",
    "mermaid": "as_mermaid",
    "graphml": "as_graphml",
}
"""`render(result, choice) -> str`; bytes for PNG"""

EDGE_FORMATS = {"text": "edge_as_text", "json": "edge_as_json"}
"""`render(result, explanation, options) -> str`"""

ROADMAP_FORMATS = {"text": "roadmap_as_text", "json": "roadmap_as_json"}
"""`render(result, options) -> str`"""

SCHEMA_FORMATS = {
    "text": "schema_as_text",
    "json": "schema_as_json",
    "ddl": "schema_as_ddl",
    "dot": "schema_as_dot",
    "mermaid": "schema_as_mermaid",
}
"""`render(result, choice, options) -> str`"""

QUERY_FORMATS = {"text": "queries_as_text", "json": "queries_as_json"}
"""`render(result, choice, options) -> str`"""


def renderer(module: str) -> Callable[..., Any]:
    """The `render` function of a format's module."""
    found: Callable[..., Any] = import_module(f"{__name__}.{module}").render
    return found
