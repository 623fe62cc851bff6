"""Steps of migrations that the version of the library in use leaves out."""

from __future__ import annotations

from posixpath import dirname
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged, VersionLocked
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.facts import FileFacts
    from scaleaudit.linking.facts_index import FactsIndex

    Folders = dict[str, dict[str, str]]  # of a package: its dependencies with their versions

# One version, or one with what is compatible with it: nothing else ends below a later version.
BOUND = regex(r"\s*(?P<open>~>\s*|=\s*)?(?P<version>\d{1,6}(?:\.\d{1,6}){0,3})\s*")


def carried_out(
    paths: Iterable[str], facts: Mapping[str, FileFacts], index: FactsIndex
) -> Iterator[tuple[str, FileFacts]]:
    """The facts of these files without the steps that are surely not made.

    Where a package does not say which version it runs with, all steps stay.
    """
    waiting = {path for path, fact in index.of(TableChanged) if fact.since[0]}
    folders = packages(index) if waiting else {}
    for path in paths:
        found = facts[path]
        if path in waiting:
            kept = tuple(
                fact
                for fact in found.facts
                if not (isinstance(fact, TableChanged) and left_out(fact.since, path, folders))
            )
            found = msgspec.structs.replace(found, facts=kept)
        yield path, found


def packages(index: FactsIndex) -> Folders:
    found: Folders = {}
    for path, package in index.packages_with_versions:
        if package.ecosystem == "gem":
            found.setdefault(dirname(path), {}).update(package.dependencies)
    for path, locked in index.of(VersionLocked):
        found.setdefault(dirname(path), {})[locked.library] = locked.version
    return found


def left_out(since: tuple[str, str], path: str, folders: Folders) -> bool:
    library, first = since
    folder = dirname(path)
    while library:
        version = folders.get(folder, {}).get(library)
        if version is not None:
            return ends_before(version, numbers(first))
        if not folder:
            break
        folder = dirname(folder)
    return False


def ends_before(constraint: str, first: tuple[int, ...]) -> bool:
    """Is every version that `4.8.0` or `~> 4.44` allows lower than the given one?"""
    bound = BOUND.fullmatch(constraint)
    if bound is None:
        return False
    highest = numbers(bound["version"])
    if (bound["open"] or "").startswith("~>"):
        if len(highest) < 2:
            return False
        highest = (*highest[:-2], highest[-2] + 1)
        return highest <= first
    return highest < first


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split("."))
