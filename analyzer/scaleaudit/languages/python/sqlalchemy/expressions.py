"""Conditions of `filter` and `where`: expressions of Python that stand for SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.sqlalchemy.lists import behind, element_of, gathered
from scaleaudit.languages.python.sqlalchemy.operands import Operand, is_constant, operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    dotted,
    given,
    items,
    last_name,
    literal,
    receiver,
)
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_DEPTH = 24
MAX_CONDITIONS = 60  # of one query
COMPARISONS = {"==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED = {
    "=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not-in",
    "not-in": "in", "is-null": "is-not-null", "is-not-null": "is-null", "is-true": "!=",
    "like": "!=", "search": "!=", "between": "!=",
}  # fmt: skip
# Methods of a column with one value.
METHODS = {
    "in_": "in", "notin_": "not-in", "not_in": "not-in", "between": "between",
    "startswith": "like", "istartswith": "search", "endswith": "search", "iendswith": "search",
    "contains": "search", "icontains": "search", "ilike": "search", "notilike": "!=",
    "not_ilike": "!=", "notlike": "!=", "not_like": "!=", "match": "search", "overlap": "search",
    "contained_by": "search", "has_key": "search", "has_any": "search", "has_all": "search",
    "regexp_match": "search", "bool_op": "search", "__eq__": "=", "__ne__": "!=",
    "is_distinct_from": "!=", "is_not_distinct_from": "=", "op": "search",
}  # fmt: skip
# What a local name may stand for that tells no condition.
UNTOLD = frozenset({"identifier", "none", "true", "false", "conditional_expression"})
NOTHING = frozenset({"true", "false", "null", "literal"})
TEXTS = frozenset({"text", "literal_column"})
ALL, ANY, NOT = frozenset({"and_"}), frozenset({"or_"}), frozenset({"not_"})
KNOWN_START = regex(r"[^%_\\{]")
PARAMETER = regex(r"(?<![:\w]):(\w+)")
WORD = regex(r"\w+")


class Conditions(Gathering):
    """What is gathered from the expressions of one query."""

    reader: PythonReader
    model: str  # where the query starts, as written
    found: list[Condition] = msgspec.field(default_factory=list)
    entities: set[str] = msgspec.field(default_factory=set)  # classes that the query names
    groups: int = 0
    lost: bool = False
    optional: list[Node] = msgspec.field(default_factory=list)  # conditions of some branches

    def add(self, condition: Condition) -> None:
        if len(self.found) < MAX_CONDITIONS:
            self.found.append(condition)

    def owner(self, model: str) -> str:
        """What a condition says of its class: nothing where it is the query's own."""
        return "" if model == self.model else model


class Place(Gathering):
    """Where an expression stands: under NOT, in an OR, behind a relation."""

    negated: bool = False
    group: int = 0
    branch: int = 0
    each: bool = False  # of the elements of a list: any of them


def read(to: Conditions, node: Node, place: Place, depth: int = 0) -> None:
    """Adds the conditions of one expression."""
    if depth > MAX_DEPTH:
        to.lost = True
        return
    node = bare(node)
    kind = node.type
    if kind == "comparison_operator":
        comparison(to, node, place)
    elif kind == "call":
        called(to, node, place, depth)
    elif kind == "binary_operator":
        combined(to, node, place, depth)
    elif kind == "unary_operator":
        inner = node.child_by_field_name("argument")
        if inner is not None:
            read(to, inner, turned(place), depth + 1)
    elif kind in ("identifier", "attribute"):
        name(to, node, place, depth)
    elif kind in ("string", "concatenated_string"):
        fragment(to, literal(to.reader, node))
    elif kind not in ("true", "false", "none", "comment"):
        to.lost = True


def turned(place: Place) -> Place:
    return Place(not place.negated, place.group, place.branch, place.each)


def name(to: Conditions, node: Node, place: Place, depth: int) -> None:
    """A column that is true or not, or a local name of a condition."""
    written = dotted(to.reader, node)
    if node.type == "identifier":
        value = to.reader.local(written, node)
        if value is None or value.type in UNTOLD:
            to.lost = True
        else:
            read(to, value, place, depth + 1)
        return
    column = operand(to.reader, node)
    if column is None:
        to.lost = True
    else:
        tell(to, column, "is-true", place, constant=True)


def tell(
    to: Conditions, column: Operand, operator: str, place: Place, *, constant: bool = False
) -> None:
    if column.alias and column.model == to.model:
        return  # the same table a second time: nothing of the first is known by it
    if place.negated:
        operator = NEGATED.get(operator, operator)
    if place.each and operator == "=":
        operator = "in"
    to.entities.add(column.model)
    to.add(
        Condition(
            column.path,
            operator,
            Clause.FILTER,
            column.function,
            place.group > 0,
            place.group,
            place.branch,
            constant,
            to.owner(column.model),
        )
    )


