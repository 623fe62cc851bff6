"""A remote call may wait for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Origin,
    Phase,
    Problem,
    RemoteCall,
    Severity,
    Timeout,
    regex,
    rule,
)
from scaleaudit_rules._probes import PROBE
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, SETS_UP, SEVERAL, called, named
from scaleaudit_rules.resilience._page_calls import calls_of_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site

# One step lower where nobody waits for the answer.
SEVERITY = {
    Origin.HANDLER: Severity.HIGH,
    Origin.JOB: Severity.MEDIUM,
    Origin.UNKNOWN: Severity.MEDIUM,
}
# What waits with the call.
HARM = {
    Origin.HANDLER: "each request that needs it waits for ever, until none is served",
    Origin.JOB: "the job never ends, and what waits behind it never starts",
    Origin.UNKNOWN: "the call never returns, and whatever made it stands still",
}

LOOPBACK = regex(r"(?:https?://)?(?:localhost|127\.\d|\[::1\])")


@rule(
    dimensions=(Dimension.RELIABILITY,),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.NOW,
    fixes=("timeouts",),
)
def no_timeout(architecture: Architecture, _options: object) -> Iterator[Problem]:
    places: dict[tuple[str, str], list[Site[RemoteCall]]] = {}
    in_pages = {site.at for site in calls_of_pages(architecture)}
    watched = only_probes(architecture)
    near = {reach.at for reach in architecture.reaches if LOOPBACK.match(reach.address)}
    for each in architecture.sites(RemoteCall):
        probed = each.at.path in watched and each.origin is Origin.HANDLER
        site = replace(each, origin=Origin.UNKNOWN) if probed else each
        if site.origin is Origin.UNKNOWN and (site.at in near or SETS_UP.search(site.at.path)):
            continue  # a probe or a script on the machine that answers it; what sets it up, once
        if site.at in in_pages:
            continue
        if site.fact.timeout is Timeout.NEVER and site.origin in SEVERITY:
            places.setdefault((site.at.path, site.fact.library), []).append(site)
    groups: dict[tuple[str, Severity], list[list[Site[RemoteCall]]]] = {}
    for sites in places.values():
        sites.sort(key=lambda site: list(SEVERITY).index(site.origin))
        groups.setdefault((sites[0].application, SEVERITY[sites[0].origin]), []).append(sites)
    for (application, _), files in groups.items():
        if len(files) >= MANY:
            yield in_many_files(application, files)
            continue
        by_library: dict[str, list[list[Site[RemoteCall]]]] = {}
        for sites in files:
            by_library.setdefault(sites[0].fact.library, []).append(sites)
        for library, alike in by_library.items():
            if len(alike) < SEVERAL:
                yield from map(in_one_file, alike)
            else:
                yield in_many_files(application, alike, f" through {library}")


def only_probes(architecture: Architecture) -> set[str]:
    """Files whose routes are there for whoever watches the program: no request of a user waits."""
    asked: dict[str, bool] = {}
    for endpoint in architecture.endpoints:
        path = endpoint.at.path
        asked[path] = asked.get(path, True) and PROBE.match(endpoint.path) is not None
    return {path for path, probe in asked.items() if probe}


def in_one_file(sites: list[Site[RemoteCall]]) -> Problem:
    library, worst = sites[0].fact.library, sites[0].origin
    calls = "A call" if len(sites) == 1 else f"{len(sites)} calls"
    return Problem(
        subject=f"{sites[0].at.path} {library}",
        message=f"{calls} through {library} without a timeout: {harm(sites)}",
        evidence=evidence(sites),
        data={"library": library, "origin": worst, "calls": len(sites)},
        severity=SEVERITY[worst],
    )


def in_many_files(
    application: str, files: list[list[Site[RemoteCall]]], through: str = ""
) -> Problem:
    """A habit of an application: the first place of each file, then the others."""
    files.sort(key=lambda sites: (list(SEVERITY).index(sites[0].origin), -len(sites)))
    every = [site for sites in files for site in sites]
    libraries = list(dict.fromkeys(site.fact.library for site in every))
    names = [sites[0].at.path.rpartition("/")[2] for sites in files]
    worst = every[0].origin
    waited = "requests" if worst is Origin.HANDLER else "jobs and others"
    return Problem(
        subject=f"{waited} of {called(application)}{through}",
        message=(
            f"{len(every)} calls of {called(application)} have no timeout, through "
            f"{named(libraries)}, in {named(list(dict.fromkeys(names)))}: {harm(every)}"
        ),
        evidence=evidence([sites[0] for sites in files] + [s for f in files for s in f[1:]]),
        data={"library": libraries, "origin": worst, "calls": len(every)},
        severity=SEVERITY[worst],
        weight=len(files),
    )


def harm(sites: list[Site[RemoteCall]]) -> str:
    looped = " In a loop, the waits add up." if any(s.fact.in_loop for s in sites) else ""
    return f"when the other side hangs, {HARM[sites[0].origin]}.{looped}"


def evidence(sites: list[Site[RemoteCall]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(s.at, f"{s.fact.method or s.fact.protocol} without a timeout".strip())
        for s in sites[:MAX_EVIDENCE]
    )
