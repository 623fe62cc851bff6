"""The order of migrations that name those before them, as Alembic's do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MigrationStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import FileFacts

MAX_STEPS = 20_000
FOLDER = "migrations"


def revisions(files: Iterable[tuple[str, FileFacts]]) -> dict[str, int]:
    """For each such migration how long the longest chain before it is.

    What goes round in a circle, which no tool runs, stands at its beginning.
    """
    steps = named_steps(steps_of(files))
    followers: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for revision, (_, step) in steps.items():
        before = {name for each in step.after if (name := full_name(each, steps))}
        waiting[revision] = len(before)
        for name in before:
            followers.setdefault(name, []).append(revision)
    depths = dict.fromkeys(steps, 0)
    ready = [revision for revision, count in waiting.items() if not count]
    for revision in ready:  # grows while it is read
        for follower in followers.get(revision, ()):
            depths[follower] = max(depths[follower], depths[revision] + 1)
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return {steps[revision][0]: depth for revision, depth in depths.items()}


def steps_of(files: Iterable[tuple[str, FileFacts]]) -> list[tuple[str, MigrationStep]]:
    """What migrations say of those before them, each with its file."""
    return [
        (path, fact) for path, each in files for fact in each.facts if type(fact) is MigrationStep
    ]


def named_steps(
    every: Iterable[tuple[str, MigrationStep]],
) -> dict[str, tuple[str, MigrationStep]]:
    """The migrations that name themselves, each with its file."""
    steps: dict[str, tuple[str, MigrationStep]] = {}
    for path, step in every:
        if step.revision and len(steps) < MAX_STEPS:
            steps.setdefault(step.revision, (path, step))
    return steps


def full_name(written: str, steps: dict[str, tuple[str, MigrationStep]]) -> str:
    """A revision may be named by its beginning, or with a label in front: `shop@1f2a`."""
    name = written.rpartition("@")[2]
    if name in steps:
        return name
    found = [each for each in steps if each.startswith(name)] if len(name) > 3 else []
    return found[0] if len(found) == 1 else ""


def django_name(path: str) -> str:
    """`apps/shop/migrations/0001_initial.py` is `shop.0001_initial`."""
    parts = path.split("/")
    if len(parts) < 3 or parts[-2] != FOLDER:
        return ""
    return f"{parts[-3]}.{parts[-1].removesuffix('.py')}"
