"""Programs that others publish: whom they look for unless told otherwise, and whom arguments name.

`DEFAULTS` holds what an image does as it comes. Of several components of
that technology the one counts that has this host name.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.technologies import image_name
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.deployments.workload import Workload

# Technology of the program -> host and technology of what its image looks for.
DEFAULTS: dict[str, tuple[tuple[str, str], ...]] = {
    "kibana": (("elasticsearch", "elasticsearch"),),
    "beats": (("elasticsearch", "elasticsearch"),),
    "promtail": (("loki", "loki"),),
    "graylog": (("mongo", "mongodb"), ("elasticsearch", "elasticsearch")),
}
# Those that find all they need in the file that is mounted over their own, or named to them.
OF_ITS_FILE = frozenset({"promtail"})
CONFIGURED = regex(r"/etc/promtail|/etc/loki|\.ya?ml\b|config\.file|client\.url")
# The same of consoles, by their images.
CONSOLES: dict[str, tuple[tuple[str, str], ...]] = {
    "mongo-express": (("mongo", "mongodb"),),
    "redis-commander": (("redis", "redis"),),
    "phpmyadmin": (("db", "mysql"),),
}
# Programs that show what others keep, and whom they show where nothing but the order of starts
# tells: their connections are made by hand, in their pages.
SHOWN = {"grafana": {"prometheus", "loki", "tempo", "mimir", "influxdb", "jaeger", "pyroscope"}}
# Brokers whose variables stand in a file that the repository does not hold.
KEPT = {"kafka": {"zookeeper"}}
MAX_WORDS = 200  # of one command
MAX_TEXT = 4_000
_WAITING = regex(
    r"(^|[/ ])(wait[-_]?(for|4x|until)?[\w.-]*|dockerize|nc|curl|wget|ping|until|while)([ ]|$)"
)
_SCHEME = regex(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'`,;|&)]+")
# `--storage=elasticsearch:9200`, `storage.host=search:9200`: a host with a port behind an option
_OPTION = regex(r"--?[\w.-]+=[\"']?([\w.-]+:\d{2,5})(?![\d:])")
# `--otlp-endpoint collector:4317`, `-consul consul:8500`: in two words, the first of which says that it
# is an address, or whose
_NAMED = regex(r"(?i)--?[\w.-]*(endpoint|addr(ess)?|host|server|broker|target|ur[li]|remote)s?$")
_PLACE = regex(r"[a-zA-Z][\w.-]*:\d{2,5}")
_PIPELINE = regex(r"=>\s*\[?\s*[\"']?([\w.-]+(?::\d{2,5})?)[\"']?")
# Options that say where the program itself listens or how others reach it.
_OWN = regex(
    r"--?[\w.-]*(listen|advertise|bind|external|public|self|initial|web|callback|redirect)[\w.-]*="
)


def add_published_programs(connections: Connections) -> None:
    for component in list(connections.components.services()):
        for workload in component.workloads:
            published = workload.root is None and workload.image
            # So is what a Dockerfile alone makes of another image.
            if published or not connections.components.language_of(component):
                _add_arguments(connections, component, workload)
        if component.root is None:
            _add_defaults(connections, component)
            _add_after(connections, component, SHOWN, "to show it")
    for component in connections.components.all:
        own_image = not connections.components.language_of(component)
        if own_image and component.technology in KEPT:
            _add_after(connections, component, KEPT, "since it keeps what they agree on")


def _add_arguments(connections: Connections, component: Component, workload: Workload) -> None:
    """Addresses in the command of a published image lead to components of the system."""
    words = [text_with_holes(word)[:MAX_TEXT] for word in workload.fact.command[:MAX_WORDS]]
    if not words and workload.image_fact is not None:
        words = [word[:MAX_TEXT] for word in workload.image_fact.command[:MAX_WORDS]]
    if any(_WAITING.search(word) for word in words):
        return  # it waits for others, and what it does then stands elsewhere
    for address in _addresses(words, component.technology):
        target = connections.targets.by_name(address.host, near=component) if address.host else None
        if target is None or target.id == component.id:
            continue
        if workload.image and image_name(workload.image) in {
            image_name(w.image) for w in target.workloads
        }:
            continue  # members of one cluster name each other
        note = Evidence(workload.at, f"the command of {component.name} names it", Step.ENVIRONMENT)
        connections.connect(component, target, (note,), Confidence.MEDIUM)


def _addresses(words: list[str], technology: str) -> Iterator[Address]:
    for word in words:
        for part in word.split():
            if _OWN.match(part):
                continue
            for text in (*_SCHEME.findall(part), *_OPTION.findall(part)):
                yield from parse_addresses(text)
    for option, part in pairwise([part for word in words for part in word.split()]):
        named = _NAMED.match(option) or option.lstrip("-") == part.partition(":")[0]
        if named and not _OWN.match(f"{option}=") and _PLACE.fullmatch(part):
            yield from parse_addresses(part)
    if technology == "logstash":
        for word in words:
            for text in _PIPELINE.findall(word):
                yield from parse_addresses(text)


def _add_defaults(connections: Connections, component: Component) -> None:
    looked_for = DEFAULTS.get(component.technology, ())
    if component.technology in OF_ITS_FILE and any(map(_has_file, component.workloads)):
        return  # which says whom, and may stand elsewhere
    for workload in component.workloads:
        looked_for = CONSOLES.get(image_name(workload.image), looked_for)
    for host, technology in looked_for:
        told = {
            each.technology
            for target in connections.trails.targets_from(component.id)
            if (each := connections.by_id(target)) is not None
        }
        if told & {technology, "opensearch", "logstash", "kafka", "redis"}:
            continue  # its settings say where to
        same = [c for c in connections.components.all if c.technology == technology]
        called = [c for c in same if host in c.names - c.images]
        found = called or same
        target = found[0] if len(found) == 1 else None
        at = component.at
        if target is not None and at is not None and target.id != component.id:
            note = Evidence(
                at, f"the image of {component.name} looks for it unless told otherwise", Step.TARGET
            )
            connections.connect(component, target, (note,), Confidence.MEDIUM)


def _has_file(workload: Workload) -> bool:
    """Whether a file of settings is mounted, or the command names one."""
    words = (text_with_holes(word)[:MAX_TEXT] for word in workload.fact.command[:MAX_WORDS])
    given = (*workload.fact.volumes, *words)
    return bool(workload.fact.mounted) or any(map(CONFIGURED.search, given))


def _add_after(
    connections: Connections, component: Component, looked_for: Mapping[str, set[str]], why: str
) -> None:
    """What a program is started after, where no file tells whom it looks for."""
    wanted = looked_for.get(component.technology, set())
    if not wanted or connections.trails.targets_from(component.id):
        return
    for workload in component.workloads:
        for name in workload.fact.depends_on:
            target = connections.targets.by_name(name, near=component)
            if target is not None and target.technology in wanted:
                note = Evidence(
                    workload.at, f"{component.name} is started after it, {why}", Step.TARGET
                )
                connections.connect(component, target, (note,), Confidence.MEDIUM)
