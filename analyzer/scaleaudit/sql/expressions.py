"""What the parts of a condition are: columns, constants, holes; the parts of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from scaleaudit.regex import regex
from scaleaudit.sql.placeholders import HOLE, VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator


COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NullSafeEQ: "=",
    exp.NEQ: "!=",
    exp.NullSafeNEQ: "!=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
NEGATED = {
    "=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not-in",
    "is-null": "is-not-null", "is-not-null": "is-null", "is-true": "is-true",
}  # fmt: skip
FUNCTION_NAMES = {
    "timestamptrunc": "date_trunc", "datetrunc": "date_trunc", "tsordstodate": "date",
    "jsonextract": "->", "jsonextractscalar": "->", "jsonbextract": "->", "jsonbextractscalar": "->",
    "bracket": "[]", "trycast": "cast", "add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%",
    "dpipe": "||", "attimezone": "timezone",
}  # fmt: skip


TO_TEXT = "cast to text"  # of a text it changes nothing
PLAINER = (exp.Lower, exp.Upper, exp.Trim)
MAX_NESTED = 3
PLACED = VALUE.strip("'")


# What `TIMESTAMPDIFF(SECOND, a, b)` counts in: no column, though it is written like one.
UNITS = frozenset(
    "microsecond second minute hour day week month quarter year dd mm yy yyyy hh mi ss".split()  # noqa: SIM905
)
_CAPITALS = regex(r"[a-z][A-Z]")
MAX_INSIDE = 40  # nodes of an operand that are looked through for its column


def function_name(expression: exp.Expr) -> str:
    """What stands around a column, in lower case: `lower`, `date_trunc`, `cast`, `+`, `->`."""
    if isinstance(expression, exp.Anonymous):
        return expression.name.lower()
    if isinstance(expression, exp.Cast) and expression.is_type(*exp.DataType.TEXT_TYPES):
        return TO_TEXT
    return FUNCTION_NAMES.get(expression.key, expression.key)


def nested_name(expression: exp.Expr) -> str:
    """`trim(lower` of `trim(lower(x))`: what only makes a text plainer, and all that is inside it."""
    names: list[str] = []
    at = expression
    while isinstance(at, PLAINER) and len(names) < MAX_NESTED:
        names.append(function_name(at))
        at = at.this.unnest()
    return "(".join(names) or function_name(expression)


def parts_of(condition: exp.Expr, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The parts of a chain of AND or OR, in order, however it is nested."""
    waiting = [condition]
    while waiting:
        each = waiting.pop().unnest()
        if isinstance(each, kind):
            waiting.extend((each.expression, each.this))
        else:
            yield each


def without_not(condition: exp.Expr, negated: bool) -> tuple[exp.Expr, bool]:
    """The condition without its NOTs and parentheses."""
    inner = condition.unnest()
    while isinstance(inner, exp.Not):
        inner, negated = inner.this.unnest(), not negated
    return inner, negated


def columns_in(expression: exp.Expr) -> list[exp.Column]:
    """The columns inside, none of a subquery's; holes are none, nor are texts in other quotes."""
    found: list[exp.Column] = []
    waiting = [expression]
    for _ in range(MAX_INSIDE):
        if not waiting:
            break
        each = waiting.pop(0)
        if isinstance(each, exp.Column):
            if HOLE not in each.name:
                found.append(each)
        elif not isinstance(each, (exp.Select, exp.Subquery, exp.SetOperation)):
            waiting.extend(part for part in each.iter_expressions() if not _is_unit(part, each))
    bare = [column for column in found if not in_quotes(column)]
    return [each for each in found if not is_quoted_text(each)] if bare else found


def _is_unit(part: exp.Expr, function: exp.Expr) -> bool:
    first = next(iter(function.iter_expressions()), None)
    return (
        isinstance(function, exp.Func)
        and isinstance(part, exp.Column)
        and not part.table
        and part.name.lower() in UNITS
        and part is first
        and len(list(function.iter_expressions())) > 1
    )


def is_column_of(side: exp.Expr) -> bool:
    """`r.{}`: some column of another table."""
    return isinstance(side, exp.Column) and HOLE in side.name and bool(side.table)


def has_hole(expression: exp.Expr) -> bool:
    """Whether a name inside is not known: the condition may be on any column."""
    return any(HOLE in each.name or HOLE in each.table for each in expression.find_all(exp.Column))


def is_constant(value: exp.Expr) -> bool:
    """A text or number of the statement itself, no value that a caller gives."""
    while isinstance(value, (exp.Cast, exp.Paren, exp.Neg)):
        value = value.this
    return isinstance(value, exp.Literal) and value.name != PLACED


def is_number(constant: exp.Expr) -> bool:
    while isinstance(constant, (exp.Cast, exp.Paren, exp.Neg)):
        constant = constant.this
    return isinstance(constant, exp.Literal) and not constant.is_string


def quoted_pattern(pattern: exp.Expr) -> exp.Expr:
    """`LIKE "ab%"`: MySQL's other quotes of a text, which elsewhere are those of a name."""
    if isinstance(pattern, exp.Column) and not pattern.table and "%" in pattern.name:
        return exp.Literal.string(pattern.name)
    return pattern


def in_quotes(side: exp.Expr) -> bool:
    """A name in quotes, of no table that is told."""
    return isinstance(side, exp.Column) and not side.table and bool(side.this.args.get("quoted"))


def is_quoted_text(side: exp.Expr) -> bool:
    """`state = "paid"`: a text, as MySQL and SQLite take it, where names go without quotes.

    Elsewhere it would be a column, which somebody quotes for its capitals: `= "ownerId"`.
    """
    return in_quotes(side) and HOLE not in side.name and not _CAPITALS.search(side.name)


def beside(side: exp.Expr, other: exp.Expr) -> exp.Expr:
    """A side of a comparison: texts in other quotes, beside a name without quotes, as a text."""
    own = columns_in(side)
    if own and all(map(is_quoted_text, own)) and not all(map(in_quotes, columns_in(other))):
        return exp.Literal.string(own[0].name)
    return side


def begins_anyhow(pattern: exp.Expr) -> bool:
    """A pattern that begins with a wildcard: `'%x'`, `'%' || ?`, `CONCAT('%', ?, '%')`."""
    first: exp.Expr | None = pattern.unnest()
    for _ in range(MAX_INSIDE):
        if isinstance(first, exp.DPipe):
            first = first.this.unnest()
        elif isinstance(first, exp.Concat) and first.expressions:
            first = first.expressions[0].unnest()
        else:
            break
    return isinstance(first, exp.Literal) and first.is_string and first.name.startswith("%")


def has_column(expression: exp.Expr) -> bool:
    return bool(columns_in(expression))
