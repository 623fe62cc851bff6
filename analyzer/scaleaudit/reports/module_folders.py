"""Source files as they are drawn: one by one, or by folder where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Node, NodeKind
from scaleaudit.reports.overview import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.architecture import Edge

MAX_MODULES = 120  # drawn as single files; above it, folders are drawn
MAX_IMPORTS = 450  # lines between them; with a thousand nothing can be read, and dot needs minutes


def folders(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[dict[str, str], dict[str, Node]]:
    """Modules as they are, or as the deepest folders that can be drawn with their imports."""
    modules = [node for node in nodes if node.kind is NodeKind.MODULE]
    others = {node.id: node for node in nodes if node.kind is not NodeKind.MODULE}
    if len(modules) <= MAX_MODULES and len(edges) <= MAX_IMPORTS:
        return {node.id: node.id for node in nodes}, {node.id: node for node in nodes}
    folder_of = {node.id: (node.path or node.name).split("/")[:-1] for node in modules}
    depth = max(len(parts) for parts in folder_of.values())
    while depth > 1 and _too_many(folder_of, edges, depth):
        depth -= 1
    stands_for = {key: key for key in others}
    members: dict[str, list[Node]] = {}
    for node in modules:
        folder = "/".join(folder_of[node.id][:depth]) or "."
        stands_for[node.id] = f"folder:{folder}"
        members.setdefault(folder, []).append(node)
    drawn = dict(others)
    for folder, found in members.items():
        applications = {node.application for node in found}
        drawn[f"folder:{folder}"] = Node(
            id=f"folder:{folder}",
            kind=NodeKind.MODULE,
            name=f"{folder}/",
            technology=number(len(found), "file"),
            application=applications.pop() if len(applications) == 1 else "",
            first_party=True,
        )
    return stands_for, drawn


def _too_many(folder_of: dict[str, list[str]], edges: Sequence[Edge], depth: int) -> bool:
    """Whether folders of that depth, or the imports between them, are more than can be drawn."""
    cut = {key: tuple(parts[:depth]) for key, parts in folder_of.items()}
    if len(set(cut.values())) > MAX_MODULES:
        return True
    pairs = {(cut.get(edge.source), cut.get(edge.target)) for edge in edges}
    return sum(source != target for source, target in pairs) > MAX_IMPORTS
