"""Sessions of users live in the memory or on the disk of one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    NetworkName,
    Origin,
    Phase,
    Problem,
    SessionKept,
    SettingDefined,
    Severity,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, SETS_UP, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site

SHARED_CACHES = ("redis", "valkey", "memcached")
LOCAL = {"memory": "in its own memory", "file": "in files on its own disk"}
# A servlet session becomes shared without a line of code when one of these is on the class path
# (Spring Session's documentation) or the container replicates sessions.
SHARED_SESSION_PACKAGES = ("spring-session-data-redis", "spring-session-jdbc", "spring-session-hazelcast",
                           "spring-session-data-mongodb", "spring-session-core", "redisson-tomcat")  # fmt: skip
STORE_SETTINGS = ("spring.session.store-type", "spring.session.redis.", "spring.session.jdbc.")


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_1K,
    fixes=("ext-session",),
)
def in_memory_session(architecture: Architecture, _options: object) -> Iterator[Problem]:
    shared = applications_with_shared_sessions(architecture)
    caching = {
        architecture.node(edge.source).application
        for edge in architecture.edges()
        if architecture.node(edge.target).technology in SHARED_CACHES
    }
    by_component: dict[str, list[Site[SessionKept]]] = {}
    stored_elsewhere = set()
    for site in architecture.sites(SessionKept):
        if site.origin in (Origin.TEST, Origin.MIGRATION) or SETS_UP.search(site.at.path):
            continue
        if site.fact.store in LOCAL:
            by_component.setdefault(site.application, []).append(site)
        elif site.fact.store in ("cache", "database", "cookie", "none") or handled(site.fact):
            stored_elsewhere.add(site.application)
    for application, sites in sorted(by_component.items()):
        # Where another store is configured too, the memory one is the developer's.
        if application in shared or application in stored_elsewhere:
            continue
        if application in caching and all(each.fact.library == "django" for each in sites):
            continue  # sessions go where the cache is, which other settings put into a shared store
        site = sites[0]
        name = architecture.node(site.component).name if site.component else "The application"
        yield Problem(
            subject=f"sessions of {name}",
            message=(
                f"{name} keeps sessions {LOCAL[site.fact.store]}: a second copy does not know "
                "them, and every restart logs everybody out."
            ),
            evidence=tuple(
                Evidence(each.at, f"{each.fact.library} keeps sessions in {each.fact.store}")
                for each in sites
            ),
            data={"library": site.fact.library, "store": site.fact.store},
            confidence=Confidence.MEDIUM if site.fact.library == "servlet" else None,
        )
    pinning = [
        site
        for site in architecture.sites(NetworkName)
        if site.fact.sticky and site.origin is not Origin.TEST
    ]
    if len(pinning) < MANY:
        yield from (affinity([site]) for site in pinning)
    else:
        yield affinity(pinning)


def affinity(pinning: list[Site[NetworkName]]) -> Problem:
    """What many manifests say alike, often one for each environment, is one decision."""
    names = list(dict.fromkeys(site.fact.name for site in pinning))
    one = len(pinning) == 1
    return Problem(
        subject=f"affinity of {names[0]}" if one else "affinity of services",
        message=(
            f"The service {names[0]} pins each client to one pod: load does not "
            "spread, and a pod that goes takes its users' state along."
            if one
            else f"{len(pinning)} services pin each client to one pod, {named(names)}: load does not "
            "spread, and a pod that goes takes its users' state along."
        ),
        evidence=tuple(Evidence(site.at, "session affinity is set here") for site in pinning)[
            :MAX_EVIDENCE
        ],
        data={"service": names[0]} if one else {"services": names},
        confidence=Confidence.MEDIUM,
    )


def handled(kept: SessionKept) -> bool:
    """PHP's sessions go where a class of the application's own puts them."""
    return kept.store == "unknown" and kept.library == "php"


def applications_with_shared_sessions(architecture: Architecture) -> set[str]:
    found = set()
    for package in architecture.packages:
        if any(
            d.rpartition(":")[2] in SHARED_SESSION_PACKAGES for d, _ in package.fact.dependencies
        ):
            found.add(package.application)
    for setting in architecture.sites(SettingDefined):
        if setting.fact.key.startswith(STORE_SETTINGS):
            found.add(setting.application)
    return found
