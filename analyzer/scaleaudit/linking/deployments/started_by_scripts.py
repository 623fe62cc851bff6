"""Which containers that scripts start are a part of the system.

Scripts start much for those who work on the code. What counts is a store, a broker or a server of
traces that the files of no other deployment bring, from one script for each kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.technologies import of_image
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.facts import WorkloadDeclared

SOURCE = "script"


def without_other_scripts(
    declared: Sequence[tuple[str, WorkloadDeclared]],
) -> list[tuple[str, WorkloadDeclared]]:
    """All workloads of other files, and of scripts those containers that count."""
    deployed = {_technology(fact) for _, fact in declared if fact.source != SOURCE}
    started: dict[str, str] = {}  # technology -> the script that starts it
    seen: set[tuple[str, str]] = set()
    kept: list[tuple[str, WorkloadDeclared]] = []
    for path, fact in declared:
        if fact.source == SOURCE:
            technology = _technology(fact)
            if not technology or technology in deployed:
                continue
            if started.setdefault(technology, path) != path or (path, fact.name) in seen:
                continue
            seen.add((path, fact.name))
        kept.append((path, fact))
    return kept


def _technology(fact: WorkloadDeclared) -> str:
    known = of_image(text_with_holes(fact.image)) if fact.image is not None else None
    return known[1] if known is not None else ""
