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
MAX_DEPTH = 40  # folders of a path
MAX_ALIKE = 200  # files of one name
TOOL = "liquibase"
MOST = 0.8  # of the changelogs of a folder
UNNAMED = -1


def listed(files: Iterable[tuple[str, FileFacts]]) -> dict[str, int]:
    """For each migration that is run by being named how many run before it.

    A folder of which many changelogs are not named runs in the order of names. Where few are not,
    they run no longer, or nobody knows when: they stand before the others.
    """
    every = dict(files)
    masters = {
        path: dict.fromkeys(fact.paths)
        for path, each in every.items()
        for fact in each.facts
        if isinstance(fact, MigrationsListed)
    }
    ends = by_ending(every) if masters else {}
    lists = {
        path: [known for each in written if (known := named(path, each, ends))]
        for path, written in masters.items()
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


def by_ending(paths: Iterable[str]) -> dict[str, list[str]]:
    """The files by each way to them from a folder above."""
    found: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        for depth in range(1, min(len(parts), MAX_DEPTH) + 1):
            found.setdefault("/".join(parts[-depth:]), []).append(path)
    return found


def named(master: str, written: str, ends: Mapping[str, list[str]]) -> str:
    """The file that a master means; of several that end alike the nearest, of very many none."""
    if written.startswith("./"):
        folder = master.rpartition("/")[0]
        written = normpath(f"{folder}/{written}" if folder else written)
    alike = ends.get(written, [])
    if len(alike) > MAX_ALIKE:
        return ""
    return max(alike, key=lambda path: shared(master, path), default="")


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
