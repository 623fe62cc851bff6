"""One store that several ways of deployment start, each under a name of its own.

The compose file of a service calls its database `orders-db`, the service's chart calls it
`orders-chart-postgresql`, and Terraform `orders_rds`: one database, for one service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.linking.deployments.cluster import IN_CLUSTER
from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.technologies import COMPATIBLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.linking.components.component import Component

# Words of names that say what a store is, not whose.
KINDS = frozenset(
    """
    aurora aws azure bucket cache cloudsql cluster cosmosdb data database db default docdb
    documentdb dynamodb elasticache flexible gcp instance main mariadb memorystore mongo mongodb
    mq msk mysql pg postgres postgresql primary rabbitmq rds redis server serverless sql store
    table this valkey
    """.split()  # noqa: SIM905 - a table to be read
)
# What images call the database that they make.
DATABASES = {"POSTGRES_DB", "MYSQL_DATABASE", "MARIADB_DATABASE", "MONGO_INITDB_DATABASE"}
ENVIRONMENTS = frozenset(
    "dev development prod production qa stage staging test uat preprod preview".split()  # noqa: SIM905
)


def with_one_of_each_store(components: list[Component]) -> list[Component]:
    """Without the stores that are another way to deploy one of the others."""
    stores = [c for c in components if c.kind not in (NodeKind.SERVICE, NodeKind.EXTERNAL)]
    roots = sorted({c.root for c in components if c.kind is NodeKind.SERVICE and c.root})
    gone: set[int] = set()
    _join_of_one_port(stores, gone)
    _join_by_folder([c for c in stores if id(c) not in gone], roots, gone)
    own = {w.path for c in components if c.root is not None for w in c.workloads}
    _join_infrastructure([c for c in stores if id(c) not in gone], own, gone)
    _join_environments([c for c in stores if id(c) not in gone], gone)
    _join_managed([c for c in stores if id(c) not in gone], roots, gone)
    return [c for c in components if id(c) not in gone]


def _join_by_folder(stores: list[Component], roots: list[str], gone: set[int]) -> None:
    """Declared in the folder of one service, each the only one of its kind that its way starts."""
    found: dict[tuple[str, str], dict[str, list[Component]]] = {}
    for store in stores:
        places = {
            (_innermost(w.path, roots), _way(w.fact.source)) for w in store.workloads if not w.root
        }
        for root, way in sorted(places):
            if root:
                ways = found.setdefault((root, _family(store)), {})
                ways.setdefault(way, []).append(store)
    for ways in found.values():
        in_order = sorted(ways.items(), key=lambda item: (item[0] != "compose", item[0]))
        alone = [each[0] for _, each in in_order if len(each) == 1]
        distinct = list({id(c): c for c in alone if id(c) not in gone}.values())
        if len(alone) == len(ways) > 1 and len(distinct) > 1:
            kept, *others = distinct
            for other in others:
                if _ways(kept).isdisjoint(_ways(other)):
                    _join(kept, other, gone)


def _join_of_one_port(stores: list[Component], gone: set[int]) -> None:
    """Started by two compose files with one database and at one port of the machine, where only one
    of them can be: the file beside a program starts what that of the whole system does."""
    first: dict[tuple[str, str, tuple[str, ...]], Component] = {}
    for store in sorted(
        stores, key=lambda c: min((w.path.count("/") for w in c.workloads), default=0)
    ):
        if _ways(store) != {"compose"}:
            continue
        ports = tuple(sorted({port for w in store.workloads for port in w.fact.host_ports}))
        databases = {
            value_text(value)
            for w in store.workloads
            for name, (value, _) in w.environment.items()
            if value is not None and name in DATABASES
        }
        # What only the machine fills in is the same text everywhere, and need not be the same.
        told = not any("{" in text or "$" in text for text in (*ports, *databases))
        if not told or not ports or len(databases) != 1:
            continue
        kept = first.setdefault((_family(store), databases.pop(), ports), store)
        files = {w.path for w in kept.workloads}
        if kept is not store and files.isdisjoint(w.path for w in store.workloads):
            _join(kept, store, gone)


def _join_infrastructure(stores: list[Component], own: set[str], gone: set[int]) -> None:
    """The only one of its kind that compose files start, none of which starts a program of the
    system, and the only one of a cluster: what is started for developers, and what is deployed."""
    families: dict[str, list[Component]] = {}
    for store in (c for c in stores if c.workloads):
        families.setdefault(_family(store), []).append(store)
    for found in families.values():
        compose = [c for c in found if _ways(c) == {"compose"}]
        cluster = [c for c in found if _ways(c) == {"cluster"}]
        if (
            len(found) == 2
            and len(compose) == len(cluster) == 1
            and own.isdisjoint(w.path for w in compose[0].workloads)
        ):
            _join(cluster[0], compose[0], gone)


def _join_environments(stores: Iterable[Component], gone: set[int]) -> None:
    """Declared for each environment: `shop_staging` and `shop_production`."""
    first: dict[tuple[str, frozenset[str]], Component] = {}
    for store in (c for c in stores if not c.workloads):
        words = _words(store.name)
        if words & ENVIRONMENTS:
            known = first.setdefault((_family(store), words - ENVIRONMENTS), store)
            if known is not store:
                _join(known, store, gone)


def _join_managed(stores: list[Component], roots: list[str], gone: set[int]) -> None:
    """A managed store and the one that developers start in its place: whose it is must agree, by
    their names or because both are declared in the folder of one service."""
    for managed in (c for c in stores if not c.workloads):
        whose = _words(managed.name) - KINDS - ENVIRONMENTS
        same = [c for c in stores if _family(c) == _family(managed) and c is not managed]
        # A name that says nothing is of the only other one of its kind.
        fitting = [c for c in same if not whose or any(_words(n) - KINDS == whose for n in c.names)]
        if not fitting and managed.at is not None:
            fitting = _beside(_innermost(managed.at.path, roots), [managed, *same], roots)[1:]
        if len(fitting) == 1 and fitting[0].workloads and id(fitting[0]) not in gone:
            _join(fitting[0], managed, gone)


def _beside(root: str, stores: list[Component], roots: list[str]) -> list[Component]:
    """Those that are declared in the folder of one service and in no other place."""
    if not root:
        return []
    return [
        c
        for c in stores
        if {_innermost(w.path, roots) for w in c.workloads}
        | ({_innermost(c.at.path, roots)} if c.at is not None else set())
        == {root}
    ]


def _join(kept: Component, other: Component, gone: set[int]) -> None:
    kept.workloads += other.workloads
    kept.aliases |= other.names
    gone.add(id(other))


def _family(store: Component) -> str:
    return COMPATIBLE.get(store.technology, store.technology)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", name.lower()))


def _way(source: str) -> str:
    return "cluster" if source in IN_CLUSTER else source


def _ways(store: Component) -> set[str]:
    return {_way(w.fact.source) for w in store.workloads}


def _innermost(path: str, roots: Iterable[str]) -> str:
    return max((root for root in roots if is_below(path, root)), key=len, default="")
