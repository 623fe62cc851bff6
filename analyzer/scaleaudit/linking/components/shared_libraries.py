"""Libraries of a JVM build that several deployables are built with: parts of the system that none of
them owns, and that all of them are released with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Edge, EdgeKind, Node, NodeKind
from scaleaudit.facts import PackageDeclared
from scaleaudit.findings import Evidence
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import unit_name
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.ownership import Components
    from scaleaudit.linking.facts_index import FactsIndex

CODE = frozenset({"java", "kotlin"})
ECOSYSTEMS = ("maven", "gradle")
SEVERAL = 2  # applications


def shared_libraries(index: FactsIndex, components: Components) -> tuple[list[Node], list[Edge]]:
    """Their nodes, and an edge from each component that is built with one.

    A project of Gradle that no build around it lists publishes itself, and is a product of its own.
    """
    holding = {
        folder_of(path)
        for path, file in index.files.items()
        if file.kind in CODE and index.role(path) is Role.SOURCE
    }
    listed = {
        f"{folder_of(path)}/{member}".strip("/")
        for path, unit in index.of(PackageDeclared)
        for member in unit.members
        if unit.ecosystem == "gradle"
    }
    taken = {component.root for component in components.all if component.root}
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for folder, unit in sorted(components.packages.items()):
        if unit.ecosystem not in ECOSYSTEMS or not folder or folder in taken:
            continue
        if unit.ecosystem == "gradle" and folder not in listed:
            continue
        users = components.built_with(folder)
        if len({user.application for user in users}) < SEVERAL:
            continue
        if not any(is_below(place, folder) for place in holding):
            continue
        name = unit_name(unit.name.rpartition(":")[2], folder)
        name = folder if f"library:{name}" in nodes else name
        at = unit.at.in_file(next(p for p in _build_files(folder) if p in index.files))
        node = Node(f"library:{name}", NodeKind.LIBRARY, name, unit.ecosystem, folder,
                    aliases=(folder.rpartition("/")[2],), first_party=True, at=at)  # fmt: skip
        nodes[node.id] = node
        note = Evidence(at, f"{name} is built into it")
        edges += [Edge(user.id, node.id, EdgeKind.IMPORTS, (note,)) for user in users]
    return list(nodes.values()), edges


def _build_files(folder: str) -> tuple[str, ...]:
    names = (
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
    )
    return tuple(f"{folder}/{name}" for name in names)
