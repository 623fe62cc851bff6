"""Compose files that a product offers for installation: no part of the product's own system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import WorkloadDeclared

MANY = 20  # files of one folder; a system's own variants are fewer


def without_catalogues(
    declared: Sequence[tuple[str, WorkloadDeclared]],
) -> list[tuple[str, WorkloadDeclared]]:
    """All but the workloads of catalogues.

    A catalogue is a folder with many Compose files, none of which builds anything, in a repository
    that builds its own workloads by Compose elsewhere.
    """
    files: dict[str, set[str]] = {}
    building: set[str] = set()
    for path, fact in declared:
        if fact.source == "compose":
            files.setdefault(folder_of(path), set()).add(path)
            if fact.build_context:
                building.add(folder_of(path))
    offered = {
        folder for folder, paths in files.items() if len(paths) >= MANY and folder not in building
    }
    if not building:
        return list(declared)
    return [
        (path, fact)
        for path, fact in declared
        if fact.source != "compose" or folder_of(path) not in offered
    ]
