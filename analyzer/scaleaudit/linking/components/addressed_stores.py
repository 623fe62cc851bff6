"""Stores in images of any name, which the addresses that lead to them tell.

A compose service `db` is built on an image that says nothing, and a program is given
`jdbc:sqlserver://db:1433`: the service is that database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import SettingDefined, StoreUsed
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.deployments.tools import beside_a_store
from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import EMBEDDED, KINDS, image_name, of_image
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.source_code import SourceCode
    from scaleaudit.linking.facts_index import FactsIndex

KINDS_TOLD = (NodeKind.DATABASE, NodeKind.CACHE)  # the scheme of a broker's address is a protocol
# What passes the language of a store on to one that stands behind it.
BETWEEN = regex(
    r"(?i)proxy|bouncer|pool|tunnel|router|gateway|balancer|relay|agent|sidecar|bastion|shard"
    r"|toxi|pgcat|odyssey|maxscale|supavisor|(^|[-_.])lb([-_.]|$)"
)


def mark_addressed(components: list[Component], code: SourceCode) -> None:
    """Gives what holds no code of its own the kind of the one engine that its addresses speak."""
    doubtful: dict[str, list[Component]] = {}
    for component in components:
        if _may_be_a_store(component, code):
            for name in {plain(each) for each in component.names}:
                doubtful.setdefault(name, []).append(component)
    spoken: dict[str, set[str]] = {}
    for text in _texts(components, code.index) if doubtful else ():
        for host, engine in _engines(text):
            if len(doubtful.get(host, ())) == 1:
                spoken.setdefault(doubtful[host][0].id, set()).add(engine)
    for component in components:
        engines = spoken.get(component.id, set())
        if len(engines) == 1:
            (component.technology,) = engines
            component.kind = KINDS[component.technology]


def _may_be_a_store(component: Component, code: SourceCode) -> bool:
    """Of settings and scripts alone, in an image that tells nothing, with no store behind it."""
    if component.kind is not NodeKind.SERVICE or not component.workloads:
        return False
    bases = [w.image_fact.base if w.image_fact else w.image for w in component.workloads]
    if not all(bases) or any(of_image(base) for base in bases):
        return False
    names = {*component.names, *map(image_name, bases)}
    if any(BETWEEN.search(name) or beside_a_store(name) for name in names):
        return False
    if component.root is not None and code.has_code(component.root):
        return False
    variables = [value for w in component.workloads for value, _ in w.environment.values()]
    return not any(any(_engines(value_text(value))) for value in variables)


def _texts(components: list[Component], index: FactsIndex) -> Iterator[str]:
    """All texts that may be addresses: variables, settings, what code opens."""
    for component in components:
        for workload in component.workloads:
            yield from (value_text(value) for value, _ in workload.environment.values())
    for path, setting in index.of(SettingDefined):
        if index.role(path) is Role.SOURCE:
            yield value_text(setting.value)
    for path, store in index.of(StoreUsed):
        if index.role(path) is Role.SOURCE:
            yield value_text(store.address)


def _engines(text: str) -> Iterator[tuple[str, str]]:
    """The hosts of a text, and the engine of each."""
    if "://" not in text:
        return
    for address in parse_addresses(text):
        engine = address.technology
        if address.host and KINDS.get(engine) in KINDS_TOLD and engine not in EMBEDDED:
            yield plain(address.host), engine
