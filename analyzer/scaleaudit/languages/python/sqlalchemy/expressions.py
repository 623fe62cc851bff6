"""Conditions of `filter` and `where`: expressions of Python that stand for SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.python.sqlalchemy.comparing import compared, pattern_operator
from scaleaudit.languages.python.sqlalchemy.fragments import fragment
from scaleaudit.languages.python.sqlalchemy.gathering import (
    Conditions,
    Place,
    tell,
    tell_or_lose,
    turned,
)
from scaleaudit.languages.python.sqlalchemy.lists import (
    behind,
    element_of,
    fold_of,
    gathered,
    grown,
)
from scaleaudit.languages.python.sqlalchemy.made import condition_of, part_of
from scaleaudit.languages.python.sqlalchemy.operands import Operand, is_constant, operand
from scaleaudit.languages.python.sqlalchemy.syntax import (
    Given,
    bare,
    given,
    last_name,
    literal,
    receiver,
)

if TYPE_CHECKING:
    from tree_sitter import Node


MAX_DEPTH = 24
COMPARISONS = {"==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# What a local name may stand for that tells no condition.
UNTOLD = frozenset({"identifier", "none", "true", "false", "conditional_expression"})
NOTHING = frozenset({"true", "false", "null", "literal"})
TEXTS = frozenset({"text", "literal_column", "SQL"})
# peewee's signs for IN, IS NULL, ILIKE and LIKE.
SHORT = {"<<": "in", ">>": "is-null", "**": "search", "%": "search"}
ALL, ANY, NOT = frozenset({"and_"}), frozenset({"or_"}), frozenset({"not_"})


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


def name(to: Conditions, node: Node, place: Place, depth: int) -> None:
    """A column that is true or not, or a local name of a condition."""
    if node.type == "identifier":
        listed = grown(to.reader, node)
        if listed is None or listed.fixed[0].type in UNTOLD:
            to.lost = True
            return
        for each in listed.fixed:
            read(to, each, place, depth + 1)
        if place.negated or place.group:
            to.lost = to.lost or bool(listed.optional)
        else:
            to.optional += listed.optional
        return
    column = operand(to.reader, node)
    if column is None:
        to.lost = True
    else:
        tell(to, column, "is-true", place, constant=True)


def comparison(to: Conditions, node: Node, place: Place) -> None:
    sides = node.named_children
    sign = next((COMPARISONS[c.type] for c in node.children if c.type in COMPARISONS), "")
    if len(sides) != 2 or not sign:
        to.lost = True
        return
    reader, (one, two) = to.reader, (bare(sides[0]), bare(sides[1]))
    left, right = operand(reader, one), operand(reader, two)
    if left is not None and right is not None and both_columns(to, left, right):
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


def both_columns(to: Conditions, left: Operand, right: Operand) -> bool:
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
    if kind in SHORT and len(parts) == 2:
        operator = SHORT[kind]
        if kind in ("**", "%"):
            operator = pattern_operator(to.reader, parts[1], any_case=kind == "**")
        column = operand(to.reader, parts[0])
        tell_or_lose(to, column, operator, place, constant=is_constant(to.reader, parts[1]))
    elif kind not in ("&", "|"):
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


def junction(to: Conditions, call: Node, place: Place, depth: int) -> None:
    """`and_(...)`, `or_(...)`, with what stands behind `*`."""
    either = (last_name(to.reader, call) in ANY) != place.negated
    together(to, given(call, to.reader), place, depth, either=either)


def together(to: Conditions, given_: Given, place: Place, depth: int, *, either: bool) -> None:
    reader = to.reader
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
    elif method in ("any", "has") and of is not None:
        related(to, of, call, place, depth)
    elif (fold := fold_of(reader, call)) is not None:
        listed = Given(splats=(fold.parts,))
        together(to, listed, place, depth, either=fold.either != place.negated)
    elif not made(to, call, place, depth):
        compared(to, call, place)


def made(to: Conditions, call: Node, place: Place, depth: int) -> bool:
    """Whether a function of the project makes the condition, which is read where it stands."""
    if any(operand(to.reader, each) is not None for each in given(call, to.reader).args):
        return False  # of columns that it is given
    value = condition_of(to.reader, call)
    if value is not None:
        read(to, value, place, depth + 1)
        return True
    part = "" if place.negated or place.group else part_of(to.reader, call, to.model)
    if part:
        to.parts.append(part)
    return bool(part)


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
    to.lost = to.lost or inner.lost or bool(inner.parts)
