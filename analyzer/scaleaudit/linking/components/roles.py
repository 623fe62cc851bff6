"""What a process of a codebase does, by its name and its command: serve, take jobs, schedule, migrate."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

WORKER_WORDS = regex(
    r"(^|[-_ /])(workers?|celery|sidekiq|consumer|jobs?|queue|beat|clock|scheduler|resque|rq)([-_ ]|$)"
)
SCHEDULER_WORDS = regex(r"(^|[-_ /])(beat|clock(work)?|rqscheduler|scheduler|cron|flower)([-_ ]|$)")
MIGRATION_WORDS = regex(
    r"(^|[-_ /:.])(migrat(e|ions?|or)|alembic|yoyo|flyway|liquibase|goose|dbmate|atlas)([-_ :.]|$)"
)
MIGRATES = regex(r"[-_.](migrate|migrations?|migrator)$")
ASIDE = regex(r"[-_.](admin|cli|setup|init|config|tools?)$")
TESTING = regex(
    r"(?:^|[\s/])(?:pytest|tox|nox|phpunit|pest|rspec|jest|vitest|mocha|cypress|playwright"
    r"|(?:npm|yarn|pnpm|go|cargo|mix|dotnet)(?: run)? test)(?=\s|$)"
)
SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "exec"})


def is_worker(component: Component) -> bool:
    """By its name or its command: a process that takes jobs, not requests."""
    return _means_work(component.name.lower()) or any(map(_means_work, command_words(component)))


def main_process(owners: list[Component]) -> Component | None:
    """Of several processes of one codebase the one that serves; None when there is none."""
    owners = sorted(owners, key=lambda c: (aside(c), not opened(c)))
    serving = (c for c in owners if not is_worker(c) and not only_migrates(c))
    return next(serving, owners[0] if owners else None)


def process_for(owners: list[Component], protocol: str) -> Component | None:
    """Of several processes of one codebase the one that is named for the protocol it serves."""
    named = [c for c in owners if protocol in c.name.lower().replace("_", "-").split("-")]
    return main_process(named or owners)


def only_schedules(component: Component) -> bool:
    """Hands out work at its time (celery beat, clockwork) and takes none."""
    words = (component.name.lower(), *command_words(component))
    return any(SCHEDULER_WORDS.search(word) for word in words)


def aside(component: Component) -> bool:
    """By its name it administers what its siblings serve."""
    return ASIDE.search(component.name) is not None


def opened(component: Component) -> bool:
    """Some port of it is open to outside."""
    return any(workload.published or workload.routes for workload in component.workloads)


def starts(component: Component, path: str) -> bool:
    """Some of its commands name the file: `clockwork config/clock.rb`, `node worker.js`."""
    relative = path.removeprefix(f"{component.root}/") if component.root else path
    wanted = relative.lower()
    return any(
        word.removeprefix("./") == wanted or ("/" in wanted and word.endswith(f"/{wanted}"))
        for word in command_words(component)
    )


def started_files(
    index: FactsIndex, components: Components, modules: Modules
) -> dict[str, Component]:
    """The files that commands name, and what those load, each with the process it runs in."""
    started: dict[str, Component] = {}
    for component in components.services():
        for word in command_words(component):
            path = f"{component.root}/{word.removeprefix('./')}".lstrip("/")
            if path in index.files:
                started.setdefault(path, component)
    loaded = {target: started[source] for source, target in modules.imports if source in started}
    return loaded | started


def only_migrates(component: Component) -> bool:
    """All its workloads start a tool for migrations and end."""
    if not component.workloads or not all(w.command for w in component.workloads):
        silent = not any(w.command for w in component.workloads)
        return silent and MIGRATES.search(component.name) is not None
    if any(w.fact.host_ports for w in component.workloads):
        return False  # somebody asks it: the words are arguments of the program in its image
    return any(map(_means_migration, command_words(component)[:4])) and not any(
        ";" in text or "&&" in text for w in component.workloads for text in w.command
    )


def instead_of(one: Component, other: Component) -> bool:
    """Two ways to run one thing: by the profiles of a compose file the one is never started with
    the other, and it has a port of the machine that the other has."""
    return bool(one.workloads and other.workloads) and all(
        a.path == b.path
        and bool(a.fact.profiles and b.fact.profiles)
        and set(a.fact.profiles).isdisjoint(b.fact.profiles)
        and not set(a.fact.host_ports).isdisjoint(b.fact.host_ports)
        for a in one.workloads
        for b in other.workloads
    )


def only_tests(component: Component) -> bool:
    """All its workloads run a tool for tests."""
    texts = [" ".join(_command(w)) for w in component.workloads]
    return bool(texts) and all(map(TESTING.search, texts))


def _command(workload: Workload) -> tuple[str, ...]:
    image = workload.image_fact
    return tuple(workload.command or (image.command if image is not None else ()))


def command_words(component: Component) -> list[str]:
    """The first words of its commands, options and shells left out."""
    return [word for workload in component.workloads for word in _words(tuple(workload.command))]


@lru_cache(maxsize=1_000)  # asked for each file that a component owns
def _words(command: tuple[str, ...]) -> tuple[str, ...]:
    said = " ".join(command).lower().replace("'", " ").split()
    return tuple(w for w in said[:8] if not w.startswith("-") and w not in SHELLS)


@lru_cache(maxsize=5_000)
def _means_work(word: str) -> bool:
    return WORKER_WORDS.search(word) is not None


@lru_cache(maxsize=5_000)
def _means_migration(word: str) -> bool:
    return MIGRATION_WORDS.search(word) is not None
