"""A web process starts scheduled work by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    EdgeKind,
    Evidence,
    Layer,
    Origin,
    Phase,
    Problem,
    ScheduleStarted,
    Severity,
    regex,
    rule,
)
from scaleaudit_rules._probes import PROBE
from scaleaudit_rules._telling import MAX_EVIDENCE, SEVERAL
from scaleaudit_rules.state._embedded import inside_processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Endpoint, Site


# What is thrown away once needs not be thrown away again: a second run finds nothing.
CLEANING = regex(
    r"clean|purge|expir|prune|evict|reap|vacuum|garbage|(?:^|[._])gc(?:$|[._])|gc[A-Z]"
    r"|(?:remove|delete|drop|clear)[\w]*(?:old|outdated|stale|unused|dead|orphan|invalid|inactive|obsolete|revoked)",
    re.IGNORECASE,
)
# A method that says nothing of its job, which the class around it is named for.
PLAIN = regex(r"(?:\w+\.)*(?:run|execute|start|tick|process|perform|doWork|call|invoke|handle)")
# And a class that does nothing else, whatever its methods are called.
CLEANER = regex(
    r"(?:[cC]leaner|[cC]lean_?[uU]p|[pP]urger|[rR]eaper|[pP]runer|[jJ]anitor)(?:_?(?:[jJ]ob|[tT]ask|[sS]ervice|[sS]cheduler))?"
)
# A copy that each process keeps, or one that comes out the same.
CACHING = regex(r"(?:refresh|reload|rebuild|warm|fill|update)\w*cache", re.IGNORECASE)
# The programs of a folder of workers are started beside the server, by whatever starts processes.
WORKERS = regex(r"(?:^|/)workers?/")
# Each copy says of itself that it is there.
ALIVE = regex(
    r"(?i)heart_?beat|telemetry|phone_?home|(?:^|[._])(?:keep|report|i?s)?_?alive|Alive(?:Status)?(?:$|[^a-z])"
)
# Scripts that start the program itself, not another one beside it.
MAIN_SCRIPT = regex(r"^(start|serve|dev|develop|watch)(:|$)")

# A job as code calls it, not the beginning of a function that has no name.
NAMED = regex(r"(?=.*[A-Za-z])[\w.$:#/-]+")


@rule(
    dimensions=(Dimension.RELIABILITY, Dimension.TRAFFIC),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("ext-scheduler",),
)
def in_process_scheduler(architecture: Architecture, _options: object) -> Iterator[Problem]:
    serving = {e.component for e in architecture.endpoints if for_users(architecture, e)}
    stored = architecture.schema.table("qrtz_locks") is not None  # Quartz keeps its locks there
    alone = {component for component, _ in inside_processes(architecture)}
    by_file: dict[str, list[Site[ScheduleStarted]]] = {}
    for site in architecture.sites(ScheduleStarted):
        if (
            site.fact.locked
            or site.fact.refresh
            or ALIVE.search(site.fact.what)
            or (stored and site.fact.library == "quartz")
            or site.origin in (Origin.TEST, Origin.ADMIN, Origin.CLIENT)
        ):
            continue
        # A process that serves nobody may well be the one scheduler that there is.
        if (
            site.component in serving
            and not has_own_process(architecture, site)
            and not is_program(architecture, site)
            and not WORKERS.search(site.at.path)
        ):
            by_file.setdefault(site.at.path, []).append(site)
    for path, sites in told_together(by_file):
        first = sites[0]
        node = architecture.node(first.component)
        jobs = [s.fact.what for s in sites if NAMED.fullmatch(s.fact.what)][:3]
        more = f" ({', '.join(jobs)})" if jobs else ""
        more = more if path else f", in {len(sites)} files"
        copies = f" {node.replicas} copies are deployed." if (node.replicas or 0) > 1 else ""
        twice = harmless(sites)
        single = node.id in alone and (node.replicas or 0) < 2
        bound = " Its database, inside the process, allows no second copy yet." if single else ""
        harm = f" {twice} twice wastes work and does no harm." if twice else ""
        yield Problem(
            subject=f"schedule in {path}" if path else f"schedules of {node.name}",
            message=(
                f"{node.name} starts its schedule inside the process that serves requests{more}: "
                f"with n copies every job runs n times.{copies}{bound}{harm}"
            ),
            evidence=tuple(
                Evidence(s.at, f"scheduled by {s.fact.library}") for s in sites[:MAX_EVIDENCE]
            ),
            data={"library": first.fact.library, "replicas": node.replicas},
            severity=Severity.LOW if twice or single else None,
            confidence=Confidence.HIGH if (node.replicas or 0) > 1 else None,
        )


def told_together(
    by_file: dict[str, list[Site[ScheduleStarted]]],
) -> Iterator[tuple[str, list[Site[ScheduleStarted]]]]:
    """By file; and as one, without a file, where several files of a component keep schedules by one library."""
    components: dict[tuple[str, str], dict[str, list[Site[ScheduleStarted]]]] = {}
    for path, sites in by_file.items():
        components.setdefault((sites[0].component, sites[0].fact.library), {})[path] = sites
    for files in components.values():
        harmful = {p: sites for p, sites in files.items() if not harmless(sites)}
        if len(harmful) < SEVERAL:
            yield from files.items()
            continue
        yield "", [sites[0] for sites in harmful.values()]
        yield from ((path, sites) for path, sites in files.items() if path not in harmful)


def harmless(sites: list[Site[ScheduleStarted]]) -> str:
    """What all the jobs do, where doing it in each copy changes nothing; else empty."""
    for words, what in ((CACHING, "Filling a cache"), (CLEANING, "Cleaning up")):
        if all(words.search(job_of(site)) for site in sites):
            return what
    return ""


def job_of(site: Site[ScheduleStarted]) -> str:
    """By the method, or by the file where that says no more than `run`."""
    stem = site.at.path.rpartition("/")[2].partition(".")[0]
    cleans = CLEANER.search(stem)
    named = cleans is not None and cleans.end() == len(stem)
    return stem if named or PLAIN.fullmatch(site.fact.what) else site.fact.what


def for_users(architecture: Architecture, endpoint: Endpoint) -> bool:
    """Not a probe, nor the start page of a library that workers contain too."""
    if not endpoint.component or PROBE.match(endpoint.path):
        return False
    folder = architecture.node(endpoint.component).path
    return endpoint.path != "/" or not folder or endpoint.at.path.startswith(f"{folder}/")


def is_program(architecture: Architecture, site: Site[ScheduleStarted]) -> bool:
    """A script of the package starts just this file, and no other file loads it."""
    path = site.at.path
    if any(edge.target == f"module:{path}" for edge in architecture.edges(EdgeKind.IMPORTS)):
        return False
    for package in architecture.packages:
        folder = package.at.path.rpartition("/")[0]
        if folder and not path.startswith(f"{folder}/"):
            continue
        here = path.removeprefix(f"{folder}/") if folder else path
        for name, script in package.fact.scripts:
            words = (word.strip("'\"").removeprefix("./") for word in script.split())
            if not MAIN_SCRIPT.match(name) and here in words:
                return True
    return False


def has_own_process(architecture: Architecture, site: Site[ScheduleStarted]) -> bool:
    """Some deployed command starts just this file: a clock process."""
    stem = site.at.path.rpartition("/")[2].partition(".")[0].lower()
    dotted = site.at.path.rpartition(".")[0].replace("/", ".").lower()
    for command in architecture.commands:
        words = " ".join(command.words).lower()
        started = site.at.path.lower() in words or any(
            word in (stem, dotted) or word.endswith((f"/{stem}", f".{stem}"))
            for word in words.replace(".py", "").replace(".js", "").replace(".rb", "").split()
        )
        node = architecture.node(command.component)
        serves = any(
            e.component == command.component and e.at.path == site.at.path
            for e in architecture.endpoints
        )
        if (
            started
            and not serves
            and node.application == site.application
            and "clock" in stem + words
        ):
            return True
    return False
