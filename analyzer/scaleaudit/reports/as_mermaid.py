"""A Mermaid flowchart, for Markdown that draws it (GitHub, GitLab)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.reports.escaping import mermaid_label
from scaleaudit.reports.graph_choice import GraphChoice
from scaleaudit.reports.overview import number
from scaleaudit.reports.picture import picture

if TYPE_CHECKING:
    from scaleaudit.architecture import Node
    from scaleaudit.reports.picture import Link, Picture
    from scaleaudit.result import ScanResult

MAX_EDGES = 500  # Mermaid's default; GitHub does not let a diagram raise it
MAX_CHARACTERS = 49_000  # of 50,000

SHAPES = {
    NodeKind.SERVICE: ("[", "]"),
    NodeKind.MODULE: ("[", "]"),
    NodeKind.DATABASE: ("[(", ")]"),
    NodeKind.TABLE: ("[[", "]]"),
    NodeKind.CACHE: ("[(", ")]"),
    NodeKind.BROKER: ("{{", "}}"),
    NodeKind.TOPIC: (">", "]"),
    NodeKind.STORAGE: ("[/", "/]"),
    NodeKind.EXTERNAL: ("([", "])"),
    NodeKind.TEAM: ("((", "))"),
}
LINES = {"solid": "-->", "dashed": "-.->", "dotted": "==>", "plain": "---"}
MEANINGS = {"dashed": "dashed", "dotted": "thick", "solid": "solid", "plain": "no arrow"}


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """At most `MAX_EDGES` edges, the surest first; raises `UnknownNodeError`."""
    drawn = picture(result.architecture, choice or GraphChoice())
    ids = {node.id: f"n{position}" for position, node in enumerate(drawn.nodes)}
    lines = ["flowchart LR", *_legend(drawn)]
    clustered = set()
    for position, (name, members) in enumerate(drawn.clusters.items()):
        lines.append(f'  subgraph a{position}["{mermaid_label(name)}"]')
        lines += [f"    {_node(node, ids)}" for node in members]
        lines.append("  end")
        clustered |= {node.id for node in members}
    lines += [f"  {_node(node, ids)}" for node in drawn.nodes if node.id not in clustered]
    room = MAX_CHARACTERS - sum(len(line) + 1 for line in lines)
    links = sorted(drawn.links, key=lambda link: (-link.confidence.rank, -link.count))
    kept: list[Link] = []
    for link in links[:MAX_EDGES]:
        room -= len(_link(link, ids)) + 3
        if room < 0:
            break
        kept.append(link)
    if len(kept) < len(links):
        left_out = number(len(links) - len(kept), "connection")
        lines.append(f"  %% {left_out} not drawn: Mermaid takes {MAX_EDGES}")
    lines += [f"  {_link(link, ids)}" for link in sorted(kept, key=lambda k: (k.source, k.target))]
    return "\n".join([*lines, ""])


def _legend(drawn: Picture) -> list[str]:
    """A comment: a legend that is drawn takes the place of nodes."""
    told = [f"{MEANINGS[style]}: {drawn.meaning(style)}" for style in drawn.styles]
    return [f"  %% {drawn_text(drawn.caption)}", *(f"  %% {line}" for line in told)]


def drawn_text(text: str) -> str:
    """A comment's text; a directive in it would still be read."""
    return mermaid_label(text)


def _node(node: Node, ids: dict[str, str]) -> str:
    left, right = SHAPES[node.kind]
    label = mermaid_label(node.name)
    if node.technology and node.technology.lower() != node.name.lower():
        label += f"<br/>{mermaid_label(node.technology)}"
    if node.replicas is not None and node.replicas > 1:
        label += f" x{node.replicas}"
    return f'{ids[node.id]}{left}"{label}"{right}'


def _link(link: Link, ids: dict[str, str]) -> str:
    label = f"|{link.label}|" if link.label else ""
    return f"{ids[link.source]} {LINES[link.style]}{label} {ids[link.target]}"
