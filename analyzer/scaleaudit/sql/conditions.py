"""Predicates of one block: which columns a WHERE or ON compares, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from scaleaudit.facts import Clause, Predicate
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql.documents import document_function
from scaleaudit.sql.expressions import (
    COMPARISONS,
    MIRRORED,
    NEGATED,
    PLACED,
    begins_anyhow,
    beside,
    columns_in,
    has_column,
    has_hole,
    is_column_of,
    is_constant,
    is_number,
    nested_name,
    parts_of,
    quoted_pattern,
    without_not,
)
from scaleaudit.sql.placeholders import HOLE
from scaleaudit.sql.predicates import changed, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.sql.blocks import Block

KNOWN_START = regex(r"[^%_\\]")
SUBQUERY = "(subquery)"  # the table of what no table holds
MAX_CORRELATED = 5  # columns of one EXISTS


class Operand(Gathering):
    """A column as it stands in a condition."""

    table: str  # empty when several tables may have it
    source: int
    column: str
    function: str
    inner: bool  # of this block, not of one around it


class Conditions:
    """Reads conditions of one block; `hidden` once a hole stood for a whole condition."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._groups = 0
        self.hidden = False

    def read(self, condition: exp.Expr, *, negated: bool = False) -> list[Predicate]:
        """The predicates of the condition, in order; recursion is bounded by nesting alone."""
        found: list[Predicate] = []
        for part in parts_of(condition, exp.Or if negated else exp.And):
            inner, turned = without_not(part, negated)
            if isinstance(inner, exp.And if turned else exp.Or):
                found.extend(self._alternatives(inner, turned))
            elif isinstance(inner, (exp.And, exp.Or)):
                found.extend(self.read(inner, negated=turned))
            else:
                found.extend(self._single(inner, turned))
        return found

    def _alternatives(self, choice: exp.Expr, negated: bool) -> list[Predicate]:
        sides = [
            self.read(side, negated=negated)
            for side in parts_of(choice, exp.And if negated else exp.Or)
        ]
        flat = [predicate for side in sides for predicate in side]
        if not all(sides):
            return [changed(p, operator="optional", alternative=True) for p in flat]
        first = flat[0]
        if all(len(s) == 1 for s in sides) and len({subject(p) for p in flat}) == 1:
            alike = {p.operator for p in flat} <= {"=", "in"}
            return [changed(first, operator="in") if alike else first]
        self._groups += 1
        return [
            changed(p, alternative=True, group=self._groups, branch=number)
            for number, side in enumerate(sides, 1)
            for p in side
        ]

    def _single(self, test: exp.Expr, negated: bool) -> list[Predicate]:
        negated = negated != bool(test.args.get("negate"))
        operator = COMPARISONS.get(type(test))
        if operator is not None:
            return self._comparison(test, NEGATED[operator] if negated else operator)
        if isinstance(test, exp.Column):
            if HOLE in test.name:
                self.hidden = True
                return []
            return self._filters(test, "is-true")
        if isinstance(test, exp.In):
            columns = test.this.expressions if isinstance(test.this, exp.Tuple) else [test.this]
            operator = "not-in" if negated else "in"
            found = [p for column in columns for p in self._filters(column, operator)]
            given = test.args.get("expressions") or []
            same = bool(given) and all(map(is_constant, given))
            return [changed(p, constant=True) for p in found] if same else found
        if isinstance(test, exp.Between):
            return self._filters(test.this, "!=" if negated else "between")
        if isinstance(test, exp.Is):
            return self._is(test, negated)
        if isinstance(test, exp.Like):
            pattern = quoted_pattern(test.expression)
            known = (
                isinstance(pattern, exp.Literal)
                and pattern.is_string
                and pattern.name != PLACED
                and KNOWN_START.match(pattern.name)
            )
            operator = "like" if known else "contains" if begins_anyhow(pattern) else "search"
            return self._filters(test.this, "search" if negated else operator)
        if isinstance(test, exp.ILike) and begins_anyhow(test.expression) and not negated:
            return self._filters(test.this, "contains")
        if isinstance(test, exp.Exists):
            return self._correlated(test, "not-in" if negated else "search")
        if isinstance(test, (exp.Boolean, exp.Literal, exp.Subquery)):
            return []
        # Patterns, full text, containment, functions that answer yes or no.
        operator = "!=" if negated else "search"
        return [p for column in columns_in(test) for p in self._filters(column, operator)]

    def _correlated(self, test: exp.Exists, operator: str) -> list[Predicate]:
        """The columns of this block by which EXISTS chooses its rows."""
        inner = test.this
        where = inner.args.get("where") if isinstance(inner, exp.Select) else None
        found: dict[Predicate, None] = {}
        for column in where.find_all(exp.Column) if where is not None else ():
            source = self._block.sources.get(column.table.lower()) if column.table else None
            if source is not None and source.table and HOLE not in column.name:
                operand = Operand(source.table, source.number, column.name.lower(), "", True)
                found[_predicate(operand, operator, Clause.FILTER)] = None
        return list(found)[:MAX_CORRELATED]

    def _is(self, test: exp.Is, negated: bool) -> list[Predicate]:
        value = test.expression
        if isinstance(value, exp.Not):
            value, negated = value.this, not negated
        if isinstance(value, exp.Null):
            return self._filters(test.this, "is-not-null" if negated else "is-null")
        if isinstance(value, exp.Boolean):
            return self._filters(test.this, "is-true")
        return []

    def _comparison(self, test: exp.Expr, operator: str) -> list[Predicate]:
        left, right = test.this, test.expression
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            return [  # (a, b) > (?, ?): the first decides
                p
                for one, two in zip(left.expressions, right.expressions, strict=False)
                for p in self._pair(one, two, operator)
            ][: None if operator == "=" else 1]
        if isinstance(right, (exp.Any, exp.All)):
            inside = self._operand(right.this)
            if inside is not None and self._operand(left) is None:
                return [_predicate(inside, "search", Clause.FILTER)] if inside.inner else []
            if isinstance(right, exp.Any):
                return self._filters(left, "in" if operator == "=" else operator)
            return self._filters(left, "not-in" if operator == "!=" else operator)
        return self._pair(left, right, operator)

    def _pair(self, left: exp.Expr, right: exp.Expr, operator: str) -> list[Predicate]:
        left, right = beside(left, right), beside(right, left)
        one, two = self._operand(left), self._operand(right)
        if one is None and two is None:
            self.hidden |= has_hole(left) or has_hole(right)
            return [p for side in (left, right) for p in self._of_a_subquery(side)]
        if one is None or two is None:
            mirrored = operator if two is None else MIRRORED.get(operator, operator)
            known = one or two
            if known is None or not known.inner:
                return []
            other = right if two is None else left
            if self._correlated_value(other):  # another value for each row: nothing to look up
                return [_predicate(known, "search", Clause.FILTER)]
            if is_column_of(other):  # its name is put in at run time
                return [_predicate(known, mirrored, Clause.JOIN)]
            if not has_column(other):
                found = _predicate(known, mirrored, Clause.FILTER)
                # `attempts < 5` is a test like `state = 'open'`; before a day that stands there is not.
                constant = is_constant(other) and (mirrored == "=" or is_number(other))
                return [changed(found, constant=True) if constant else found]
            # Rows that are no table's (VALUES, a subquery) are a list that the column is in.
            return [_predicate(known, "in" if mirrored == "=" else mirrored, Clause.JOIN)]
        if one.inner and two.inner and not one.table and not two.table:
            pair = ((one, two), (two, one))
            return [_predicate(each, operator, Clause.JOIN, other.column) for each, other in pair]
        if one.inner and two.inner and one.source == two.source:
            return []  # two columns of one row: no index helps
        pairs = ((one, operator), (two, MIRRORED.get(operator, operator)))
        joins = [_predicate(o, op, Clause.JOIN) for o, op in pairs if o.inner and o.table]
        if one.inner != two.inner and self._block.computed_for_each_row():
            return [changed(each, apart=True) for each in joins]
        return joins

    def _of_a_subquery(self, side: exp.Expr) -> Iterator[Predicate]:
        """A column that a subquery in FROM computes: it chooses rows, through no index of a table."""
        if isinstance(side, exp.Column) and side.table and HOLE not in side.name:
            source = self._block.sources.get(side.table.lower())
            if source is not None and not source.table:
                yield Predicate(SUBQUERY, side.name.lower(), "search", Clause.FILTER)

    def _correlated_value(self, side: exp.Expr) -> bool:
        """A subquery that is computed from the row at hand."""
        inner = side.unnest() if isinstance(side, exp.Paren) else side
        select = inner.this if isinstance(inner, exp.Subquery) else inner
        where = select.args.get("where") if isinstance(select, exp.Select) else None
        if where is None:
            return False
        own = {table.alias_or_name.lower() for table in select.find_all(exp.Table)}
        return any(
            each.table.lower() in self._block.sources and each.table.lower() not in own
            for each in where.find_all(exp.Column)
            if each.table
        )

    def _filters(self, side: exp.Expr, operator: str) -> list[Predicate]:
        operand = self._operand(side)
        if operand is None:
            self.hidden |= has_hole(side)
            return []
        return [_predicate(operand, operator, Clause.FILTER)] if operand.inner else []

    def _operand(self, side: exp.Expr) -> Operand | None:
        """The one column of a side, and what hides it; None for values and for mixtures."""
        side = side.unnest()
        while isinstance(side, exp.Collate):
            side = side.this
        if isinstance(side, exp.Column):
            return self.resolve(side, "")
        columns = columns_in(side)
        if len(columns) != 1 or isinstance(side, (exp.Case, exp.Subquery, exp.AggFunc)):
            return None
        return self.resolve(columns[0], document_function(side) or nested_name(side))

    def resolve(self, column: exp.Column, function: str = "") -> Operand | None:
        """The table of a column; None when it is of no table or cannot be told."""
        name = column.name.lower()
        if not name or HOLE in name or HOLE in column.table:
            return None
        if not column.table:
            if not self._block.sources:
                return None
            only = self._block.only()
            if only is None:
                tables = any(source.table for source in self._block.sources.values())
                return Operand("", 0, name, function, inner=True) if tables else None
            return Operand(only.table, only.number, name, function, True) if only.table else None
        block: Block | None = self._block
        while block is not None:
            source = block.sources.get(column.table.lower())
            if source is not None:
                if not source.table:
                    return None
                return Operand(source.table, source.number, name, function, block is self._block)
            block = block.parent
        return None


def _predicate(operand: Operand, operator: str, clause: Clause, beside: str = "") -> Predicate:
    return Predicate(
        operand.table,
        operand.column,
        operator,
        clause,
        operand.function,
        source=operand.source,
        beside=beside,
    )
