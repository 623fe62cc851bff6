"""The whole way: files -> facts -> architecture -> findings -> roadmap."""

from __future__ import annotations

import gc
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from scaleaudit.discovery import discover, with_digests
from scaleaudit.file_kinds import file_kinds
from scaleaudit.memory import Memory
from scaleaudit.remembered import remembered
from scaleaudit.remembered_names import remembered_names
from scaleaudit.result import Counts, Rulebook, ScanResult
from scaleaudit.roadmap import plan
from scaleaudit.rules import run_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from scaleaudit.architecture import Architecture
    from scaleaudit.cache import FactCache
    from scaleaudit.config import Config
    from scaleaudit.discovery import Found
    from scaleaudit.extraction import Extracted
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
    complete: bool = False,
    progress: Progress | None = None,
) -> ScanResult:
    """The result for these files; those with `content` need no disk.

    `keep` says which findings to show; the others are counted as hidden. `complete`: the graph
    of source modules is wanted too, which a remembered scan does not hold. Raises `RuleCrash`.
    """
    started = time.monotonic()
    folder = name_of(root, name)
    memory = (
        Memory(cache, root, files, rules, options, folder, max_size) if cache is not None else None
    )
    known = memory.known() if memory and not complete else None
    parsed = 0
    if known is None and memory and not complete:
        known, parsed = memory.moved(jobs)
    if known is None:
        architecture, everything, extracted = _find(
            files, rules, root, name, options, jobs, cache, max_size, progress
        )
        parsed += extracted.parsed
        read, lines = len(extracted.facts), sum(each.lines for each in extracted.facts.values())
        unread = tuple(extracted.skipped)
        if memory:
            memory.keep(remembered(architecture, everything, unread, read, lines))
    else:
        architecture, everything = known.architecture(), list(known.findings)
        read, lines, unread = known.files, known.lines, known.skipped
    findings = [finding for finding in everything if keep is None or keep(finding)]
    return ScanResult(
        root=name,
        architecture=architecture,
        findings=tuple(findings),
        skipped=tuple(sorted([*skipped, *unread])),
        roadmap=plan(findings),
        counts=Counts(
            files=read,
            parsed=parsed,
            lines=lines,
            languages=dict(Counter(file.kind for file in files).most_common()),
            hidden=len(everything) - len(findings),
            seconds=time.monotonic() - started,
        ),
        folder=folder,
        rules=tuple(Rulebook(r.id, r.title, r.family, r.page) for r in rules),
    )


def _find(
    files: Sequence[SourceFile],
    rules: Sequence[Rule],
    root: Path | None,
    name: str,
    options: Mapping[str, Options] | None,
    jobs: int,
    cache: FactCache | None,
    max_size: int,
    progress: Progress | None,
) -> tuple[Architecture, list[Finding], Extracted]:
    """The steps whose result can be remembered: extract, link, check."""
    from scaleaudit.extraction import extract_all
    from scaleaudit.linking import link
    from scaleaudit.schemas.misordered import misordered

    def tell(stage: str) -> None:
        if progress is not None:
            progress(stage, 0, 1)

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
        extracted.skipped.extend(misordered(extracted.facts))
        tell("linking")
        architecture = link(extracted.facts, extracted.roles, name_of(root, name))
        tell("checking")
        findings = run_rules(architecture, rules, options)
    finally:
        if collecting:
            gc.enable()
    return architecture, findings, extracted


def name_of(root: Path | None, name: str) -> str:
    """What a repository that declares nothing is called: its folder."""
    return root.resolve().name if root is not None else name.rpartition("/")[2]


def list_files(
    root: Path, config: Config, config_repositories: Sequence[Path] = ()
) -> tuple[list[SourceFile], list[Skipped]]:
    """What a scan of the folder reads, and what it leaves out with the reason.

    `config_repositories`: folders whose settings count as handed out by a configuration server.
    """
    found = discover(root, config, file_kinds())
    return _with_others(found, config, config_repositories)


def _with_others(
    found: Found, config: Config, config_repositories: Sequence[Path]
) -> tuple[list[SourceFile], list[Skipped]]:
    if config_repositories and found.files:
        from scaleaudit.config_repositories import read_config_repositories

        taken = (file.path for file in found.files)
        files, skipped = read_config_repositories(config_repositories, config.max_file_size, taken)
        return [*found.files, *files], [*found.skipped, *skipped]
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
    complete: bool = False,
    config_repositories: Sequence[Path] = (),
    progress: Progress | None = None,
    noticed: Callable[[Found, Sequence[SourceFile]], None] | None = None,
) -> ScanResult:
    """Scan a folder on disk; raises `NothingToScan`, `ScanError`, `RuleCrash`.

    `noticed` is told what was found, and the files with their digests, before they are read.
    """
    if not root.is_dir():
        raise ScanError(f"{root}: not a folder" if root.exists() else f"{root}: no such folder")
    told = None if cache is None else partial(remembered_names, cache, config=config)
    found = discover(root, config, file_kinds(), told)
    files, skipped = _with_others(found, config, config_repositories)
    if not files:
        raise NothingToScan(f"{root}: nothing to scan: no file of a kind that scaleaudit reads")
    if cache is not None:
        files = with_digests(files, root, config.max_file_size)
    if noticed is not None:
        noticed(found, files)
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
        complete=complete,
        progress=progress,
    )
