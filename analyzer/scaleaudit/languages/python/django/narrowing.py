"""What narrows rows of other files: functions that are handed them, classes that views are made of.

`orders = open_only(orders)` and `class OpenOrders(OpenMixin, ListView)` name no more than a function
or a class. What it does is told as a part of queries, `open_only()` or `get_queryset()` of the class;
what it does in some of its runs, as options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ANY_RELATION,
    BY_CALL,
    Clause,
    Condition,
    ManagerDefined,
    ScopeDefined,
    ScopeOption,
)
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.python.django.chains import split
from scaleaudit.languages.python.django.known import MAX_SPENT, Rows
from scaleaudit.languages.python.django.logic import OF_NARROWING, laid_out
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.nodes import bare
from scaleaudit.languages.python.django.results import is_nothing
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known
    from scaleaudit.languages.python.django.variables import FunctionRead

MAX_OPTIONS = 20
MAX_RETURNS = 8
MAX_TEXT = 200
# Which parameter of a method is handed the rows.
METHODS = {"get_queryset": "", "filter_queryset": "queryset"}
PARTS_OF_VIEWS = regex(r"(?:Mixin|View|ViewSet|Viewset|Base|Admin)(?:\[.*\])?$|^Base[A-Z]")


def narrowings(known: Known, chains: Sequence[Node]) -> Iterator[ScopeDefined | ManagerDefined]:
    begun = begun_at(known, chains)
    for name, function in known.module_functions.items():
        found = []
        for parameter in sorted(begun.get(function.id, ())):
            told = lent(known, function, parameter, f"{name}{BY_CALL}")
            if told is not None:
                found.append(told)
        if len(found) == 1:
            yield found[0]
    for name, one in known.by_name.items():
        if name in known.models or name in known.managers or name in known.class_models:
            continue
        several = [
            told
            for method, parameter in METHODS.items()
            if method in one.methods
            and (told := of_class(known, one, method, parameter)) is not None
        ]
        yield from several
        if several or any(PARTS_OF_VIEWS.search(base) for base in one.bases):
            yield ManagerDefined(known.reader.span(one.node), FRAMEWORK, name, one.bases)


def begun_at(known: Known, chains: Sequence[Node]) -> dict[int, set[str]]:
    """The parameters of each function that chains begin with."""
    found: dict[int, set[str]] = {}
    for chain in chains:
        root, steps = split(known.reader, chain)
        if root.type != "identifier" or not steps or steps[0].kind != "call":
            continue
        function = known.reader.function_around(chain)
        if function is not None and function.type == "function_definition":
            name = known.reader.text(root)
            if name in known.read(function).parameters:
                found.setdefault(function.id, set()).add(name)
    return found


def of_class(known: Known, one: ClassRead, method: str, parameter: str) -> ScopeDefined | None:
    known.lent_class = one.name
    try:
        return lent(known, one.methods[method], parameter, f"{method}{BY_CALL}", one.name)
    finally:
        known.lent_class = ""


def lent(
    known: Known, function: Node, parameter: str, name: str, owner: str = ""
) -> ScopeDefined | None:
    """Read as if the rows were there: what is found so is of no use to anything else."""
    rows, later = known.rows, known.later
    known.rows, known.later, known.lent = {}, {}, (function.id, parameter)
    try:
        return narrowing(known, function, name, owner)
    finally:
        known.rows, known.later, known.lent = rows, later, (0, "")


def narrowing(known: Known, function: Node, name: str, owner: str) -> ScopeDefined | None:
    read = known.read(function)
    returns = [each for each in read.returns if not is_nothing(known, each.value)]
    if not 0 < len(returns) <= MAX_RETURNS or known.spent > MAX_SPENT:
        return None
    found = [(each, known.evaluate(each.value)) for each in returns]
    own = [(each, rows) for each, rows in found if rows is not None and is_handed(rows)]
    if not own:
        return None
    partial = len(own) < len(found) or any(
        bare(each.value).type == "conditional_expression" for each, _ in own
    )
    last, rows = own[-1]
    options: list[tuple[Node, Rows]] = []
    if len(own) > 1 or last.branch:
        asking = [(each.value, some) for each, some in own if some.asked.members or some.scopes]
        partial = partial or len(asking) == len(own)
        options, rows = asking, Rows.handed()
    options += in_branches(known, read, last.branch)
    return ScopeDefined(
        at=known.reader.span(function),
        framework=FRAMEWORK,
        owner=owner,
        name=name,
        conditions=(*laid_out(rows.asked.members, OF_NARROWING), *orders(rows)),
        scopes=tuple(rows.scopes),
        limited=rows.limited,
        partial=partial or rows.asked.partial or (rows.asked.narrowed and not rows.asked.members),
        text=shown(known, last.value),
        eager=(ANY_RELATION,),
        implied=True,
        options=tuple(more(known, node, some, rows) for node, some in options[:MAX_OPTIONS]),
    )


def is_handed(rows: Rows) -> bool:
    return rows.own and rows.kind == "rows" and not (rows.ended or rows.model or rows.via)


def in_branches(
    known: Known, read: FunctionRead, here: tuple[int, ...]
) -> Iterator[tuple[Node, Rows]]:
    """`if status: orders = orders.filter(status=status)`: what only some runs add."""
    for several in read.given.values():
        for given in several:
            if given.kind != "=" or given.branch == here[: len(given.branch)]:
                continue
            rows = known.evaluate(given.value)
            if rows is None or not is_handed(rows) or not rows.asked.members:
                continue
            if not (rows.asked.partial or rows.asked.narrowed):
                yield given.value, rows


def more(known: Known, node: Node, rows: Rows, always: Rows) -> ScopeOption:
    asked = [each for each in rows.asked.members if each not in always.asked.members]
    return ScopeOption(
        known.reader.span(node),
        shown(known, node),
        tuple(laid_out(asked, OF_NARROWING)),
        tuple(each for each in rows.scopes if each not in always.scopes),
    )


def orders(rows: Rows) -> Iterator[Condition]:
    for each in rows.sorts:
        yield Condition(each.path, "sort", Clause.SORT, each.function)


def shown(known: Known, node: Node) -> str:
    return excerpt(known.reader.content, bare(node), MAX_TEXT)
