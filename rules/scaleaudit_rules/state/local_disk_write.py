"""A request handler leaves files on the disk of one machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    FileWritten,
    Layer,
    NodeKind,
    Origin,
    Phase,
    Problem,
    Severity,
    StoreUsed,
    WorkloadDeclared,
    regex,
    rule,
    text_with_holes,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, SETS_UP, SEVERAL, called, named
from scaleaudit_rules.state._embedded import inside_processes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.api import Site

    Place = tuple[str, str, str]  # path, function, purpose

NOT_KEPT = {"temp", "log", "cache"}
TEMPORARY = regex(
    r"(^|/)(tmp|temp|var/tmp|dev/(null|shm)|proc)([-_]|/|$)|tempfile|tmpdir|mkstemp|NamedTemporary"
)
# The driver for disks, in a program that has others.
ONE_OF_SEVERAL = regex(
    r"file_?system|local|storage|(?:^|[^a-z])(?:disk|fs)(?:[^a-z]|$)", re.IGNORECASE
)
# Functions that run once, when the process starts, though they stand beside the routes.
STARTS = regex(
    r"^(main|__init__|constructor|[Ll]isten|setup|set_up|init(ialize)?|register|configure|bootstrap|start|boot)([A-Z_].*)?$|[a-z](Init|Setup)$"
)
# What makes a file where it lacks makes it on each copy.
REMADE = regex(r"(?i)cache|^get_?or_?(?:build|create|extract|fetch|generate|make|render)")
# What a developer asks one process for.
LOOKED_INTO = regex(
    r"(?i)(?:^|[._])(?:profil(?:e|er|ing)|debug|trace)(?:[._]|$)|[a-z](?:Profil(?:e|er|ing)|Debug)"
)
# A site beside a library, for those who work on it.
TRIED_OUT = regex(r"(?i)(?:^|/)(?:sandbox|playground|test_?project|demo_?(?:site|project))/")
# Environments of Rails beside production: what a rehearsal keeps on its disk is thrown away.
REHEARSAL = regex(r"(?:^|/)config/environments/(?!production\.rb$)[^/]+\.rb$")
# Places of an application from so many on are one decision, in whichever files they stand.
HABIT = 3
CHOICE = " It can use an object store instead: choose that."
SINGLE = " Its database, inside the process, allows no second copy yet."
WORDS = {"upload": "uploads", "export": "exports", "": "files"}


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("object-store",),
)
def local_disk_write(architecture: Architecture, _options: object) -> Iterator[Problem]:
    shared = {
        site.component for site in architecture.sites(WorkloadDeclared) if site.fact.shared_volumes
    }
    shared |= {
        node.id
        for node in architecture.nodes()
        for site in architecture.sites(WorkloadDeclared)
        if site.fact.shared_volumes and site.fact.name in (node.name, *node.aliases)
    }
    attaching = {
        site.application
        for site in architecture.sites(FileWritten)
        if site.fact.library == "active_storage" and site.fact.scope
    }
    keeping = {
        site.application
        for site in architecture.sites(FileWritten)
        if site.fact.library == "django-files"
    }
    elsewhere = {  # a settings module chooses an object store, whatever another one says first
        site.application
        for site in architecture.sites(StoreUsed)
        if site.fact.library == "django-storages"
    }
    serving = {endpoint.at.path for endpoint in architecture.endpoints}
    places: dict[Place, list[Site[FileWritten]]] = {}
    for site in architecture.sites(FileWritten):
        if site.component in shared or not is_kept(site) or site.fact.library == "django-files":
            continue
        if site.fact.library == "active_storage" and (
            site.application not in attaching or REHEARSAL.search(site.at.path)
        ):
            continue  # Rails' own template, for an application without attachments
        settings = site.fact.library == "django" and not site.fact.scope
        aside = site.application in elsewhere or TRIED_OUT.search(site.at.path) is not None
        if (
            settings
            and site.fact.purpose == "upload"
            and (aside or site.application not in keeping)
        ):
            continue  # the framework's own default, for an application without files
        # An upload is one wherever it is written; a plain write counts where requests are handled.
        handled = site.origin is Origin.HANDLER and (site.fact.scope or site.at.path in serving)
        function = site.fact.scope.rpartition(".")[2]
        if STARTS.search(function) or REMADE.search(function):
            continue
        if not site.fact.purpose and (LOOKED_INTO.search(function) or SETS_UP.search(site.at.path)):
            continue
        if site.fact.purpose == "upload" and site.origin in (Origin.HANDLER, Origin.UNKNOWN):
            pass
        elif not (handled and site.fact.scope and site.at.path in serving):
            continue
        places.setdefault((site.at.path, site.fact.scope, site.fact.purpose), []).append(site)
    modules = settings_of(places)
    for extra in modules.keys() - set(modules.values()):
        del places[extra]
    storing = [
        edge
        for edge in architecture.edges()
        if architecture.node(edge.target).kind is NodeKind.STORAGE
    ]
    choosing = {edge.source for edge in storing}
    beside = {told.at.path for edge in storing for told in edge.evidence}  # both in one file
    alone = {
        component
        for component, _ in inside_processes(architecture)
        if (architecture.node(component).replicas or 0) < 2
    }
    groups: dict[tuple[str, str, str], list[list[Site[FileWritten]]]] = {}
    for (path, scope, purpose), sites in places.items():
        if not purpose and (path, scope, "upload") in places:
            continue  # what the same function unpacks of them, or writes beside
        may = path in beside or ONE_OF_SEVERAL.search(f"{path} {scope}") is not None
        # A library belongs to no one program: it may be of any.
        other = bool(choosing) and (not sites[0].component or sites[0].component in choosing)
        single = SINGLE if sites[0].component in alone else ""
        key = sites[0].application, purpose, CHOICE if may and other else single
        groups.setdefault(key, []).append(sites)
    for (application, purpose, reason), several in groups.items():
        if len(several) >= HABIT:
            yield in_many_places(called(application), several, purpose, reason=reason)
            continue
        files: dict[str, list[list[Site[FileWritten]]]] = {}
        for sites in several:
            files.setdefault(sites[0].at.path, []).append(sites)
        for path, alike in files.items():
            if len(alike) < SEVERAL:
                yield in_one_place(alike[0], purpose, reason=reason)
            else:
                yield in_many_places(path, alike, purpose, reason=reason)


def settings_of(places: Mapping[Place, list[Site[FileWritten]]]) -> dict[Place, Place]:
    """Settings modules that choose the disk, each with the one of its application that production has."""
    chosen: dict[str, Place] = {}
    for key, sites in places.items():
        if not key[1] and "prod" in key[0].rpartition("/")[2]:
            chosen[sites[0].application] = key
    modules = {key: sites[0].application for key, sites in places.items() if not key[1]}
    for key, application in modules.items():
        chosen.setdefault(application, key)
    return {key: chosen[application] for key, application in modules.items()}


def in_one_place(sites: list[Site[FileWritten]], purpose: str, *, reason: str) -> Problem:
    path, scope = sites[0].at.path, sites[0].fact.scope
    return problem(
        f"{path} {scope}".strip(),
        f"{scope} writes" if scope else f"By {path} the application writes",
        sites,
        purpose,
        reason=reason,
    )


def in_many_places(
    whose: str, several: list[list[Site[FileWritten]]], purpose: str, *, reason: str
) -> Problem:
    """A habit of an application or of one file: the first line of each place, then the others."""
    places = [sites[0].fact.scope or sites[0].at.path for sites in several]
    every = [sites[0] for sites in several] + [site for sites in several for site in sites[1:]]
    subject = f"{WORDS.get(purpose, 'files')} of {whose}"
    who = f"{len(several)} places of {whose} ({named(places)}) write"
    return problem(subject, who, every, purpose, reason=reason)


def problem(
    subject: str, who: str, sites: list[Site[FileWritten]], purpose: str, *, reason: str
) -> Problem:
    """`reason`: why it is less grave, as a sentence."""
    return Problem(
        subject=subject,
        message=(
            f"{who} {WORDS.get(purpose, 'files')} to the local disk while a request is served: the "
            f"next request may reach another copy, which does not have them.{reason}"
        ),
        evidence=tuple(
            Evidence(s.at, f"written through {s.fact.library}") for s in sites[:MAX_EVIDENCE]
        ),
        data={"purpose": purpose},
        severity=Severity.LOW if reason else None,
        confidence=Confidence.HIGH if purpose == "upload" else Confidence.MEDIUM,
        weight=len(sites),
    )


def is_kept(site: Site[FileWritten]) -> bool:
    """Meant to be read later: no temporary file, no log."""
    if site.fact.purpose in NOT_KEPT or site.origin in (
        Origin.TEST,
        Origin.MIGRATION,
        Origin.ADMIN,
    ):
        return False
    return TEMPORARY.search(text_with_holes(site.fact.target)) is None
