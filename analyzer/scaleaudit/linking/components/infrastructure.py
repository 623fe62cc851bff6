"""Databases, caches, brokers and buckets that no workload runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import StoreDeclared
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.deployments.charts import Charts
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

# What the only resource of its type is called inside a module; it is nobody's name.
# Source: the style guides of Terraform's modules.
LABELS = frozenset({"main", "this", "default"})


def add_infrastructure(found: list[Component], index: FactsIndex, charts: Charts) -> None:
    """Stores that Terraform declares and that charts bring along."""
    ambiguous = _named_alike(index)
    declared: dict[str, set[str]] = {}
    for _, store in index.of(StoreDeclared):
        declared.setdefault(store.technology, set()).add(plain(store.name))
    for path, store in index.of(StoreDeclared):
        kind = KINDS.get(store.technology) or KIND_OF_STORE.get(store.kind)
        if kind is None or store.kind == "topic" or index.role(path) is not Role.SOURCE:
            continue
        if path.startswith(".github/") or (store.kind == "bucket" and of_pipelines(path, store)):
            continue  # what the pipelines of the repository need for themselves
        alike = [c for c in found if c.kind is kind and c.technology == store.technology]
        if len(alike) == 1 and alike[0].workloads and len(declared[store.technology]) == 1:
            alike[0].aliases |= {store.name, store.address, *store.aliases} - {""}
            continue  # what runs in a container on a desk, a provider runs in production
        name = f"{folder_name(path)}-{store.name}" if store.name in ambiguous else store.name
        if store.name in LABELS and store.address.endswith(f".{store.name}"):
            name = store.technology or store.kind
        known = next((c for c in found if c.kind is kind and plain(c.name) == plain(name)), None)
        if known is not None:
            known.aliases |= {store.address, *store.aliases} - {""}
            continue
        called = {store.address, store.name, *store.aliases} - {"", name}
        found.append(
            Component(name, kind, store.technology, None, "", called, [], store.at.in_file(path))
        )

    for chart, name, technology, at in charts.stores(index):
        kind = KINDS.get(technology)
        same = [c for c in found if c.technology == technology and c.kind is kind]
        names = {name, *(f"{chart}-{name}{role}" for role in ("", "-master", "-primary"))}
        if len(same) == 1:  # another way to deploy the same
            same[0].aliases |= names
        elif kind is not None and not same:
            found.append(Component(name, kind, technology, None, "", names, [], at))


def _named_alike(index: FactsIndex) -> set[str]:
    """Names that several stacks give to stores of their own: each has its `Table`.

    Such a name is a label inside the stack; what the store is called is made of it. Templates of
    one folder are parts or variants of one stack.
    """
    paths: dict[str, set[str]] = {}
    for path, store in index.of(StoreDeclared):
        if store.name == store.address and index.role(path) is Role.SOURCE:
            paths.setdefault(store.name, set()).add(folder_of(path))
    return {name for name, found in paths.items() if len(found) > 1}


def folder_name(path: str) -> str:
    """What a stack is called by its place."""
    return folder_of(path).rpartition("/")[2] or path.rpartition("/")[2].partition(".")[0]


def of_pipelines(path: str, store: StoreDeclared) -> bool:
    """A bucket for builds, for Terraform's state or for the logs of machines."""
    return PIPELINES.search(path) is not None or FOR_MACHINES.search(store.name) is not None
