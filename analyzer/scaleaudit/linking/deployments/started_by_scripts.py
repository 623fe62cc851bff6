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
    """All but the containers of scripts that are not, or not the first of, such a server."""
    technologies = [_technology(fact) for _, fact in declared]
    first = {
        technology: ""
        for technology, (_, fact) in zip(technologies, declared, strict=True)
        if fact.source != SOURCE
    }
    kept: list[tuple[str, WorkloadDeclared]] = []
    for technology, (path, fact) in zip(technologies, declared, strict=True):
        if fact.source == SOURCE:
            if not technology or first.setdefault(technology, path) != path:
                continue
            if any(p == path and f.name == fact.name for p, f in kept):
                continue
        kept.append((path, fact))
    return kept


def _technology(fact: WorkloadDeclared) -> str:
    known = of_image(text_with_holes(fact.image)) if fact.image is not None else None
    return known[1] if known is not None else ""
