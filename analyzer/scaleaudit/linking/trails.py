"""Edges under construction: the same connection seen in several places becomes one edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import Edge, EdgeKind
from scaleaudit.findings import Confidence, Evidence, Trail
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.findings import Step

MAX_EVIDENCE = 25  # places kept for one edge, and ways to it; the first ones, in file order


class Found(Gathering):
    """All that speaks for one edge."""

    confidence: Confidence
    evidence: list[Evidence] = msgspec.field(default_factory=list)
    trails: list[Trail] = msgspec.field(default_factory=list)


class Trails:
    """Collects edges; `edges` melts those of one source, target and kind together."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, EdgeKind, str], Found] = {}

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
        key = source, target, kind, detail
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = Found(confidence)
        steps = tuple(dict.fromkeys(evidence))
        for piece in steps:
            if len(known.evidence) < MAX_EVIDENCE and piece not in known.evidence:
                known.evidence.append(piece)
        trail = Trail(steps, confidence)
        if steps and len(known.trails) < MAX_EVIDENCE and trail not in known.trails:
            known.trails.append(trail)
        if confidence != known.confidence and confidence.rank > known.confidence.rank:
            known.confidence = confidence

    def targets_of(self, source: str, kind: EdgeKind) -> list[str]:
        """The ids of what `source` is connected to by edges of the kind, so far."""
        return sorted({key[1] for key in self._found if key[0] == source and key[2] is kind})

    def targets_from(self, source: str) -> list[str]:
        """The ids of all that `source` is connected to, so far."""
        return sorted({key[1] for key in self._found if key[0] == source})

    def is_told_by(self, source: str, target: str, step: Step) -> bool:
        """Whether some evidence of a connection between the two is of that kind."""
        return any(e.step is step for e in self.evidence_between(source, target))

    def evidence_between(self, source: str, target: str) -> list[Evidence]:
        """Why the two are connected, so far."""
        between = (found for key, found in self._found.items() if key[:2] == (source, target))
        return [e for found in between for e in found.evidence]

    def evidence_of(self, source: str) -> list[Evidence]:
        """Why `source` is connected to anybody, so far."""
        return [e for key, found in self._found.items() if key[0] == source for e in found.evidence]

    def edges(self) -> list[Edge]:
        told = {
            (source, target)
            for source, target, kind, _ in self._found
            if kind in (EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
        }
        return [
            Edge(
                source,
                target,
                kind,
                tuple(found.evidence),
                found.confidence,
                detail,
                tuple(found.trails),
            )
            for (source, target, kind, detail), found in sorted(
                self._found.items(), key=lambda item: item[0]
            )
            # `publishes` says more than `uses` of a broker; a cache may be used for both
            if not (
                kind is EdgeKind.USES and target.startswith("broker:") and (source, target) in told
            )
        ]
