"""The order of migrations that other files name one after the other, as Liquibase's masters do."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING

from scaleaudit.facts import MigrationsListed, MigrationTool
from scaleaudit.schemas.ordering import home, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.facts import FileFacts

MAX_LISTED = 20_000
TOOL = "liquibase"
MOST = 0.8  # of the changelogs of a folder
UNNAMED = -1


def listed(files: Iterable[tuple[str, FileFacts]]) -> dict[str, int]:
    """For each migration that is run by being named how many run before it.

    A folder of which many changelogs are not named runs in the order of names. Where few are not,
    they run no longer, or nobody knows when: they stand before the others.
    """
    every = dict(files)
    by_name: dict[str, list[str]] = {}
    for path in every:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    lists = {
        path: [known for written in fact.paths if (known := named(path, written, by_name))]
        for path, each in every.items()
        for fact in each.facts
        if isinstance(fact, MigrationsListed)
    }
    inner = {path for paths in lists.values() for path in paths}
    found: dict[str, int] = {}
    for master in sorted(lists):
        if master not in inner:
            for path in run_by(master, lists):
                found.setdefault(path, len(found))
    folders: dict[str, list[str]] = {}
    for path, each in every.items():
        if path in found or changes(each):
            folders.setdefault(home(path), []).append(path)
    return {
        path: found.get(path, UNNAMED)
        for paths in folders.values()
        if sum(path in found for path in paths) >= MOST * len(paths)
        for path in paths
    }


def changes(each: FileFacts) -> bool:
    return any(isinstance(f, MigrationTool) and f.tool.startswith(TOOL) for f in each.facts)


def named(master: str, written: str, by_name: Mapping[str, list[str]]) -> str:
    """The file that a master means; of several that end alike the nearest."""
    if written.startswith("./"):
        folder = master.rpartition("/")[0]
        written = normpath(f"{folder}/{written}" if folder else written)
    ends = [
        path
        for path in by_name.get(written.rpartition("/")[2], ())
        if f"/{path}".endswith(f"/{written}")
    ]
    return max(ends, key=lambda path: shared(master, path), default="")


def run_by(master: str, lists: Mapping[str, list[str]]) -> Iterator[str]:
    """The files in the order in which they run: what one of them names runs before its own changes."""
    open_paths, seen = [(master, False)], {master}
    for _ in range(MAX_LISTED):
        if not open_paths:
            return
        path, opened = open_paths.pop()
        if opened or path not in lists:
            yield path
            continue
        fresh = [each for each in dict.fromkeys(lists[path]) if each not in seen]
        seen.update(fresh)
        open_paths.append((path, True))
        open_paths.extend((each, False) for each in reversed(fresh))
