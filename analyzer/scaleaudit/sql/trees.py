"""What a parsed statement reads, writes, filters, joins and sorts by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from scaleaudit.facts import Clause, Predicate
from scaleaudit.sql.blocks import Block, Blocks
from scaleaudit.sql.condensed import condensed
from scaleaudit.sql.conditions import Conditions
from scaleaudit.sql.documents import document_function
from scaleaudit.sql.expressions import function_name, is_constant
from scaleaudit.sql.extremes import extreme
from scaleaudit.sql.joins import looked_up, used
from scaleaudit.sql.placeholders import HOLE
from scaleaudit.understood_sql import Understood

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PREDICATES = 200
MAX_SIDES = 100  # of a UNION
STATEMENTS = (
    exp.Select,
    exp.SetOperation,
    exp.Subquery,
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
)


# PostgreSQL, SQLite: random(); MySQL: RAND(); SQL Server: NEWID(); Oracle: DBMS_RANDOM.VALUE.
CHANCE = {"random", "rand", "newid", "uuid", "dbms_random.value", "gen_random_uuid"}


def understand(tree: exp.Expr) -> Understood | None:
    """None when it is no statement on tables; a table whose name is a hole is one."""
    if not isinstance(tree, STATEMENTS):
        return None
    blocks = Blocks(tree)
    writes, inserts = _written(blocks)
    targets = {id(table) for table in writes.values()}
    reads = dict.fromkeys(
        name
        for table in blocks.tables
        if id(table) not in targets
        and not isinstance(table.parent, exp.Into)
        and (name := blocks.table_name(table))
    )
    if not reads and not writes and not _has_nameless_table(tree):
        return None
    predicates: dict[Predicate, None] = {}
    hidden = False
    for block in blocks.all():
        conditions = Conditions(block)
        for predicate in _predicates(block, conditions, outermost=block.parent is None):
            predicates[predicate] = None
        hidden |= conditions.hidden or block.hidden
    outer = _outer(tree)
    aggregate = _aggregate(outer, blocks)
    return Understood(
        reads=tuple(name for name in reads if name not in writes or not _is_target_only(tree)),
        writes=tuple(writes),
        inserts=tuple(inserts),
        predicates=tuple(predicates)[:MAX_PREDICATES],
        limited=_limited(tree, blocks)
        or extreme(outer) is not None
        or any(p.column == "rownum" for p in predicates),  # Oracle's way
        aggregate=aggregate,
        grouped=not aggregate and condensed(outer, blocks, lambda query: _aggregate(query, blocks)),
        hidden=hidden or not (reads or writes),
        shuffled=_shuffled(outer),
        skips=_skips(outer),
    )


def _skips(outer: exp.Expr) -> bool:
    """OFFSET a number that is given each time."""
    offset = outer.args.get("offset")
    return isinstance(offset, exp.Offset) and not is_constant(offset.expression)


def _shuffled(outer: exp.Expr) -> bool:
    """ORDER BY a number drawn for each row, and nothing before it."""
    order = outer.args.get("order")
    first = order.expressions[0] if order is not None and order.expressions else None
    key = first.this if isinstance(first, exp.Ordered) else first
    if isinstance(key, (exp.Rand, exp.Uuid)):
        return not key.args.get("this")  # RAND(7) gives the same order at each call
    return isinstance(key, exp.Anonymous) and key.name.lower() in CHANCE and not key.expressions


def _has_nameless_table(tree: exp.Expr) -> bool:
    return any(HOLE in table.name for table in tree.find_all(exp.Table))


def _is_target_only(tree: exp.Expr) -> bool:
    """A MySQL DELETE names its target twice; that alone is no read."""
    return isinstance(tree, exp.Delete)


def _written(blocks: Blocks) -> tuple[dict[str, exp.Table], dict[str, None]]:
    """Tables written, with the mention that says so, and those of them that get rows."""
    writes: dict[str, exp.Table] = {}
    inserts: dict[str, None] = {}
    for node in blocks.writes:
        named = node.args.get("tables") if isinstance(node, exp.Delete) else None
        for target in named or [node.this]:
            table = target.this if isinstance(target, exp.Schema) else target
            if not isinstance(table, exp.Table):
                continue  # the UPDATE inside ON CONFLICT or MERGE has none
            block = blocks.around(node)
            source = block.sources.get(table.name.lower()) if block and not table.db else None
            name = (source.table if source and source.table else "") or blocks.table_name(table)
            if name and isinstance(node, exp.Update):
                name = _updated_alias(node, table, blocks) or name
            if name:
                writes.setdefault(name, table)
                if isinstance(node, (exp.Insert, exp.Merge)):
                    inserts[name] = None
    return writes, inserts


def _updated_alias(node: exp.Update, target: exp.Table, blocks: Blocks) -> str:
    """`UPDATE u SET ... FROM users u`: the alias means the table in FROM."""
    source = node.args.get("from_")
    tables = source.find_all(exp.Table) if source is not None else ()
    wanted = target.name.lower()
    return next((blocks.table_name(t) for t in tables if t.alias.lower() == wanted), "")


def _predicates(block: Block, conditions: Conditions, *, outermost: bool) -> Iterator[Predicate]:
    node = block.node
    where = node.args.get("where")
    chosen = list(conditions.read(where.this)) if where is not None else []
    yield from chosen
    joins = list(node.args.get("joins") or ())
    source = node.args.get("from_")
    for item in (node.this if not isinstance(node, exp.Select) else None, source and source.this):
        if isinstance(item, exp.Expr):
            joins.extend(item.args.get("joins") or ())
            if isinstance(item.this, exp.Table):
                joins.extend(item.this.args.get("joins") or ())
    for join in joins:
        if join.args.get("on") is not None:
            found = conditions.read(join.args["on"])
            yield from looked_up(block, join, found, chosen) if join.side else found
        if join.args.get("using"):
            yield from used(block, join)
    if isinstance(node, exp.Merge) and node.args.get("on") is not None:
        yield from conditions.read(node.args["on"])
    if outermost or node.args.get("limit") is not None:
        yield from _sorts(block, conditions, apart=not outermost and block.only() is not None)


def _sorts(block: Block, conditions: Conditions, *, apart: bool) -> Iterator[Predicate]:
    """The columns of ORDER BY up to the first that is none; a grouped result has none."""
    node = block.node
    least = extreme(node)
    if least is not None:
        operand = conditions.resolve(least, "")
        if operand is not None and operand.inner:
            yield Predicate(
                operand.table,
                operand.column,
                "sort",
                Clause.SORT,
                source=operand.source,
            )
        return
    order = node.args.get("order")
    if order is None or node.args.get("group") or node.args.get("distinct"):
        return
    chosen = node.expressions if isinstance(node, exp.Select) else []
    aliases = {e.alias.lower(): e.this for e in chosen if isinstance(e, exp.Alias)}
    for ordered in order.expressions:
        key = ordered.this if isinstance(ordered, exp.Ordered) else ordered
        if isinstance(key, exp.Literal) and key.is_int and 0 < int(key.name) <= len(chosen):
            key = chosen[int(key.name) - 1].unalias()
        if isinstance(key, exp.Column) and not key.table:
            key = aliases.get(key.name.lower(), key)
        columns = list(key.find_all(exp.Column))
        if len(columns) != 1 or key.find(exp.AggFunc, exp.Subquery, exp.Case, exp.Window):
            return
        plain = key is columns[0]
        function = "" if plain else document_function(key) or function_name(key)
        operand = conditions.resolve(columns[0], function)
        if operand is None or not operand.inner:
            return
        yield Predicate(
            operand.table, operand.column, "sort", Clause.SORT, function, source=operand.source,
            apart=apart,
        )  # fmt: skip


def _outer(tree: exp.Expr) -> exp.Expr:
    return tree.unnest() if isinstance(tree, exp.Subquery) else tree


def _behind(select: exp.Expr, blocks: Blocks) -> exp.Expr | None:
    """The query that a SELECT without joins takes all its rows from."""
    source = select.args.get("from_")
    if source is None or select.args.get("joins"):
        return None
    item: exp.Expr | None = source.this
    if isinstance(item, exp.Subquery):
        return _outer(item)
    cte = blocks.cte(item) if isinstance(item, exp.Table) else None
    if cte is None or not isinstance(item, exp.Table) or blocks.table_name(item):
        return None
    query: exp.Expr | None = cte.this
    return query


def _limited(tree: exp.Expr, blocks: Blocks) -> bool:
    query: exp.Expr | None = tree
    for _ in range(10):
        if query is None:
            return False
        if query.args.get("limit") is not None or query.args.get("fetch") is not None:
            return True
        query = _outer(query) if isinstance(query, exp.Subquery) else _behind(query, blocks)
    return False


def _aggregate(outer: exp.Expr, blocks: Blocks) -> bool:
    """One row whatever the tables hold: aggregates without GROUP BY, EXISTS, no FROM at all."""
    query: exp.Expr | None = outer
    if isinstance(outer, exp.SetOperation):
        return all(_aggregate(side, blocks) for side in _sides(outer))
    for _ in range(10):
        if not isinstance(query, exp.Select) or query.args.get("group"):
            return False
        if query.args.get("from_") is None:
            return True
        if any(_aggregates(column) for column in query.expressions):
            return True
        joined = [join.this for join in query.args.get("joins") or ()]
        parts = [query.args["from_"].this, *joined] if joined else []
        if parts and all(isinstance(p, exp.Subquery) and _aggregate(p.this, blocks) for p in parts):
            return True
        query = _behind(query, blocks)
    return False


def _sides(outer: exp.SetOperation) -> list[exp.Expr]:
    """The queries that UNION and the like put together; a query that is one of too many is none."""
    found: list[exp.Expr] = []
    at: exp.Expr = outer
    for _ in range(MAX_SIDES):
        if not isinstance(at, exp.SetOperation):
            break
        found.append(at.expression)
        at = at.this
    return [*found, at]


def _aggregates(column: exp.Expr) -> bool:
    if HOLE in column.alias_or_name:
        return False
    for found in column.find_all(exp.AggFunc):
        node: exp.Expr | None = found.parent
        if isinstance(found, exp.AnonymousAggFunc):
            continue
        while node is not None and node is not column.parent:
            if isinstance(node, (exp.Window, exp.Select)):
                break
            node = node.parent
        else:
            return True
    return False
