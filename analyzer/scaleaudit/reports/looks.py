"""How kinds of nodes and lines look; the same in every format of a picture."""

from __future__ import annotations

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.record import Record

INK = "#1f2937"
GREY = "#64748b"
FRAME = "#cbd5e1"


class Look(Record, frozen=True):
    """`shape` and `arrow` by their names in DOT; in Mermaid what stands around a label."""

    fill: str
    border: str
    shape: str
    mermaid: tuple[str, str]
    meaning: str = ""  # in the legend, where the names in the nodes may not tell


NODES = {
    NodeKind.SERVICE: Look("#dbeafe", "#1d4ed8", "box", ("[", "]"), "service"),
    NodeKind.LIBRARY: Look("#f8fafc", "#475569", "component", ("[/", "\\]"), "shared library"),
    NodeKind.MODULE: Look("#f8fafc", "#64748b", "box", ("[", "]")),
    NodeKind.DATABASE: Look("#dcfce7", "#15803d", "cylinder", ("[(", ")]"), "database"),
    NodeKind.TABLE: Look("#f0fdf4", "#15803d", "tab", ("[[", "]]"), "table"),
    NodeKind.CACHE: Look("#fef3c7", "#b45309", "cylinder", ("[(", ")]"), "cache"),
    NodeKind.STORAGE: Look("#e0f2fe", "#0369a1", "folder", ("[/", "/]"), "file store"),
    NodeKind.BROKER: Look("#fae8ff", "#a21caf", "cds", ("{{", "}}"), "broker"),
    NodeKind.TOPIC: Look("#fdf4ff", "#a21caf", "note", (">", "]"), "topic"),
    NodeKind.EXTERNAL: Look("#ffffff", "#64748b", "ellipse", ("([", "])"), "system of others"),
    NodeKind.TEAM: Look("#ffedd5", "#c2410c", "house", ("((", "))"), "team"),
}
FOREIGN = Look("#f1f5f9", "#64748b", "box", ("[", "]"), "service without source here")


class Line(Record, frozen=True):
    """`glyph` is in characters that every font has: a picture is looked at on other machines."""

    color: str
    arrow: str
    style: str
    mermaid: str
    glyph: str
    meaning: str


CALLS = Line("#334155", "normal", "solid", "-->", "&#8212;&#9654;", "calls")
DATA = Line("#15803d", "dot", "solid", "--o", "&#8212;&#9679;", "reads, writes, uses")
MESSAGES = Line(
    "#a21caf", "normal", "dotted", "==>", "&#183;&#183;&#183;&#9654;", "publishes, consumes"
)
IMPORTS = Line("#475569", "normal", "solid", "-->", "&#8212;&#9654;", "imports")
CONTAINS = Line(FRAME, "none", "solid", "---", "&#8212;&#8212;", "contains")
LINES = {
    EdgeKind.CALLS: CALLS,
    EdgeKind.WRITES: DATA,
    EdgeKind.READS: DATA,
    EdgeKind.USES: DATA,
    EdgeKind.PUBLISHES: MESSAGES,
    EdgeKind.CONSUMES: MESSAGES,
    EdgeKind.IMPORTS: IMPORTS,
    EdgeKind.CONTAINS: CONTAINS,
    EdgeKind.OWNS: CONTAINS,
}
LEGEND = (CALLS, IMPORTS, DATA, MESSAGES, CONTAINS)
UNSURE = "dashed"  # the style of a line of low confidence, whatever its kind
UNSURE_MERMAID = "-.->"
