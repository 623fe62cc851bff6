"""The SELECTs, UPDATEs and DELETEs of a statement, and what their names stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlglot import exp

from scaleaudit.record import Gathering
from scaleaudit.sql.placeholders import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUES = {
    "information_schema",
    "pg_catalog",
    "performance_schema",
    "sys",
}  # of the engine itself
BLOCKS = (exp.Select, exp.Update, exp.Delete, exp.Merge)
WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


class Source(Gathering):
    """One mention of a table, or of something that is none (subquery, CTE, function)."""

    table: str = ""  # lower case, without prefix; empty when it is no table or its name a hole
    number: int = 0


class Block(Gathering):
    node: exp.Expr
    parent: Block | None = None
    sources: dict[str, Source] = msgspec.field(
        default_factory=dict
    )  # by alias, lower case, in order
    hidden: bool = False  # a hole stands where a table or an alias is expected

    def computed_for_each_row(self) -> bool:
        """A subquery that stands for a value: where it names a row around it, it runs for each."""
        around = self.node.parent
        if self.parent is None or not isinstance(around, exp.Subquery):
            return False
        return not isinstance(around.parent, (exp.From, exp.Join, exp.Lateral, exp.In, exp.Exists))

    def only(self) -> Source | None:
        return next(iter(self.sources.values())) if len(self.sources) == 1 else None


class Blocks:
    """All blocks of one statement, the outer ones first."""

    def __init__(self, tree: exp.Expr) -> None:
        nodes = list(tree.find_all(*BLOCKS, exp.Insert, exp.CTE, exp.Table))
        self.tables = [node for node in nodes if isinstance(node, exp.Table)]
        self.writes = [node for node in nodes if isinstance(node, WRITES)]
        self._ctes = {
            node.alias.lower(): node for node in nodes if isinstance(node, exp.CTE) and node.alias
        }
        self._count = 0
        self._known: dict[int, Block] = {}
        for node in nodes:
            if not isinstance(node, BLOCKS):
                continue
            block = Block(node, self.around(node.parent))
            self._known[id(node)] = block
            for item in _items(node):
                self._add(block, item)

    def all(self) -> Iterator[Block]:
        yield from self._known.values()

    def around(self, node: exp.Expr | None) -> Block | None:
        """The innermost block in which a node stands."""
        while node is not None:
            block = self._known.get(id(node))
            if block is not None:
                return block
            node = node.parent
        return None

    def table_name(self, table: exp.Table) -> str:
        """The real table behind a mention; empty for a CTE, a function, a hole."""
        if not isinstance(table.this, exp.Identifier) or HOLE in table.name:
            return ""
        if table.db.lower() in CATALOGUES:
            return ""
        name = table.name.lower()
        cte = self._ctes.get(name) if not table.db else None
        if cte is not None and not self._inside_itself(table, cte):
            return ""
        return name.rpartition(".")[2]

    def cte(self, table: exp.Table) -> exp.CTE | None:
        return None if table.db else self._ctes.get(table.name.lower())

    def _inside_itself(self, table: exp.Table, cte: exp.CTE) -> bool:
        """`WITH users AS (SELECT * FROM users)`: inside, the name means the table."""
        clause = cte.parent
        if isinstance(clause, exp.With) and clause.args.get("recursive"):
            return False
        node: exp.Expr | None = table
        while node is not None and node is not cte:
            node = node.parent
        return node is cte

    def _add(self, block: Block, item: exp.Expr) -> None:
        waiting = [item]
        while waiting:
            each = waiting.pop(0)
            alias = each.alias_or_name.lower()
            if isinstance(each, exp.Table):
                if HOLE in each.name or HOLE in each.alias:
                    block.hidden = True
                if HOLE in alias:
                    alias = each.name.lower() if HOLE in each.alias else alias
                self._count += 1
                block.sources[alias] = Source(self.table_name(each), self._count)
            elif isinstance(each, exp.Subquery) and isinstance(each.this, exp.Table):
                waiting.append(each.this)  # FROM (a JOIN b ON ...)
            else:
                block.sources[alias] = Source()
            for join in each.args.get("joins") or ():
                waiting.append(join.this)


def _items(node: exp.Expr) -> Iterator[exp.Expr]:
    """What stands in FROM, JOIN, USING, and as the target of a write."""
    found: list[object] = []
    if isinstance(node, (exp.Update, exp.Delete, exp.Merge)):
        found.append(node.this)
    source = node.args.get("from_")
    if source is not None:
        found.append(source.this)
    using = node.args.get("using")
    found.extend(using if isinstance(using, list) else [using])
    found.extend(join.this for join in node.args.get("joins") or ())
    found.extend(node.args.get("laterals") or ())
    for each in found:
        if isinstance(each, exp.Expr):
            yield each
