"""Functions and methods that hand out rows of a model to callers in other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, RowsGiven
from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.languages.python.django.logic import laid_out
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.results import returned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows


def rows_given(known: Known, chains: Sequence[Node]) -> Iterator[RowsGiven]:
    """Of functions of the module, and of methods of classes that are no managers and no views."""
    done: set[int] = set()
    for chain in chains:
        function = known.reader.function_around(chain)
        if function is None or function.id in done:
            continue
        done.add(function.id)
        name = public_name(known, function)
        if not name or known.spent >= MAX_SPENT:
            continue
        rows = returned(known, function)
        if rows is None or rows.kind != "rows" or rows.ended or not rows.model:
            continue
        if rows.own or rows.borrowed:
            continue
        yield given(known, function, name, rows)


def public_name(known: Known, function: Node) -> str:
    """`open_orders`, `Order.open`; empty where no other file is likely to call it."""
    name = known.reader.definition_name(function)
    if known.module_functions.get(name) == function:
        return name
    own = known.class_around(function)
    if own is None or own.name in known.managers or name.startswith("__"):
        return ""
    if own.name in known.class_models or own.methods.get(name) != function:
        return ""
    return f"{own.name}.{name}"


def given(known: Known, function: Node, name: str, rows: Rows) -> RowsGiven:
    conditions: list[Condition] = laid_out(rows.asked.members)
    conditions += [Condition(s.path, "sort", Clause.SORT, s.function) for s in rows.sorts]
    return RowsGiven(
        at=known.reader.span(function),
        framework=FRAMEWORK,
        name=name,
        model=rows.model,
        via=rows.via,
        conditions=tuple(conditions),
        scopes=tuple(rows.scopes),
        limited=rows.limited,
        partial=rows.asked.partial or (rows.asked.narrowed and not rows.asked.members),
    )
