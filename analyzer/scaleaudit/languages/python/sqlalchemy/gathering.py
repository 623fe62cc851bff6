"""What is gathered from the expressions of one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.operands import Operand

MAX_CONDITIONS = 60  # of one query
NEGATED = {
    "=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not-in",
    "not-in": "in", "is-null": "is-not-null", "is-not-null": "is-null", "is-true": "is-true",
    "like": "!=", "search": "!=", "contains": "!=", "between": "!=",
}  # fmt: skip


class Conditions(Gathering):
    """What is gathered from the expressions of one query."""

    reader: PythonReader
    model: str  # where the query starts, as written
    found: list[Condition] = msgspec.field(default_factory=list)
    entities: set[str] = msgspec.field(default_factory=set)  # classes that the query names
    groups: int = 0
    lost: bool = False
    optional: list[Node] = msgspec.field(default_factory=list)  # conditions of some branches
    parts: list[str] = msgspec.field(default_factory=list)  # conditions that other files make

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


def turned(place: Place) -> Place:
    return Place(not place.negated, place.group, place.branch, place.each)


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


def tell_or_lose(
    to: Conditions, column: Operand | None, operator: str, place: Place, *, constant: bool = False
) -> None:
    if column is None:
        to.lost = True
    else:
        tell(to, column, operator, place, constant=constant)
