"""The whole way: files -> facts -> architecture -> findings -> roadmap."""

from __future__ import annotations

import gc
import time
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.discovery import discover
from scaleaudit.extraction import extract_all, file_kinds
from scaleaudit.linking import link
from scaleaudit.result import Counts, Rulebook, ScanResult
from scaleaudit.roadmap import plan
from scaleaudit.rules import run_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from scaleaudit.cache import FactCache
    from scaleaudit.config import Config
    from scaleaudit.findings import Finding
    from scaleaudit.rules import Options, Rule
    from scaleaudit.source import Skipped, SourceFile

    Progress = Callable[[str, int, int], None]


class NothingToScan(Exception):
    """The folder holds no file that scaleaudit reads."""


class ScanError(Exception):
    """The scan cannot be done as asked; the message is one line."""


def scan(
    files: Sequence[SourceFile],
    rules: Sequence[Rule],
    *,
    root: Path | None = None,
    name: str = "",
    skipped: Sequence[Skipped] = (),
    options: Mapping[str, Options] | None = None,
    keep: Callable[[Finding], bool] | None = None,
    jobs: int = 1,
    cache: FactCache | None = None,
    max_size: int = 1 << 20,
    progress: Progress | None = None,
) -> ScanResult:
    """The result for these files; those with `content` need no disk.

    `keep` says which findings to show; the others are counted as hidden. Raises `RuleCrash`.
    """
    started = time.monotonic()
    collecting = gc.isenabled()
    gc.disable()  # a scan makes millions of small objects and next to no cycles
    try:
        extracted = extract_all(
            files,
            root,
            cache=cache,
            jobs=jobs,
            max_size=max_size,
            progress=None if progress is None else lambda d, n: progress("reading", d, n),
        )
        if progress is not None:
            progress("linking", 0, 1)
        architecture = link(extracted.facts, extracted.roles)
        if progress is not None:
            progress("checking", 0, 1)
        everything = run_rules(architecture, rules, options)
    finally:
        if collecting:
            gc.enable()
    findings = [finding for finding in everything if keep is None or keep(finding)]
    return ScanResult(
        root=name,
        architecture=architecture,
        findings=tuple(findings),
        skipped=tuple(sorted([*skipped, *extracted.skipped])),
        roadmap=plan(findings),
        counts=Counts(
            files=len(extracted.facts),
            parsed=extracted.parsed,
            lines=sum(facts.lines for facts in extracted.facts.values()),
            languages=dict(Counter(file.kind for file in files).most_common()),
            hidden=len(everything) - len(findings),
            seconds=time.monotonic() - started,
        ),
        rules=tuple(
            Rulebook(r.id, r.title, r.family, r.page, r.severity, r.confidence) for r in rules
        ),
    )


def list_files(root: Path, config: Config) -> tuple[list[SourceFile], list[Skipped]]:
    """What a scan of the folder reads, and what it leaves out with the reason."""
    found = discover(root, config, file_kinds())
    return found.files, found.skipped


def scan_path(
    root: Path,
    config: Config,
    *,
    rules: Sequence[Rule],
    options: Mapping[str, Options] | None = None,
    keep: Callable[[Finding], bool] | None = None,
    jobs: int = 0,
    cache: FactCache | None = None,
    progress: Progress | None = None,
) -> ScanResult:
    """Scan a folder on disk; raises `NothingToScan`, `ScanError`, `RuleCrash`."""
    if not root.is_dir():
        raise ScanError(f"{root}: not a folder" if root.exists() else f"{root}: no such folder")
    files, skipped = list_files(root, config)
    if not files:
        raise NothingToScan(f"{root}: nothing to scan: no file of a kind that scaleaudit reads")
    return scan(
        files,
        rules,
        root=root,
        name=str(root),
        skipped=skipped,
        options=options,
        keep=keep,
        jobs=jobs,
        cache=cache,
        max_size=config.max_file_size,
        progress=progress,
    )
