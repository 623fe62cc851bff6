"""The recovered schema as a picture for Graphviz: tables, their keys, and who refers to whom."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pydot

from scaleaudit.architecture import NodeKind
from scaleaudit.reports.escaping import dot_string, visible
from scaleaudit.reports.looks import GREY, INK, NODES
from scaleaudit.reports.schema_choice import SchemaChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.reports.options import RenderOptions
    from scaleaudit.result import ScanResult
    from scaleaudit.schema import Table

MAX_COLUMNS = 14  # of one table


def render(
    result: ScanResult, choice: SchemaChoice | None = None, _options: RenderOptions | None = None
) -> str:
    """Raises `UnknownTableError`."""
    tables = chosen(result.architecture.schema, choice or SchemaChoice())
    graph = pydot.Dot("schema", graph_type="digraph", rankdir="RL", nodesep="0.3", ranksep="0.8")
    graph.set_node_defaults(shape="plain", fontname=dot_string("Helvetica"), fontsize="10")
    graph.set_edge_defaults(color=dot_string(GREY), arrowsize="0.6", arrowhead="normal")
    ids = {table.name: f"t{position}" for position, table in enumerate(tables)}
    for table in tables:
        graph.add_node(pydot.Node(ids[table.name], label=_label(table)))
    for table in tables:
        for key in table.foreign_keys:
            if key.table in ids:
                said = dot_string(visible(", ".join(key.columns)))
                graph.add_edge(pydot.Edge(ids[table.name], ids[key.table], tooltip=said))
    text: str = graph.to_string()
    return text if text.endswith("\n") else f"{text}\n"


def _label(table: Table) -> str:
    """A table of Graphviz's HTML: name, then columns, those with an index of their own marked."""
    look = NODES[NodeKind.DATABASE]
    keys = {column.lower() for column in table.primary_key}
    led = {index.columns[0].lower() for index in table.indexes if index.columns}
    rows = [f'<TR><TD BGCOLOR="{look.fill}" ALIGN="LEFT"><B>{_text(table.name)}</B></TD></TR>']
    for column in table.columns[:MAX_COLUMNS]:
        name = column.name.lower()
        mark = "&#9670; " if name in keys else "&#9671; " if name in led else "&#160;&#160; "
        kind = f' <FONT COLOR="{GREY}">{_text(column.type.lower())}</FONT>' if column.type else ""
        rows.append(
            f'<TR><TD ALIGN="LEFT"><FONT COLOR="{INK}">{mark}{_text(column.name)}</FONT>{kind}</TD></TR>'
        )
    if len(table.columns) > MAX_COLUMNS:
        more = len(table.columns) - MAX_COLUMNS
        rows.append(f'<TR><TD ALIGN="LEFT"><FONT COLOR="{GREY}">{more} more</FONT></TD></TR>')
    return (
        f'<<TABLE BORDER="1" COLOR="{look.border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f"{''.join(rows)}</TABLE>>"
    )


def _text(text: str) -> str:
    return escape(visible(text))
