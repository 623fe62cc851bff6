"""Methods of columns that compare them: `Order.code.in_(codes)`, `Order.paid_at.is_(None)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.gathering import Conditions, Place, tell, tell_or_lose
from scaleaudit.languages.python.sqlalchemy.lists import behind
from scaleaudit.languages.python.sqlalchemy.operands import is_constant, operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    dotted,
    given,
    last_name,
    receiver,
)
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# Methods of a column with one value.
METHODS = {
    "in_": "in", "notin_": "not-in", "not_in": "not-in", "between": "between",
    "startswith": "like", "istartswith": "search", "endswith": "contains", "iendswith": "contains",
    "contains": "contains", "icontains": "contains", "notilike": "!=",
    "not_ilike": "!=", "notlike": "!=", "not_like": "!=", "match": "search", "overlap": "search",
    "contained_by": "search", "has_key": "search", "has_any": "search", "has_all": "search",
    "regexp_match": "search", "regexp": "search", "is_null": "is-null", "iregexp": "search", "bool_op": "search", "__eq__": "=", "__ne__": "!=",
    "is_distinct_from": "!=", "is_not_distinct_from": "=", "op": "search",
}  # fmt: skip
HOLE = "\0"
KNOWN_START = regex(r"[^%_\\{\0]")
WILD_START = regex(r"[%_]")


def compared(to: Conditions, call: Node, place: Place) -> None:
    """The call of a method of a column; of anything else what it asks is not known."""
    reader = to.reader
    method, of = last_name(reader, call), receiver(call)
    args = list(given(call, reader).args)
    if of is not None and method in ("is_", "is_not", "isnot"):
        identity(to, of, args, method, place)
    elif method in ("like", "ilike") and of is not None:
        operator = pattern_operator(reader, args[0] if args else None, any_case=method == "ilike")
        tell_or_lose(to, operand(reader, of), operator, place)
    elif method in METHODS and of is not None:
        column = operand(reader, of)
        fixed = bool(args) and all(is_constant(reader, arg) for arg in args)
        operator = METHODS[method]
        if method == "is_null" and args and args[0].type == "false":
            operator = "is-not-null"
        tell_or_lose(to, column, operator, place, constant=fixed)
    elif method == "between" and args:
        tell_or_lose(to, operand(reader, args[0]), "between", place)
    elif of is not None and of.type == "call" and last_name(reader, of) == "op":
        tell_or_lose(to, operand(reader, receiver(of)), "search", place)
    elif of is not None and dotted(reader, of).rpartition(".")[2] == "func":
        column = operand(reader, call)
        tell_or_lose(to, column, "search", place)
    else:
        helper(to, args)


def helper(to: Conditions, args: list[Node]) -> None:
    """A function of the project makes the condition, of columns that it is given.

    What it asks of another table says nothing about how the query's own rows are found.
    """
    columns = [column for arg in args if (column := operand(to.reader, arg)) is not None]
    if not columns or any(column.model == to.model for column in columns):
        to.lost = True
        return
    for column in columns:
        tell(to, column, "search", Place())


def pattern_operator(reader: PythonReader, node: Node | None, *, any_case: bool) -> str:
    """`contains` where a pattern begins with a wildcard, `like` where with a letter or a value."""
    if node is None:
        return "search"
    pattern = text_with_holes(reader.value(behind(reader, node)), HOLE)
    if WILD_START.match(pattern):
        return "contains"
    known = KNOWN_START.match(pattern) is not None
    begun = pattern.startswith(HOLE) and pattern.rstrip(HOLE).endswith("%")
    return "like" if (known or begun) and not any_case else "search"


def identity(to: Conditions, of: Node, args: list[Node], method: str, place: Place) -> None:
    column = operand(to.reader, of)
    value = args[0] if args else None
    if value is not None and not is_constant(to.reader, value):
        tell_or_lose(to, column, "=" if method == "is_" else "!=", place)
        return
    null = value is None or value.type == "none" or last_name(to.reader, value) == "null"
    if method == "is_":
        operator = "is-null" if null else "is-true"
    else:
        operator = "is-not-null" if null else "!="
    if value is not None and value.type == "false" and operator == "is-true":
        operator = "="
    tell_or_lose(to, column, operator, place, constant=not null)
