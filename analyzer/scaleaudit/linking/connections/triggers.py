"""What the platform hands to workloads, and the stores whose names they are given.

Functions are called with messages, and with changes of tables and buckets; they learn which table
is theirs from a variable that holds its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.facts import TriggerDeclared
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.messages import add_message
from scaleaudit.linking.connections.topics import topic_name
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import KINDS
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections

STORES = (NodeKind.DATABASE, NodeKind.STORAGE)
# Stores that are addressed by their name alone: no host tells of them.
BY_NAME = frozenset({"dynamodb", "s3", "gcs", "azure-blob", "firestore", "bigtable", "spanner"})

# Which of several ways a program goes: the name of one is not that of a bucket.
CHOICE = regex(r"(?i)(^|_)(type|mode|kind|driver|provider|backend|engine|adapter|level|env)$")


def add_triggers(connections: Connections) -> None:
    for path, trigger in connections.index.of(TriggerDeclared):
        if connections.index.role(path) is not Role.SOURCE:
            continue
        for component in _called(connections, path, trigger.workload):
            note = Evidence(
                trigger.at.in_file(path),
                f"{trigger.technology} calls {component.name}",
                Step.SETTING,
            )
            source = connections.components.workloads.values.substitute(trigger.source, path)
            if KINDS.get(trigger.technology) in STORES:
                found = connections.resolver.resolve(source, path, component)
                stores = [each for each in connections.components.all if each.kind in STORES]
                store = _store(stores, topic_name(found.text), path) if found.known else None
                store = store or connections.targets.implied(trigger.technology, component)
                if store is not None:
                    connections.trails.add(component.id, store.id, EdgeKind.CONSUMES, (note,))
            else:
                add_message(
                    connections,
                    component,
                    trigger.technology,
                    "",
                    source,
                    path,
                    note,
                    EdgeKind.CONSUMES,
                )


def add_named_stores(connections: Connections) -> None:
    """A variable that holds the name of a table or bucket which the same code deploys."""
    stores = [
        each
        for each in connections.components.all
        if each.kind in STORES and each.technology in BY_NAME and not each.workloads
    ]
    if not stores:
        return
    for component in connections.components.services():
        for workload in component.workloads:
            for name, (value, at) in sorted(workload.environment.items()):
                if value is None or CHOICE.search(name):
                    continue
                found = connections.resolver.resolve(value, at.path, component)
                store = _store(stores, topic_name(found.text), at.path) if found.known else None
                if store is not None:
                    note = Evidence(
                        at, f"{name} of {component.name} holds its name", Step.ENVIRONMENT
                    )
                    connections.connect(component, store, (note, *found.trail), Confidence.HIGH)


def _called(connections: Connections, path: str, workload: str) -> list[Component]:
    """The components with the workload of that name in the same folder, or the file's own."""
    return [
        component
        for component in connections.components.services()
        if any(
            (folder_of(each.path) == folder_of(path) and workload in {each.name, *each.aliases})
            if workload
            else each.path == path and each.fact.source == "serverless"
            for each in component.workloads
        )
    ]


def _store(stores: list[Component], name: str, path: str) -> Component | None:
    """The store of that name; of several the one that the same file declares."""
    found = [each for each in stores if plain(name) in {plain(n) for n in each.names}]
    own = [each for each in found if each.at is not None and each.at.path == path]
    found = own or found
    return found[0] if len(found) == 1 else None
