"""Migrations in the order in which they run, each with the day on which it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scaleaudit.architecture import Migration
from scaleaudit.facts import MigrationStep, TableChanged, TableDefined
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.schemas.ordering import (
    LAYOUT,
    copied,
    home,
    is_versioned,
    running_order,
    undoes,
    without_variants,
)
from scaleaudit.schemas.replay import told_engines
from scaleaudit.schemas.revisions import django_name, revisions
from scaleaudit.schemas.set_aside import still_run

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from scaleaudit.facts import FileFacts

    Step = TableDefined | TableChanged

# A folder of migrations of one release: `73`, `v2.4`.
_RELEASE = regex(r"^[Vv]?(\d{1,6}(?:\.\d{1,6}){0,3})$")
# Folders of migrations that no longer run, or never shall.
_RETIRED = regex(
    r"(?i)(?:^|/)[^/]*\b(?:old|bad|legacy|archived?|obsolete|deprecated|squashed|unused|disabled)"
    r"(?:\b|[_-])[^/]*/|(?:^|/)(?:old|bad|legacy|archived?)_[^/]*/"
)
PARTS = {"ddl", "dml", "data", "parts", "upgrades", "common"}
_NUMBERS = regex(r"\d+")
_MOMENT = regex(r"^[A-Za-z]{0,10}((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)")
_SECONDS = regex(r"^[A-Za-z]{0,10}(1[0-9]{9})(?:\d{3})?(?!\d)")


AGREED = 0.9  # of all statements that give their dialect away


class Found(Gathering):
    path: str
    facts: list[Step]
    group: str
    order: tuple[object, ...]
    made: int


def histories(
    files: Iterable[tuple[str, FileFacts]], application: Callable[[str], str]
) -> list[Migration]:
    """The migrations of every database, those of one `group` together and in their order.

    Only what is numbered, dated or names its predecessor: a file of another kind says what the
    schema is, not what happens next. `application`: whose a file is. Steps that name a model
    still do so.
    """
    every = list(files)
    depths = revisions(every)
    told = told_engines({path: _steps(each) for path, each in every})
    early = still_run(path for path, _ in every)
    found: list[Found] = []
    names = {django_name(path) for path, _ in every}
    for path, each in every:
        steps = _steps(each)
        signs = [fact for fact in each.facts if isinstance(fact, MigrationStep)]
        if (not steps and not signs) or undoes(path):
            continue
        if path not in early and (copied(path) or retired(path)):
            continue
        if any(name in names for sign in signs for name in sign.replaces):
            continue  # for new databases alone: it does at once what those that stand there did
        if signs or is_versioned(path):
            found.append(_found(path, steps, signs, depths.get(path), application))
    numbered = {each.path.rpartition("/")[0] for each in found if len(each.order) == 3}
    found = [each for each in found if len(each.order) == 3 or not below(each.path, numbered)]
    _date_undated(found)
    engines = without_variants(sorted(each.path for each in found), depths)
    # Of one version, what is written for the engine stands before what is for all the others.
    special = {version_of(path) for path, engine in engines.items() if engine}
    found = [
        each
        for each in found
        if each.path in engines and (engines[each.path] or version_of(each.path) not in special)
    ]
    found.sort(key=lambda each: (each.group, each.order))
    spoken = _spoken(found)
    return [
        Migration(
            each.path,
            each.group,
            application(each.path),
            engines[each.path] or spoken.get(each.group) or told.get(home(each.path), ""),
            each.made,
            tuple(each.facts),
        )
        for each in found
    ]


def _steps(each: FileFacts) -> list[Step]:
    return [fact for fact in each.facts if isinstance(fact, (TableDefined, TableChanged))]


def _found(
    path: str,
    steps: list[Step],
    signs: list[MigrationStep],
    depth: int | None,
    application: Callable[[str], str],
) -> Found:
    if signs and not signs[0].revision:  # numbered within each of many folders: the day tells more
        group, made = f"django:{application(path)}", signs[0].made
    else:
        group, made = group_of(path), (signs[0].made if signs else 0) or day_of(path)
    folder = path.rpartition("/")[0].rpartition("/")[2]
    release = _RELEASE.match(folder) if depth is None else None
    before = tuple(map(int, _NUMBERS.findall(release[1]))) if release is not None else ()
    rank, numbers, name, whole = running_order(path, depth)
    if signs and not signs[0].revision:
        return Found(path, steps, group, (made, numbers, whole), made)
    return Found(path, steps, group, (rank, (*before, *numbers), name, whole), made)


def _date_undated(found: list[Found]) -> None:
    """A numbered migration without a day was not written before the one in front of it."""
    last: dict[str, int] = {}
    for each in sorted_by_folder(found):
        if len(each.order) != 3:
            continue
        folder = each.path.rpartition("/")[0]
        if not each.made:
            each.made = last.get(folder, 0)
            each.order = (each.made, *each.order[1:])
        last[folder] = each.made


def sorted_by_folder(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (each.path.rpartition("/")[0], running_order(each.path)))


def _spoken(found: list[Found]) -> dict[str, str]:
    """What the statements of a group are written for; nothing where they do not agree."""
    votes: dict[str, dict[str, int]] = {}
    for each in found:
        for fact in each.facts:
            if fact.dialect:
                own = votes.setdefault(each.group, {})
                own[fact.dialect] = own.get(fact.dialect, 0) + 1
    return {
        group: first
        for group, own in votes.items()
        if own[first := max(sorted(own), key=lambda name: own[name])] >= AGREED * sum(own.values())
    }


def below(path: str, folders: Container[str]) -> bool:
    """A script that a migration of one of the folders runs, and none of its own."""
    folder = path.rpartition("/")[0]
    while folder:
        if folder in folders:
            return True
        folder = folder.rpartition("/")[0]
    return False


def group_of(path: str) -> str:
    """The folder of the database, above those of releases and of kinds of steps."""
    parts = home(path).split("/")
    while parts and (
        _RELEASE.match(parts[-1]) or parts[-1].lower() in PARTS or parts[-1].lower() in LAYOUT
    ):
        parts.pop()
    return "/".join(parts)


def version_of(path: str) -> tuple[str, tuple[int, ...]]:
    """Of a file with a version: its folder and the version; of another the path."""
    numbers = running_order(path)[1]
    return (path.rpartition("/")[0], numbers) if numbers else (path, ())


def retired(path: str) -> bool:
    """A migration of a folder that says that its files have had their time."""
    return _RETIRED.search(path) is not None


def day_of(path: str) -> int:
    """The day in a file's name, or its folder's, as 20260131; 0 when there is none."""
    folder, _, name = path.rpartition("/")
    for part in (name, folder.rpartition("/")[2]):
        match = _MOMENT.match(part)
        if match is not None and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
            return int(match[1] + match[2] + match[3])
        seconds = _SECONDS.match(part)
        if seconds is not None:
            return int(datetime.fromtimestamp(int(seconds[1]), UTC).strftime("%Y%m%d"))
    return 0
