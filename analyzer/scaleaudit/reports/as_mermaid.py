"""A Mermaid flowchart, for Markdown that draws it (GitHub, GitLab)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.reports.escaping import mermaid_label
from scaleaudit.reports.graph_choice import GraphChoice
from scaleaudit.reports.looks import FOREIGN, INK, LINES, NODES, UNSURE_MERMAID
from scaleaudit.reports.overview import number
from scaleaudit.reports.picture import picture

if TYPE_CHECKING:
    from scaleaudit.architecture import Node
    from scaleaudit.reports.clusters import Cluster
    from scaleaudit.reports.picture import Link, Picture
    from scaleaudit.result import ScanResult

MAX_EDGES = 500  # Mermaid's default; GitHub does not let a diagram raise it
MAX_CHARACTERS = 49_000  # of 50,000
MEANINGS = {"-->": "arrow", "--o": "ends in a circle", "==>": "thick", "---": "no arrow"}


def render(result: ScanResult, choice: GraphChoice | None = None) -> str:
    """At most `MAX_EDGES` edges, the surest first; raises `UnknownNodeError`, `NoWayError`."""
    drawn = picture(result.architecture, choice or GraphChoice())
    ids = {node.id: f"n{position}" for position, node in enumerate(drawn.nodes)}
    lines = ["flowchart LR", *_legend(drawn)]
    clustered: set[str] = set()
    for position, cluster in enumerate(drawn.clusters):
        lines += _cluster(cluster, f"a{position}", "  ", drawn, ids, clustered)
    lines += [f"  {_node(node, drawn, ids)}" for node in drawn.nodes if node.id not in clustered]
    colours = _classes(drawn, ids)
    room = MAX_CHARACTERS - sum(len(line) + 1 for line in (*lines, *colours))
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
    return "\n".join([*lines, *colours, ""])


def _legend(drawn: Picture) -> list[str]:
    """A comment: a legend that is drawn takes the place of nodes."""
    told = [f"{MEANINGS[line.mermaid]}: {line.meaning}" for line in drawn.lines]
    told += ["dashed: to check, low confidence"] if drawn.unsure else []
    notes = [drawn_text(note) for note in drawn.notes() if not note.startswith("pale")]
    return [f"  %% {line}" for line in (drawn_text(drawn.caption), *told, *notes)]


def drawn_text(text: str) -> str:
    """A comment's text; a directive in it would still be read."""
    return mermaid_label(text)


def _cluster(
    cluster: Cluster,
    name: str,
    indent: str,
    drawn: Picture,
    ids: dict[str, str],
    clustered: set[str],
) -> list[str]:
    lines = [f'{indent}subgraph {name}["{mermaid_label(cluster.label)}"]']
    lines += [f"{indent}  {_node(node, drawn, ids)}" for node in cluster.nodes]
    clustered |= {node.id for node in cluster.nodes}
    for position, inner in enumerate(cluster.inner):
        lines += _cluster(inner, f"{name}_{position}", f"{indent}  ", drawn, ids, clustered)
    return [*lines, f"{indent}end"]


def _node(node: Node, drawn: Picture, ids: dict[str, str]) -> str:
    left, right = NODES[node.kind].mermaid
    if node.id in drawn.groups and node.kind is NodeKind.SERVICE:
        left, right = "[[", "]]"
    label = "<br/>".join(mermaid_label(line) for line in drawn.node_lines(node))
    return f'{ids[node.id]}{left}"{label}"{right}'


def _classes(drawn: Picture, ids: dict[str, str]) -> list[str]:
    """The colours of the kinds of nodes, as in the other pictures."""
    members: dict[str, list[str]] = {}
    looks = {kind.value: look for kind, look in NODES.items()} | {"foreign": FOREIGN}
    for node in drawn.nodes:
        foreign = node.kind is NodeKind.SERVICE and not node.first_party
        members.setdefault("foreign" if foreign else node.kind.value, []).append(ids[node.id])
    lines = []
    for name, found in members.items():
        look = looks[name]
        lines.append(f"  classDef {name} fill:{look.fill},stroke:{look.border},color:{INK}")
        lines.append(f"  class {','.join(found)} {name}")
    return lines


def _link(link: Link, ids: dict[str, str]) -> str:
    label = f"|{link.label}|" if link.label else ""
    line = UNSURE_MERMAID if link.unsure else LINES[link.kinds[0]].mermaid
    return f"{ids[link.source]} {line}{label} {ids[link.target]}"
