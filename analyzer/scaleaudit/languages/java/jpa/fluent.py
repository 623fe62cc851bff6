"""Conditions written as calls on typed columns, as jOOQ and Querydsl do: `ORDERS.CODE.eq(code)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Clause
from scaleaudit.languages.java.jpa.restrictions import NEGATED, SIDES, is_constant
from scaleaudit.record import Gathering, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_STEPS = 2_000  # expressions looked at for one query
INFIX = 3  # a word between its two sides: `Orders.code eq code`
MAX_DEPTH = 60  # of conditions joined by `and`
OPERATORS = {
    "eq": "=", "equal": "=", "ne": "!=", "notEqual": "!=", "lt": "<", "lessThan": "<", "le": "<=",
    "lessOrEqual": "<=", "loe": "<=", "gt": ">", "greaterThan": ">", "ge": ">=", "greaterOrEqual": ">=",
    "goe": ">=", "between": "between", "in": "in", "`in`": "in", "notIn": "not-in", "isNull": "is-null",
    "isNotNull": "is-not-null", "isTrue": "is-true", "isFalse": "is-true", "before": "<", "after": ">",
    "like": "search", "contains": "search", "startsWith": "like", "endsWith": "search",
    "likeIgnoreCase": "search", "containsIgnoreCase": "search", "matches": "search",
    "neq": "!=", "less": "<", "lessEq": "<=", "greater": ">", "greaterEq": ">=", "inList": "in", "notInList": "not-in",
    "inSubQuery": "in", "notInSubQuery": "not-in", "notLike": "!=",
    "equalIgnoreCase": "=", "equalsIgnoreCase": "=", "startsWithIgnoreCase": "like",
}  # fmt: skip
FUNCTIONS = frozenset({"lower", "upper", "trim", "toLowerCase", "toUpperCase", "cast", "castToNum",
                       "date", "year", "month", "dayOfMonth", "stringValue", "length", "coalesce", "lowerCase", "upperCase"})  # fmt: skip
SAME_FUNCTION = {
    "lowerCase": "lower",
    "upperCase": "upper",
    "toLowerCase": "lower",
    "toUpperCase": "upper",
    "stringValue": "cast",
    "castToNum": "cast",
}


class Column(Record, frozen=True):
    """`owner` is a table or a class."""

    owner: str
    path: str
    function: str = ""


class Compared(Record, frozen=True):
    column: Column
    operator: str
    clause: Clause = Clause.FILTER
    alternative: bool = False
    group: int = 0
    branch: int = 0
    constant: bool = False


class Asked(Gathering):
    """What the conditions of one query ask; `lost`: one of them is not known."""

    compared: list[Compared] = msgspec.field(default_factory=list)
    groups: int = 0
    lost: bool = False
    left: list[int] = msgspec.field(
        default_factory=lambda: [MAX_STEPS]
    )  # shared with what is inside


def condition(
    reader: JvmReader,
    node: Node,
    resolve: Callable[[Node], Column | None],
    asked: Asked,
    depth: int = 0,
) -> None:
    """Adds what an expression asks."""
    asked.left[0] -= 1
    if depth > MAX_DEPTH or asked.left[0] < 0:
        asked.lost = True
        return
    if node.type in ("parenthesized_expression", "spread_expression") and node.named_children:
        condition(reader, node.named_children[0], resolve, asked, depth + 1)
        return
    if node.type == "identifier":
        made = reader.local(reader.text(node), node)
        if made is None:
            asked.lost = True
        else:
            condition(reader, made, resolve, asked, depth + 1)
        return
    if (
        node.type == "navigation_expression" and len(node.named_children) > 1
    ):  # `x.isNull` in Kotlin
        last = reader.text(node.named_children[-1])
        compare(reader, last, node.named_children[0], [], resolve, asked)
        return
    if node.type == "infix_expression" and len(node.named_children) == INFIX:
        one, word, other = node.named_children
        joint = reader.text(word)
        if joint in ("and", "or"):
            combined(reader, [one, other], resolve, asked, depth, either=joint == "or")
        else:
            compare(reader, joint, one, [other], resolve, asked)
        return
    if not reader.is_call(node):
        asked.lost = True
        return
    name, args = reader.chain(node)[-1].name, reader.arguments_of(node)
    receiver = receiver_of(node)
    if name in ("and", "or", "allOf", "anyOf"):
        left = [receiver] if receiver is not None and is_condition(reader, receiver) else []
        combined(reader, [*left, *args], resolve, asked, depth, either=name in ("or", "anyOf"))
        return
    if name == "not":
        inner = Asked(groups=asked.groups, left=asked.left)
        of = args[0] if args else receiver
        if of is not None:
            condition(reader, of, resolve, inner, depth + 1)
        asked.lost |= inner.lost
        asked.compared += [
            replace(each, operator=NEGATED.get(each.operator, "!=")) for each in inner.compared
        ]
        return
    if name in ("noCondition", "trueCondition"):
        return
    compare(reader, name, receiver, args, resolve, asked)


def is_condition(reader: JvmReader, node: Node) -> bool:
    """Not a class or a package before `and(a, b)`."""
    return reader.is_call(node) or reader.text(node)[:1].islower()


def compare(
    reader: JvmReader,
    name: str,
    receiver: Node | None,
    args: list[Node],
    resolve: Callable[[Node], Column | None],
    asked: Asked,
) -> None:
    operator = OPERATORS.get(name, "")
    column = column_of(reader, receiver, resolve) if receiver is not None else None
    if column is None or not operator:
        asked.lost = True
        return
    other = column_of(reader, args[0], resolve) if len(args) == 1 else None
    if other is not None:
        if operator == "=" and other.owner != column.owner:
            asked.compared.append(Compared(column, "=", Clause.JOIN))
            asked.compared.append(Compared(other, "=", Clause.JOIN))
        return
    if "IgnoreCase" in name:
        column = Column(column.owner, column.path, "lower")
    constant = bool(args) and is_constant(reader, args[0])
    asked.compared.append(Compared(column, operator, constant=constant))


def column_of(
    reader: JvmReader, node: Node, resolve: Callable[[Node], Column | None]
) -> Column | None:
    """A column, or a function of one."""
    if not reader.is_call(node):
        return resolve(node)
    name, args = reader.chain(node)[-1].name, reader.arguments_of(node)
    if name not in FUNCTIONS:
        return resolve(node)
    for inner in (receiver_of(node), *args):
        found = resolve(inner) if inner is not None else None
        if found is not None:
            return Column(found.owner, found.path, SAME_FUNCTION.get(name, name))
    return None


def combined(
    reader: JvmReader,
    sides: list[Node],
    resolve: Callable[[Node], Column | None],
    asked: Asked,
    depth: int,
    *,
    either: bool,
) -> None:
    if not either or len(sides) < 2:
        for side in sides:
            condition(reader, side, resolve, asked, depth + 1)
        return
    asked.groups += 1
    group = asked.groups
    for number, side in enumerate(sides, 1):
        inner = Asked(groups=asked.groups, left=asked.left)
        condition(reader, side, resolve, inner, depth + 1)
        asked.groups, asked.lost = inner.groups, asked.lost or inner.lost
        nested = bool(inner.compared) and all(each.alternative for each in inner.compared)
        asked.compared += [
            replace(
                each,
                alternative=True,
                group=group,
                branch=number * SIDES + each.branch if nested else number,
            )
            for each in inner.compared
        ]


def receiver_of(call: Node) -> Node | None:
    """What a method is called on."""
    found = call.child_by_field_name("object")
    if found is not None or not call.named_children:
        return found
    callee = call.named_children[0]
    if callee.type == "call_expression":  # a call with a lambda behind it
        return receiver_of(callee)
    return callee.named_children[0] if callee.type == "navigation_expression" else None
