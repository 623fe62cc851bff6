"""Tables as nodes: which application reads and writes which, in which database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import EdgeKind, Node, NodeKind
from scaleaudit.facts import QueryFound, TableDefined
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections import Connections
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.origins import Origins
    from scaleaudit.linking.trails import Trails

MAX_TABLES = 5_000
# Stores that speak no SQL, or not to a driver of SQL: no table of a statement lies in them.
NO_TABLES = {
    "mongodb", "couchdb", "dynamodb", "neo4j", "elasticsearch", "opensearch", "search", "vector",
    "firestore", "influxdb",
}  # fmt: skip


class DataAccess:
    """Fills `trails` with reads and writes; `nodes` are the tables.

    A table belongs to the one database that its application is connected to. Where that is not
    known, the application stands for it: two applications are never said to share a table on the
    strength of its name alone.
    """

    def __init__(
        self,
        index: FactsIndex,
        connections: Connections,
        origins: Origins,
        trails: Trails,
    ) -> None:
        self._connections = connections
        self._databases: dict[str, tuple[str, str]] = {}  # by application
        self.nodes: dict[str, Node] = {}
        known = known_tables(index)
        speakers: dict[str, list[Component]] = {}
        for path, query in index.of(QueryFound):
            if index.role(path) is not Role.SOURCE:
                continue
            at = query.at.in_file(path)
            if path not in speakers:
                speakers[path] = connections.speakers(path, origins.of(path))
            for speaker in speakers[path]:
                sure = Confidence.MEDIUM if query.partial else Confidence.HIGH
                for tables, kind in (
                    (query.reads, EdgeKind.READS),
                    (query.writes, EdgeKind.WRITES),
                ):
                    for table in tables:
                        if query.partial and known and table not in known:
                            continue  # as likely a part of the statement that another text names
                        node = self._table(table, speaker)
                        note = Evidence(at, f"{speaker.name} {kind} {table}", Step.CALL)
                        trails.add(speaker.id, node, kind, (note,), sure)

    def _table(self, table: str, speaker: Component) -> str:
        application = speaker.application
        if application not in self._databases:
            self._databases[application] = self._database(application)
        database, name = self._databases[application]
        holder = f"{database}/{name}" if name else database
        node_id = f"table:{holder.partition(':')[2] or speaker.application}/{table}"
        if node_id not in self.nodes and len(self.nodes) < MAX_TABLES:
            self.nodes[node_id] = Node(
                id=node_id, kind=NodeKind.TABLE, name=table, technology="", path=database,
                application="" if database else speaker.application,
            )  # fmt: skip
        return node_id

    def _database(self, application: str) -> tuple[str, str]:
        """(node id, database name) when the application has exactly one relational database."""
        known = self._connections.databases.get(application, set())
        servers = {node for node, _ in known if self._has_tables(node)}
        if len(servers) != 1:
            return "", ""
        names = {name for node, name in known if name and node in servers}
        return next(iter(servers)), next(iter(names)) if len(names) == 1 else ""

    def _has_tables(self, node: str) -> bool:
        store = self._connections.by_id(node)
        return store is None or store.technology not in NO_TABLES


def known_tables(index: FactsIndex) -> set[str]:
    """Tables that a schema defines or a whole statement names; none where no schema is known."""
    defined = {fact.table for _, fact in index.of(TableDefined)}
    if not defined:
        return defined
    for _, query in index.of(QueryFound):
        if not query.partial:
            defined.update(query.reads, query.writes)
    return defined
