"""The graph and the questions that rules ask of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from scaleaudit.architecture.circles import circles, followers, shortest_way
from scaleaudit.asked_names import AskedNames, with_versions
from scaleaudit.facts import PackageDeclared, QueryFound, without_versions
from scaleaudit.index_use import judge_query
from scaleaudit.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import networkx as nx

    from scaleaudit.architecture.parts import (
        Edge,
        EdgeKind,
        Endpoint,
        F,
        Migration,
        Node,
        NodeKind,
        Reach,
        Site,
        StartCommand,
        Unresolved,
    )
    from scaleaudit.facts import Fact
    from scaleaudit.index_use import Judged

MAX_STARTS = 50  # nodes of a group from which a shortest way round is looked for
MAX_PATH = 7  # nodes


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
        migrations: Iterable[Migration] = (),
        asked: AskedNames | None = None,
    ) -> None:
        self._nodes = {node.id: node for node in sorted(nodes, key=lambda node: node.id)}
        self._edges = sorted(
            (edge for edge in edges if edge.source in self._nodes and edge.target in self._nodes),
            key=lambda edge: (edge.source, edge.target, edge.kind),
        )
        self._of_kind: dict[NodeKind, list[Node]] = {}
        for node in self._nodes.values():
            self._of_kind.setdefault(node.kind, []).append(node)
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
        self.migrations = tuple(migrations)  # of one group after the other, in running order
        self.asked = asked or AskedNames()  # of functions, while all this was worked out
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
        if len(kinds) == 1:  # of the many nodes most rules want the few of one kind
            return list(self._of_kind.get(kinds[0], ()))
        return [node for node in self._nodes.values() if not kinds or node.kind in kinds]

    def entry_points(self) -> list[Node]:
        """The components that people reach from outside, each with its reasons in `entered`."""
        return [node for node in self._nodes.values() if node.entered]

    def edges(self, *kinds: EdgeKind) -> list[Edge]:
        return [edge for edge in self._edges if not kinds or edge.kind in kinds]

    def sites(self, kind: type[F]) -> Sequence[Site[F]]:
        """Every place where the code or the configuration says such a thing, in file order."""
        if cast("type[Fact]", kind) is PackageDeclared:  # their versions may be looked at
            self.asked = with_versions(self.asked)
        return cast("Sequence[Site[F]]", self._sites.get(cast("type[Fact]", kind), ()))

    @cached_property
    def packages(self) -> Sequence[Site[PackageDeclared]]:
        """Every build unit, without the versions of what it needs: an edit of one then tells nothing."""
        found = cast("Sequence[Site[PackageDeclared]]", self._sites.get(PackageDeclared, ()))
        return [replace(site, fact=without_versions(site.fact)) for site in found]

    @cached_property
    def judged_queries(self) -> Sequence[tuple[Site[QueryFound], tuple[Judged, ...]]]:
        """Every query on known tables, each with how the tables' indexes serve it.

        Worked out once: most rules on data ask.
        """
        found: list[tuple[Site[QueryFound], tuple[Judged, ...]]] = []
        judged: dict[object, tuple[Judged, ...]] = {}  # half of all queries ask what others do
        for site in self.sites(QueryFound):
            query = site.fact
            named = filter(None, map(self.schema.table, (*query.reads, *query.writes)))
            tables = {table.name: table for table in named}
            if tables:
                asked = (query.predicates, *tables, query.limited)
                if asked not in judged:
                    judged[asked] = tuple(
                        judge_query(query.predicates, list(tables.values()), query.limited)
                    )
                found.append((site, judged[asked]))
        return found

    # -- who is connected to whom

    def edges_into(self, node_id: str, *kinds: EdgeKind) -> list[Edge]:
        return [e for e in self._into.get(node_id, ()) if not kinds or e.kind in kinds]

    def edges_out_of(self, node_id: str, *kinds: EdgeKind) -> list[Edge]:
        return [e for e in self._out_of.get(node_id, ()) if not kinds or e.kind in kinds]

    # -- circles and ways

    def cycles(
        self,
        node_kind: NodeKind,
        *edge_kinds: EdgeKind,
        where: Callable[[Edge], bool] | None = None,
    ) -> list[list[str]]:
        """Groups of nodes that reach each other over edges of the kinds, the largest first.

        `where`: the edges that count, all when not given.
        """
        chosen = self._in_circles(
            [
                (edge.source, edge.target)
                for edge in self._edges
                if edge.kind in edge_kinds
                and edge.source != edge.target
                and self._nodes[edge.source].kind is node_kind
                and self._nodes[edge.target].kind is node_kind
                and (where is None or where(edge))
            ]
        )
        return circles(chosen) if chosen else []

    def shortest_cycle(
        self,
        group: list[str],
        *edge_kinds: EdgeKind,
        where: Callable[[Edge], bool] | None = None,
    ) -> list[str]:
        """The shortest way round inside a group of `cycles`, starting at its smallest id."""
        inside = set(group)
        chosen = [
            (edge.source, edge.target)
            for edge in self._edges
            if edge.kind in edge_kinds
            and edge.source in inside
            and edge.target in inside
            and (where is None or where(edge))
        ]
        ahead, back = followers(chosen), followers((target, source) for source, target in chosen)
        best: list[str] = []
        for start in sorted(ahead)[:MAX_STARTS]:
            for follower in sorted(ahead[start]):
                way = [start, *shortest_way(ahead, back, follower, start)]
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
