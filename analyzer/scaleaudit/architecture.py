"""The audited system as a graph, and the questions that rules ask of it.

The only module that knows networkx. Built once by the linker, frozen, never copied.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import msgspec

from scaleaudit.facts import Fact
from scaleaudit.findings import Confidence, Evidence, Trail
from scaleaudit.schema import Schema
from scaleaudit.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import networkx as nx


MAX_STARTS = 50  # nodes of a group from which a shortest way round is looked for
MAX_PATH = 7  # nodes


class NodeKind(StrEnum):
    SERVICE = "service"  # a deployable that runs first-party or third-party code
    MODULE = "module"  # a source file, or a package where files are too fine
    DATABASE = "database"
    TABLE = "table"
    CACHE = "cache"
    BROKER = "broker"
    TOPIC = "topic"
    STORAGE = "storage"  # buckets and object stores
    EXTERNAL = "external"  # somebody else's system
    TEAM = "team"


class EdgeKind(StrEnum):
    IMPORTS = "imports"
    CALLS = "calls"
    READS = "reads"
    WRITES = "writes"
    PUBLISHES = "publishes"
    CONSUMES = "consumes"
    USES = "uses"  # connects to a store without telling what for
    OWNS = "owns"
    CONTAINS = "contains"  # database -> table, broker -> topic


class Origin(StrEnum):
    """From where a piece of code is reached; without it, data rules are noise."""

    HANDLER = "handler"
    JOB = "job"
    ADMIN = "admin"
    MIGRATION = "migration"
    TEST = "test"
    CLIENT = "client"  # runs at the user's: in a browser, an app or on a command line
    UNKNOWN = "unknown"


class Node(msgspec.Struct, frozen=True):
    """`id` is `kind:name`, unique; the rest is what people and other tools know it by."""

    id: str
    kind: NodeKind
    name: str
    technology: str = ""
    path: str = ""  # the source folder (service) or file (module), POSIX, from the root
    aliases: tuple[str, ...] = ()
    application: str = ""  # workloads of one codebase share it
    first_party: bool = False  # its source stands in this repository
    replicas: int | None = None  # the most that any deployment asks for; None: not said
    published: bool = False  # reachable from outside the deployment
    at: Location | None = None
    entered: tuple[Evidence, ...] = ()  # why people reach it from outside; empty: they do not


class Edge(msgspec.Struct, frozen=True):
    """From the side that opens the connection; evidence is all that its trails lead over."""

    source: str
    target: str
    kind: EdgeKind
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.HIGH
    detail: str = ""  # what on the target: the database's own name, the topic
    trails: tuple[Trail, ...] = ()


class Endpoint(msgspec.Struct, frozen=True):
    component: str  # node id, or "" when no component owns the file
    method: str
    path: str
    at: Location
    handler: str = ""
    protocol: str = "http"


class Cause(StrEnum):
    """Why the target of a call is not known."""

    SETTING = "setting"  # it is a setting that the repository does not set
    INPUT = "input"  # it comes out of a request, a message or a record
    RUN_TIME = "run-time"  # it is put together while the program runs
    NAME = "name"  # it is a name whose value was not found
    RELATIVE = "relative"  # a path alone: to the server that a page or a client is from
    OWN_HOST = "own-host"  # the caller's own host, or the cloud's about it
    AMBIGUOUS = "ambiguous"  # several components are what it asks for
    UNSAID = "unsaid"  # the call names no address


class Unresolved(msgspec.Struct, frozen=True):
    """A call or connection whose target could not be found, and why."""

    component: str
    what: str
    reason: str
    at: Location
    cause: Cause = Cause.UNSAID


class Reach(msgspec.Struct, frozen=True):
    """Where one call or connection in the code leads, as far as the repository tells."""

    component: str
    library: str
    technology: str  # of a store; "http" and the like for a call
    address: str  # resolved, `{}` for unknown parts; passwords never stand in facts
    host: str
    target: str  # node id, "" when it leads to nothing known
    configured: bool  # (part of) it comes from a setting
    from_default: bool  # it is the default of a setting, which the deployment may override
    at: Location
    trail: tuple[Evidence, ...] = ()
    origin: Origin = Origin.UNKNOWN


class StartCommand(msgspec.Struct, frozen=True):
    """What a deployed container or process runs, with the settings that shape it."""

    component: str
    words: tuple[str, ...]
    environment: tuple[str, ...]  # names of the variables that are set
    at: Location
    development: bool = False  # only a developer's machine runs it so (override, dev files)


F = TypeVar("F", bound=Fact)


class Site(msgspec.Struct, Generic[F], frozen=True):
    """A fact in its place: in which file, of which component, reached from where."""

    fact: F
    at: Location
    component: str = ""  # node id of the service, "" when none owns the file
    application: str = ""
    origin: Origin = Origin.UNKNOWN


class Architecture:
    """A frozen multigraph, the sites of code that rules look at, the schema."""

    def __init__(
        self,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        *,
        endpoints: Iterable[Endpoint] = (),
        unresolved: Iterable[Unresolved] = (),
        reaches: Iterable[Reach] = (),
        commands: Iterable[StartCommand] = (),
        sites: Iterable[Site[Fact]] = (),
        schema: Schema | None = None,
        paths_read: Iterable[str] = (),
    ) -> None:
        self._nodes = {node.id: node for node in sorted(nodes, key=lambda node: node.id)}
        self._edges = sorted(
            (edge for edge in edges if edge.source in self._nodes and edge.target in self._nodes),
            key=lambda edge: (edge.source, edge.target, edge.kind),
        )
        self._into: dict[str, list[Edge]] = {}
        self._out_of: dict[str, list[Edge]] = {}
        for edge in self._edges:
            self._into.setdefault(edge.target, []).append(edge)
            self._out_of.setdefault(edge.source, []).append(edge)
        self.endpoints = tuple(sorted(endpoints, key=lambda e: (e.component, e.path, e.method)))
        self.unresolved = tuple(sorted(unresolved, key=lambda u: (u.at, u.what)))
        self.reaches = tuple(sorted(reaches, key=lambda r: (r.at, r.component)))
        self.commands = tuple(sorted(commands, key=lambda c: (c.component, c.at)))
        self.schema = schema or Schema()
        self.paths_read = frozenset(paths_read)
        self._sites: dict[type[Fact], list[Site[Fact]]] = {}
        for site in sites:
            self._sites.setdefault(type(site.fact), []).append(site)

    # -- what there is

    def node(self, node_id: str) -> Node:
        """The node of that id; `KeyError` when there is none."""
        return self._nodes[node_id]

    def has(self, node_id: str) -> bool:
        return node_id in self._nodes

    def nodes(self, *kinds: NodeKind) -> list[Node]:
        """All nodes of the kinds, or all, sorted by id."""
        return [node for node in self._nodes.values() if not kinds or node.kind in kinds]

    def entry_points(self) -> list[Node]:
        """The components that people reach from outside, each with its reasons in `entered`."""
        return [node for node in self._nodes.values() if node.entered]

    def edges(self, *kinds: EdgeKind) -> list[Edge]:
        return [edge for edge in self._edges if not kinds or edge.kind in kinds]

    def sites(self, kind: type[F]) -> Sequence[Site[F]]:
        """Every place where the code or the configuration says such a thing, in file order."""
        return cast("Sequence[Site[F]]", self._sites.get(cast("type[Fact]", kind), ()))

    # -- who is connected to whom

    def edges_into(self, node_id: str, *kinds: EdgeKind) -> list[Edge]:
        return [e for e in self._into.get(node_id, ()) if not kinds or e.kind in kinds]

    def edges_out_of(self, node_id: str, *kinds: EdgeKind) -> list[Edge]:
        return [e for e in self._out_of.get(node_id, ()) if not kinds or e.kind in kinds]

    # -- questions for networkx, which is imported when the first of them is asked

    def cycles(
        self,
        node_kind: NodeKind,
        *edge_kinds: EdgeKind,
        counts: Callable[[Edge], bool] = lambda _: True,
    ) -> list[list[str]]:
        """Groups of nodes that reach each other over edges of the kinds, the largest first.

        `counts` tells which of these edges are looked at.
        """
        chosen = self._in_circles(
            [
                (edge.source, edge.target)
                for edge in self._edges
                if edge.kind in edge_kinds
                and edge.source != edge.target
                and self._nodes[edge.source].kind is node_kind
                and self._nodes[edge.target].kind is node_kind
                and counts(edge)
            ]
        )
        if not chosen:
            return []
        import networkx as nx

        found = nx.strongly_connected_components(digraph(chosen))
        groups = [sorted(group) for group in found if len(group) > 1]
        return sorted(groups, key=lambda group: (-len(group), group))

    def shortest_cycle(
        self,
        group: list[str],
        *edge_kinds: EdgeKind,
        counts: Callable[[Edge], bool] = lambda _: True,
    ) -> list[str]:
        """The shortest way round inside a group of `cycles`, starting at its smallest id."""
        import networkx as nx

        inside = set(group)
        chosen = digraph(
            (edge.source, edge.target)
            for edge in self._edges
            if edge.kind in edge_kinds
            and edge.source in inside
            and edge.target in inside
            and counts(edge)
        )
        best: list[str] = []
        for start in sorted(chosen)[:MAX_STARTS]:
            for follower in sorted(chosen.successors(start)):
                way = [start, *nx.shortest_path(chosen, follower, start)]
                if not best or len(way) < len(best):
                    best = way
            if len(best) == 3:  # a pair: nothing is shorter
                break
        return best[:-1]

    def paths(self, source: str, target: str, limit: int = 10) -> list[list[str]]:
        """Up to `limit` simple paths of at most six edges, the shortest first."""
        if source not in self._nodes or target not in self._nodes:
            return []
        import networkx as nx

        graph = digraph((edge.source, edge.target) for edge in self._edges)
        graph.add_nodes_from((source, target))
        ways: list[list[str]] = []
        try:
            for way in nx.shortest_simple_paths(graph, source, target):
                if len(way) > MAX_PATH or len(ways) == limit:
                    break
                ways.append(way)
        except nx.NetworkXNoPath:
            return []
        return ways

    def around(self, node_ids: Iterable[str], depth: int) -> set[str]:
        """The ids within `depth` edges of the given ones, whatever the direction."""
        reached = set(node_ids)
        border = set(reached)
        for _ in range(depth):
            near = {edge.target for b in border for edge in self._out_of.get(b, ())}
            near |= {edge.source for b in border for edge in self._into.get(b, ())}
            border = near - reached
            reached |= border
        return reached

    @staticmethod
    def _in_circles(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Without what nothing leads to or what leads nowhere: most graphs then are empty."""
        while True:
            sources = {source for source, _ in pairs}
            targets = {target for _, target in pairs}
            left = [(s, t) for s, t in pairs if s in targets and t in sources]
            if len(left) == len(pairs):
                return left
            pairs = left


def digraph(pairs: Iterable[tuple[str, str]]) -> nx.DiGraph[str]:
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(pairs)
    return graph
