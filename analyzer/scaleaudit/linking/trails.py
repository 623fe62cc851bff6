"""Edges under construction: the same connection seen in several places becomes one edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Edge, EdgeKind
from scaleaudit.findings import Confidence, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_EVIDENCE = 25  # places kept for one edge; the first ones, in file order


class Trails:
    """Collects edges; `edges` melts those of one source, target and kind together."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, EdgeKind, str], tuple[list[Evidence], Confidence]] = {}

    def add(
        self,
        source: str,
        target: str,
        kind: EdgeKind,
        evidence: Iterable[Evidence],
        confidence: Confidence = Confidence.HIGH,
        detail: str = "",
    ) -> None:
        if source == target:
            return
        key = (source, target, kind, detail)
        known, sure = self._found.get(key, ([], confidence))
        for piece in evidence:
            if piece not in known and len(known) < MAX_EVIDENCE:
                known.append(piece)
        best = confidence if confidence.rank > sure.rank else sure
        self._found[key] = (known, best)

    def targets_of(self, source: str, kind: EdgeKind) -> list[str]:
        """The ids of what `source` is connected to by edges of the kind, so far."""
        return sorted({key[1] for key in self._found if key[0] == source and key[2] is kind})

    def edges(self) -> list[Edge]:
        told = {
            (source, target)
            for source, target, kind, _ in self._found
            if kind in (EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
        }
        return [
            Edge(source, target, kind, tuple(evidence), confidence, detail)
            for (source, target, kind, detail), (evidence, confidence) in sorted(
                self._found.items(), key=lambda item: item[0]
            )
            # `publishes` says more than `uses` of a broker; a cache may be used for both
            if not (
                kind is EdgeKind.USES and target.startswith("broker:") and (source, target) in told
            )
        ]