def comparison(to: Conditions, node: Node, place: Place) -> None:
    sides = node.named_children
    sign = next((COMPARISONS[c.type] for c in node.children if c.type in COMPARISONS), "")
    if len(sides) != 2 or not sign:
        to.lost = True
        return
    reader, (one, two) = to.reader, (bare(sides[0]), bare(sides[1]))
    left, right = operand(reader, one), operand(reader, two)
    if left is not None and right is not None and both_columns(to, left, right, two):
        joined(to, left, right, sign, place)
        return
    if left is None or (
        right is not None
        and left.model not in to.entities | {to.model}
        and right.model in to.entities | {to.model}
    ):
        left, two = right, one
        sign = MIRRORED.get(sign, sign)
    if left is None:
        # A subquery, a function of the project: whatever it is, it narrows.
        to.lost = to.lost or sign == "="
        return
    if two.type == "none" or (two.type == "call" and last_name(reader, two) == "null"):
        sign = {"=": "is-null", "!=": "is-not-null"}.get(sign, sign)
    tell(to, left, sign, place, constant=is_constant(reader, two))


def both_columns(to: Conditions, left: Operand, right: Operand, node: Node) -> bool:
    """Whether the right side is a column too, and not the member of an enumeration."""
    if right.model == left.model and not right.alias and not left.alias:
        return right.path != left.path and right.model in to.entities | {to.model}
    known = to.entities | {to.model}
    if right.alias or left.alias or (right.model in known and left.model in known):
        return True
    if right.table and left.table:
        return True
    tails = (left.path.rpartition("_")[2].lower(), right.path.rpartition("_")[2].lower())
    if right.path.isupper() or right.path in ("value", "name"):
        return right.table
    return "id" in tails or right.model in known or right.table


def joined(to: Conditions, left: Operand, right: Operand, sign: str, place: Place) -> None:
    """`Order.customer_id == Customer.id`: both columns, each of its own table."""
    to.entities.update((left.model, right.model))
    if left.model == right.model:
        return
    for side in (left, right):
        if side.alias and side.model == to.model:
            continue
        to.add(
            Condition(
                side.path,
                sign,
                Clause.JOIN,
                side.function,
                place.group > 0,
                place.group,
                place.branch,
                False,
                to.owner(side.model),
            )
        )


def combined(to: Conditions, node: Node, place: Place, depth: int) -> None:
    """`a & b`, `a | b`."""
    sign = node.child_by_field_name("operator")
    sides = [node.child_by_field_name("left"), node.child_by_field_name("right")]
    parts = [side for side in sides if side is not None]
    kind = sign.type if sign is not None else ""
    if kind not in ("&", "|"):
        to.lost = True
    elif (kind == "|") != place.negated:
        alternatives(to, parts, place, depth)
    else:
        for part in parts:
            read(to, part, place, depth + 1)


def alternatives(to: Conditions, parts: list[Node], place: Place, depth: int) -> None:
    if len(parts) == 1 or place.group:
        for part in parts:
            read(to, part, place, depth + 1)
        return
    to.groups += 1
    for branch, part in enumerate(parts, 1):
        read(to, part, Place(place.negated, to.groups, branch, place.each), depth + 1)


def called(to: Conditions, call: Node, place: Place, depth: int) -> None:
    reader = to.reader
    method, of = last_name(reader, call), receiver(call)
    given_ = given(call, reader)
    args = list(given_.args)
    if method in ALL or method in ANY:
        junction(to, call, place, depth)
    elif method in NOT and args:
        read(to, args[0], turned(place), depth + 1)
    elif method in NOTHING:
        return
    elif method in TEXTS and args:
        fragment(to, literal(reader, args[0]))
    elif method in ("params", "bindparams", "self_group") and of is not None:
        read(to, of, place, depth + 1)
    elif method == "exists":
        return  # a query of its own
    elif of is not None and method in ("is_", "is_not", "isnot"):
        identity(to, of, args, method, place)
    elif method in ("any", "has") and of is not None:
        related(to, of, call, place, depth)
    elif method == "like" and of is not None:
        pattern = literal(reader, args[0]) if args else ""
        start = not pattern or KNOWN_START.match(pattern) is not None
        column = operand(reader, of)
        unknown = not pattern and not (args and begins_known(reader, args[0]))
        tell_or_lose(to, column, "search" if unknown or not start else "like", place)
    elif method in METHODS and of is not None:
        column = operand(reader, of)
        fixed = bool(args) and all(is_constant(reader, arg) for arg in args)
        several = method in ("in_", "notin_", "not_in")
        tell_or_lose(to, column, METHODS[method], place, constant=fixed and (several or fixed))
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


