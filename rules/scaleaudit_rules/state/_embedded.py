"""Databases that are files, or live inside the process that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Architecture, Origin, StoreUsed

if TYPE_CHECKING:
    from scaleaudit.api import Reach

EMBEDDED = {"sqlite": "SQLite", "h2": "H2", "hsqldb": "HSQLDB", "derby": "Derby",
            "boltdb": "bbolt", "badger": "Badger", "lmdb": "LMDB", "leveldb": "LevelDB"}  # fmt: skip
# SQLite in a process, kept safe or spread by a service beside it.
REPLICATED = (
    "libsql://",
    "litefs",
    "turso",
    "rqlite",
    ":memory:",
    "mode=memory",
    "h2:mem",
    "hsqldb:mem",
)
SERVERS = {"postgres", "mysql", "tsql", "oracle"}
NOT_DEPLOYED = ("test", "dev", "local", "example", "sample")


def inside_processes(architecture: Architecture) -> dict[tuple[str, str], list[Reach]]:
    """(component, technology) -> where it opens one, of those that serve and have no other."""
    serving = {endpoint.component for endpoint in architecture.endpoints}
    servers = applications_with_a_server(architecture)
    found: dict[tuple[str, str], list[Reach]] = {}
    for reach in architecture.reaches:
        if reach.technology not in EMBEDDED or reach.from_default or not reach.component:
            continue
        node = architecture.node(reach.component)
        if reach.component not in serving or node.application in servers:
            continue
        if is_deployed(reach):
            found.setdefault((reach.component, reach.technology), []).append(reach)
    return found


def a_server_is_a_choice(architecture: Architecture) -> bool:
    """The program brings drivers of a database server that nothing here deploys, or of several: whoever
    runs it may name one, and the file is what it starts with."""
    schema = architecture.schema
    if len(schema.engines & SERVERS) > 1:
        return True
    if any(node.kind == "database" for node in architecture.nodes()):
        return False
    spoken = {*schema.engines, *(table.dialect for table in schema.tables.values())}
    return bool(spoken & SERVERS)


def applications_with_a_server(architecture: Architecture) -> set[str]:
    """Where a database server is configured too, the file is for development."""
    found = set()
    for node in architecture.nodes():
        if any(
            architecture.node(edge.target).kind == "database"
            and architecture.node(edge.target).technology
            not in ("elasticsearch", "opensearch", "search")
            for edge in architecture.edges_out_of(node.id)
        ):
            found.add(node.application)
    for site in architecture.sites(StoreUsed):
        if site.fact.technology in (
            "postgresql",
            "mysql",
            "mariadb",
            "mongodb",
            "sqlserver",
            "oracle",
        ):
            found.add(site.application)
    return found


def is_deployed(reach: Reach) -> bool:
    if reach.origin in (Origin.TEST, Origin.ADMIN, Origin.MIGRATION):
        return False
    address = reach.address.lower()
    name = reach.at.path.rpartition("/")[2].lower()
    if any(word in address for word in REPLICATED):
        return False
    return not any(
        f"{mark}{word}" in name for word in NOT_DEPLOYED for mark in ("-", "_", ".")
    ) and not (name.startswith(NOT_DEPLOYED))
