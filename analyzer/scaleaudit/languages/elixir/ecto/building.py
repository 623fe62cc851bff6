"""A query while it is put together: where it starts, what it asks, what its short names mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

MAX_CONDITIONS = 60  # of one query


class Bound(Gathering):
    """What `u` stands for: rows of the query's start, of a relation of it, of another schema."""

    path: tuple[str, ...] = ()
    model: str = ""  # another schema, joined by a condition
    known: bool = True


UNBOUND = Bound(known=False)


class Query(Gathering):
    """Never changed once made: each step makes another."""

    start: Node
    model: str = ""
    table: str = ""  # where a text names it
    via: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    bound: tuple[Bound, ...] = ()
    names: dict[str, Bound] = msgspec.field(default_factory=dict)  # `as: :user`
    loads: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    partial: bool = False
    skips: bool = False
    shuffled: bool = False
    given: bool = False  # by whoever calls the function
    groups: int = 0  # ORs so far

    @property
    def known(self) -> bool:
        return bool(self.model or self.table or self.via)

    def asking(self, conditions: Iterable[Condition], groups: int = 0) -> Query:
        more = (*self.conditions, *conditions)[:MAX_CONDITIONS]
        return replace(self, conditions=more, groups=groups or self.groups)

    def joining(self, bound: Bound, name: str = "") -> Query:
        names = {**self.names, name: bound} if name else self.names
        return replace(self, bound=(*self.bound, bound), names=names)


def begun(start: Node, *, model: str = "", table: str = "", via: tuple[str, ...] = ()) -> Query:
    return Query(start, model, table, via, bound=(Bound(),))


def condition(
    bound: Bound,
    column: str,
    operator: str,
    clause: Clause = Clause.FILTER,
    *,
    function: str = "",
    constant: bool = False,
) -> Condition:
    path = ".".join((*bound.path, column)) if column else ".".join(bound.path)
    return Condition(path, operator, clause, function, constant=constant, model=bound.model)
