"""Migrations that no tool could run in the order they ask for: said of each file, not passed over.

They are replayed all the same, as far as names and revisions tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.schemas.revisions import django_name, full_name, named_steps, steps_of
from scaleaudit.source import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.facts import FileFacts, MigrationStep

    Steps = list[tuple[str, MigrationStep]]
    Before = dict[str, set[str]]  # path -> the files that must run before it

GONE = "comes after a migration that is not there"
CIRCLE = "migrations that wait for each other"
MAX_NAMED = 3  # of a circle
# Alembic's own words for a place in the history, and labels of branches.
RELATIVE = regex(r"(?i)heads?|base|.{0,3}|.*[+-]\d+")


def misordered(facts: Mapping[str, FileFacts]) -> Iterator[Skipped]:
    """Files whose migration waits for one that is not there, or in a circle for itself."""
    before: Before = {}
    every = sorted(steps_of(facts.items()), key=lambda step: step[0])
    yield from _by_revision(every, before)
    yield from _by_application(every, before)
    for path, others in sorted(_in_circles(before).items()):
        named = ", ".join(sorted(others)[:MAX_NAMED])
        yield Skipped(path, f"{CIRCLE}: {named}")


def _by_revision(every: Steps, before: Before) -> Iterator[Skipped]:
    """Alembic's, which name the revision before."""
    steps = named_steps(every)
    for path, step in steps.values():
        found = {name: full_name(name, steps) for name in step.after}
        before[path] = {steps[name][0] for name in found.values() if name}
        for name in step.after[:1]:  # the others may be labels of branches
            if not found[name] and not RELATIVE.fullmatch(name):
                yield Skipped(path, f"{GONE}: {name}")


def _by_application(every: Steps, before: Before) -> Iterator[Skipped]:
    """Django's, whose names are their folder's and their file's."""
    places: dict[str, list[str]] = {}
    steps: dict[str, MigrationStep] = {}
    for path, step in every:
        name = django_name(path) if not step.revision else ""
        if name:
            steps[path] = step
            places.setdefault(name, []).append(path)
    replaced = {name for step in steps.values() for name in step.replaces}
    applications = {name.partition(".")[0] for name in places}
    for path, step in steps.items():
        before[path] = {places[name][0] for name in step.after if len(places.get(name, ())) == 1}
        for name in step.after:
            application, _, own = name.partition(".")
            known = name in places or name in replaced or own.startswith("__") or "{}" in name
            if application in applications and not known:
                yield Skipped(path, f"{GONE}: {name}")
                break  # one of them tells enough


def _in_circles(before: Before) -> Before:
    """What is left once all that waits for nothing, and all that nothing waits for, is taken away."""
    left = {path: {each for each in others if each in before} for path, others in before.items()}
    for _ in range(2):
        left = _turned(_without_ends(left))
    return left


def _without_ends(before: Before) -> Before:
    """Without what can run, one after the other."""
    waiting = {path: len(others) for path, others in before.items()}
    followers = _turned(before)
    ready = [path for path, count in waiting.items() if not count]
    for path in ready:  # grows while it is read
        for follower in followers[path]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    done = set(ready)
    return {path: others - done for path, others in before.items() if path not in done}


def _turned(before: Before) -> Before:
    """The same pairs, asked the other way round."""
    found: Before = {path: set() for path in before}
    for path, others in before.items():
        for each in others:
            found[each].add(path)
    return found
