"""Databases, caches, brokers and buckets that no workload runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import StoreDeclared
from scaleaudit.linking.component import Component
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.charts import Charts
    from scaleaudit.linking.facts_index import FactsIndex

KIND_OF_STORE = {
    "database": NodeKind.DATABASE,
    "cache": NodeKind.CACHE,
    "broker": NodeKind.BROKER,
    "bucket": NodeKind.STORAGE,
}
PIPELINES = regex(
    r"(?i)(^|[-_./])(ci[-_]?cd|pipelines?|code-?(build|pipeline)|cloud-?build)([-_./]|$)"
)
FOR_MACHINES = regex(
    r"(?i)(^|[-_.])((tf|terraform)[-_]?(state|backend|remote)\w*|(build|ci|release)[-_]?(cache|artifacts?"
    r"|source)|artifacts?|code-?(build|pipeline)|(access|alb|elb|lb|flow|cdn|server)[-_]?logs?"
    r"|cloudtrail|lambda[-_](code|packages?|deployments?))([-_.]|$)"
)


def add_infrastructure(found: list[Component], index: FactsIndex, charts: Charts) -> None:
    """Stores that Terraform declares and that charts bring along."""
    for path, store in index.of(StoreDeclared):
        kind = KINDS.get(store.technology) or KIND_OF_STORE.get(store.kind)
        if kind is None or index.role(path) is not Role.SOURCE:
            continue
        if path.startswith(".github/") or (store.kind == "bucket" and of_pipelines(path, store)):
            continue  # what the pipelines of the repository need for themselves
        if any(c.kind is kind and plain(c.name) == plain(store.name) for c in found):
            continue
        found.append(
            Component(store.name, kind, store.technology, None, "", {store.address} - {""}, [],
                      store.at.in_file(path))
        )  # fmt: skip

    for chart, name, technology, at in charts.stores(index):
        kind = KINDS.get(technology)
        same = [c for c in found if c.technology == technology and c.kind is kind]
        names = {name, *(f"{chart}-{name}{role}" for role in ("", "-master", "-primary"))}
        if len(same) == 1:  # another way to deploy the same
            same[0].aliases |= names
        elif kind is not None and not same:
            found.append(Component(name, kind, technology, None, "", names, [], at))


def of_pipelines(path: str, store: StoreDeclared) -> bool:
    """A bucket for builds, for Terraform's state or for the logs of machines."""
    return PIPELINES.search(path) is not None or FOR_MACHINES.search(store.name) is not None