def begins_known(reader: PythonReader, node: Node) -> bool:
    """A pattern made here that does not begin with a wildcard: `f"{prefix}%"`, `prefix + "%"`."""
    text = reader.hint(bare(node)).lstrip("fFrRuU")
    return text[:2] not in ("'%", '"%', "'_", '"_') and text.rstrip("\"')")[-1:] == "%"


def tell_or_lose(
    to: Conditions, column: Operand | None, operator: str, place: Place, *, constant: bool = False
) -> None:
    if column is None:
        to.lost = True
    else:
        tell(to, column, operator, place, constant=constant)


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


def junction(to: Conditions, call: Node, place: Place, depth: int) -> None:
    """`and_(...)`, `or_(...)`, with what stands behind `*`."""
    reader = to.reader
    either = (last_name(reader, call) in ANY) != place.negated
    given_ = given(call, reader)
    parts = [arg for arg in given_.args if arg.type not in ("true", "false")]
    parts = [arg for arg in parts if not (arg.type == "call" and last_name(reader, arg) in NOTHING)]
    for splat in given_.splats:
        element = element_of(behind(reader, splat))
        if element is not None:
            inside = Place(place.negated, place.group, place.branch, either)
            read(to, element, inside if not parts or not either else place, depth + 1)
            continue
        listed = gathered(reader, splat)
        if listed is None or (either and listed.optional):
            to.lost = True
        else:
            parts += listed.fixed
            to.optional += listed.optional
    if either:
        alternatives(to, parts, place, depth)
    else:
        for part in parts:
            read(to, part, place, depth + 1)


def related(to: Conditions, of: Node, call: Node, place: Place, depth: int) -> None:
    """`User.orders.any(Order.total > 5)`, `Order.customer.has(name="x")`."""
    column = operand(to.reader, of)
    if column is None:
        to.lost = True
        return
    given_ = given(call, to.reader)
    target = f"{column.path}."
    inner = Conditions(to.reader, "", entities={column.model}, groups=to.groups)
    for arg in given_.args:
        read(inner, arg, Place(), depth + 1)
    owner = to.owner(column.model)
    for each in inner.found:
        if each.clause is Clause.FILTER and not each.alternative and each.model != column.model:
            to.add(
                msgspec.structs.replace(
                    each, path=target + each.path, model=owner, group=place.group,
                    branch=place.branch, alternative=place.group > 0,
                )
            )  # fmt: skip
    for key, value in given_.keywords.items():
        operator = "is-null" if value.type == "none" else "="
        fixed = is_constant(to.reader, value)
        to.add(
            Condition(
                target + key, operator, Clause.FILTER, "", place.group > 0, place.group,
                place.branch, fixed, owner,
            )
        )  # fmt: skip
    if not given_.args and not given_.keywords:
        to.add(Condition(column.path, "=", Clause.JOIN, model=owner))
    to.lost = to.lost or inner.lost


def fragment(to: Conditions, text: str) -> None:
    """A condition written in SQL: `text("age > :age")`."""
    if not text:
        to.lost = True
        return
    found = read_query(f"SELECT * FROM t WHERE {PARAMETER.sub('?', text)}", Span(1))
    if found is None or found.partial:
        to.lost = True
        return
    for each in found.predicates:
        if each.clause is Clause.FILTER:
            to.add(
                Condition(
                    each.column,
                    each.operator,
                    each.clause,
                    each.function,
                    each.alternative,
                    each.group,
                    each.branch,
                    each.constant,
                    each.table if each.table not in ("t", "") else "",
                )
            )


# -- order


def sorts(to: Conditions, args: Iterable[Node]) -> list[Condition] | None:
    """What `order_by` names; None where it takes back what was said before."""
    found: list[Condition] = []
    for arg in args:
        arg = bare(arg)
        if arg.type in ("none", "false"):
            return None
        for each in items(arg) or [arg]:
            one = sort(to, each)
            if one is None:
                return found  # what comes later only tells rows apart that are equal before
            found.append(one)
    return found


def sort(to: Conditions, node: Node) -> Condition | None:
    reader = to.reader
    node = bare(node)
    if node.type == "unary_operator":
        inner = node.child_by_field_name("argument")
        return sort(to, inner) if inner is not None else None
    column = operand(reader, node)
    if column is not None:
        if column.alias and column.model == to.model:
            return None
        return Condition(
            column.path, "sort", Clause.SORT, column.function, model=to.owner(column.model)
        )
    text = literal(reader, node) if node.type == "string" else ""
    if node.type == "call" and last_name(reader, node) in ("text", "desc", "asc", "literal_column"):
        args = given(node, reader).args
        text = literal(reader, args[0]) if args and args[0].type == "string" else ""
    words = text.split()
    if not words or len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        return None
    path = words[0].strip('"`').rpartition(".")[2]
    return Condition(path, "sort", Clause.SORT) if WORD.fullmatch(path) else None
