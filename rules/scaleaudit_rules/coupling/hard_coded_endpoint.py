"""The address of another component stands in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    NodeKind,
    Origin,
    Phase,
    Problem,
    Severity,
    Step,
    WorkloadDeclared,
    regex,
    rule,
)
from scaleaudit_rules._telling import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Location, Reach

PRIVATE_IP = regex(r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)\d")
ANY_IP = regex(r"^\d{1,3}(\.\d{1,3}){3}$")
LOOPBACK = ("localhost", "127.", "0.0.0.0", "::1")
# The cloud's metadata service has one fixed address everywhere; so have public resolvers.
WELL_KNOWN_IPS = {"169.254.169.254", "169.254.170.2", "8.8.8.8", "8.8.4.4", "1.1.1.1"}
WELL_KNOWN_NAMES = {"metadata.google.internal", "metadata.azure.internal"}
INTERNAL_NAME = regex(r"\.(internal|local|lan|intra|corp|svc|svc\.cluster\.local)$")
# Names that a discovery client resolves (Feign, Ribbon) are names, not addresses.
BY_NAME = {"feign", "grpc-discovery", "spring", "rails", "dotnet", "symfony", "laravel"}
# Spring's and Aspire's clients look up the host of `http://billing/pay` there, when it has no port.
REGISTRIES = {"eureka", "consul", "nacos", "aspire"}
BALANCED = {"resttemplate", "webclient", "restclient", "httpclient", "ktor-client", "grpc"}
# Clients of a registry that code asks by itself, wherever the registry runs.
REGISTRY_CLIENTS = regex(r"[:/.](?:consul-(?:client|api)|eureka-client|nacos-client)$")
SERVICE_NAME = regex(r"^https?://[\w-]+(?:[/?{]|$)")
# A file of defaults is there to be overridden: `default_config.py`, `settings/defaults.py`; another is made
# for one deployment, whose compose file names the hosts: `settings/docker.py`.
DEFAULTS = regex(
    r"(?:^|/)(?:defaults?[._-](?:config|settings)|(?:config|settings)[._-]defaults?)\.\w+$"
    r"|(?:^|/)(?:config|settings)[/_](?:defaults?|docker(?:_?compose)?|compose|containers?)\.\w+$"
)
# Angular's, on a developer's machine: a build puts the one beside it in its place.
ENVIRONMENT = regex(r"^(.*(?:^|/)environments/environment)(?:\.(?:dev\w*|local))?\.ts$")
SKIPPED_ORIGINS = (Origin.TEST, Origin.ADMIN, Origin.MIGRATION)

# From so many on it is a habit, and one decision ends it.
HABIT = 8
NAMED = 3


@rule(
    dimensions=(Dimension.TRAFFIC, Dimension.RELIABILITY),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.NOW,
    fixes=("config-env",),
)
def hard_coded_endpoint(architecture: Architecture, _options: object) -> Iterator[Problem]:
    found = list(one_by_one(architecture))
    if len(found) < HABIT:
        yield from found
        return
    components = sorted({str(each.data["component"]) for each in found})
    first, rest = [each.subject for each in found[:NAMED]], len(found) - NAMED
    yield Problem(
        subject="addresses in code",
        message=(
            f"{len(found)} addresses of other parts stand in the code of {len(components)} "
            f"{'component' if len(components) == 1 else 'components'} ({', '.join(first)} and {rest} "
            "more): moving, copying or load-balancing any of these needs new builds."
        ),
        evidence=tuple(evidence for each in found for evidence in each.evidence),
        data={"count": len(found), "components": components},
    )


def one_by_one(architecture: Architecture) -> Iterator[Problem]:
    """One for each component and each host that it reaches by its code."""
    places: dict[tuple[str, str], list[Reach]] = {}
    registry = has_registry(architecture)
    for reach in architecture.reaches:
        if reach.configured or reach.origin in SKIPPED_ORIGINS or reach.library in BY_NAME:
            continue
        if registry and reach.library in BALANCED and SERVICE_NAME.match(reach.address):
            continue
        path = place_of(reach).path
        if DEFAULTS.search(path) or is_replaced(architecture, path):
            continue
        if reach.host and is_internal(architecture, reach):
            places.setdefault((reach.component, reach.host), []).append(reach)
    told: set[tuple[str, tuple[object, ...]]] = set()
    # The addresses of one table stand in one place, and are told as one.
    together: dict[tuple[str, tuple[object, ...]], list[tuple[str, dict[object, Evidence]]]] = {}
    for (component, host), found in places.items():
        same = (host, tuple(dict.fromkeys(reach.at for reach in found)))
        if same in told:
            continue  # another process of the same code
        told.add(same)
        evidence: dict[object, Evidence] = {}
        for reach in found:
            at = place_of(reach)
            evidence.setdefault(at, Evidence(at, f"{host} stands in the code"))
        together.setdefault((component, tuple(evidence)), []).append((host, evidence))
    for (component, _), several in together.items():
        name = architecture.node(component).name if component else "the code"
        hosts = [host for host, _ in several]
        yield Problem(
            subject=f"{name} -> {hosts[0]}",
            message=(
                f"{name} reaches {named(hosts)} by {'an address' if len(hosts) == 1 else 'addresses'} "
                "in its code: moving, copying or load-balancing that component needs a new build here."
            ),
            evidence=tuple(several[0][1].values()),
            data={"host": hosts[0], "hosts": hosts, "component": name},
        )


def is_replaced(architecture: Architecture, path: str) -> bool:
    found = ENVIRONMENT.match(path)
    return found is not None and any(
        architecture.has(f"module:{found[1]}.{each}.ts")
        or f"{found[1]}.{each}.ts" in architecture.paths_read
        for each in ("prod", "production")
    )


def has_registry(architecture: Architecture) -> bool:
    """Whether something looks services up by name: a registry, a host of Aspire, a client of one."""
    return (
        any(node.technology in REGISTRIES for node in architecture.nodes(NodeKind.SERVICE))
        or any(s.fact.source == "aspire" for s in architecture.sites(WorkloadDeclared))
        or any(
            REGISTRY_CLIENTS.search(name)
            for site in architecture.packages
            for name, _ in site.fact.dependencies
        )
    )


def place_of(reach: Reach) -> Location:
    """Where the address stands: the text that has a name, else what is handed to the caller."""
    named = [step.at for step in reach.trail if step.step is Step.CONSTANT]
    return named[0] if named else reach.trail[0].at if reach.trail else reach.at


def is_internal(architecture: Architecture, reach: Reach) -> bool:
    """An address of our own: a private or fixed IP, an internal name, another component's name."""
    host = reach.host
    if host.startswith(LOOPBACK) or host in WELL_KNOWN_IPS or host in WELL_KNOWN_NAMES:
        return False
    if ANY_IP.match(host):
        return PRIVATE_IP.match(host) is not None or not reach.address.startswith("{}")
    if INTERNAL_NAME.search(host):
        return True
    if not reach.target or not (reach.address.count("://") or ":" in reach.address):
        return False  # a bare name may be looked up by a discovery client
    target = architecture.node(reach.target)
    return target.kind is not NodeKind.EXTERNAL and target.id != reach.component
