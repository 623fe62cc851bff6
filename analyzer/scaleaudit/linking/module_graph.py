"""The source files as nodes of the graph, and what they import of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Edge, EdgeKind, Node, NodeKind
from scaleaudit.findings import Evidence
from scaleaudit.linking.imports.modules import eager
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules


def module_nodes(index: FactsIndex, modules: Modules) -> dict[str, Node]:
    """By path, what imports or is imported; no tests."""
    return {
        path: Node(f"module:{path}", NodeKind.MODULE, path, index.kind(path), path)
        for path in dict.fromkeys(path for pair in modules.imports for path in pair)
        if index.role(path) is not Role.TEST
    }


def module_edges(modules: Modules, nodes: Mapping[str, Node]) -> Iterator[Edge]:
    """Imports that happen when the module is loaded: no type-only and no lazy ones."""
    for (source, target), fact in sorted(modules.imports.items(), key=lambda item: item[0]):
        if source in nodes and target in nodes and eager(fact) == 2:
            evidence = Evidence(fact.at.in_file(source), f"imports {fact.module}")
            yield Edge(nodes[source].id, nodes[target].id, EdgeKind.IMPORTS, (evidence,))
