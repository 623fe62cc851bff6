"""All that renderers get to see of a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.architecture import Architecture
from scaleaudit.findings import Confidence, Finding, Severity
from scaleaudit.roadmap import Roadmap
from scaleaudit.source import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator


class Counts(msgspec.Struct, frozen=True):
    """What the scan did; the numbers that say whether the cache and the filters work."""

    files: int = 0  # files that an extractor reads
    parsed: int = 0  # files parsed in this run, the others came from the cache
    lines: int = 0
    languages: dict[str, int] = {}  # files by kind
    hidden: int = 0  # findings below the chosen severity or confidence, or of another phase
    seconds: float = 0.0


class Rulebook(msgspec.Struct, frozen=True):
    """A rule as reports show it."""

    id: str
    title: str
    family: str
    page: str
    severity: Severity | None = None  # the rule's own; a finding may have another
    confidence: Confidence | None = None


class ScanResult(msgspec.Struct, frozen=True):
    root: str  # as the user named it
    architecture: Architecture
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    roadmap: Roadmap
    counts: Counts
    rules: tuple[Rulebook, ...] = ()
    folder: str = ""  # the name of the root itself, also where the user wrote `.`

    @property
    def title(self) -> str:
        """What people call the scanned folder."""
        return self.folder or self.root

    def rule(self, rule_id: str) -> Rulebook | None:
        return next((each for each in self.rules if each.id == rule_id), None)

    def by_phase(self) -> Iterator[tuple[str, list[Finding]]]:
        """Findings of each phase that has any, in order."""
        for phase in self.roadmap.phases:
            found = [f for f in self.findings if f.phase == phase.phase]
            if found:
                yield phase.phase, found
