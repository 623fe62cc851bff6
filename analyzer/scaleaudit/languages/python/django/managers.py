"""Methods of managers and query sets: named parts of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, ScopeDefined
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.logic import laid_out
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.languages.python.django.nodes import bare
from scaleaudit.languages.python.django.queries import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.django.variables import Return

BASES = frozenset({"get_queryset", "get_query_set"})


def scopes_of(known: Known, one: ClassRead, told: set[int]) -> Iterator[ScopeDefined]:
    """What each method that returns narrowed rows of its own adds; ids of these chains go to `told`.

    What goes through a manager's `get_queryset` is told as a scope of that name.
    """
    for name, method in one.methods.items():
        returns = known.read(method).returns
        if not returns:
            continue
        found = [(each, rows_of(known, each.value)) for each in returns]
        own = [
            (each, rows)
            for each, rows in found
            if rows is not None and rows.own and rows.kind == "rows" and not rows.ended
        ]
        if not own:
            continue
        single = len(found) == 1 and not own[0][0].branch
        if not single:
            yield ScopeDefined(
                at=known.reader.span(method), framework=FRAMEWORK, owner=one.name, name=name,
                partial=True,
            )  # fmt: skip
            continue
        each, rows = own[0]
        told.add(bare(each.value).id)
        yield scope(known, one, name, each, rows)


def scope(known: Known, one: ClassRead, name: str, each: Return, rows: Rows) -> ScopeDefined:
    conditions: list[Condition] = laid_out(rows.asked.members, first_group=900)
    conditions += [Condition(s.path, "sort", Clause.SORT, s.function) for s in rows.sorts]
    return ScopeDefined(
        at=known.reader.span(each.value),
        framework=FRAMEWORK,
        owner=one.name,
        name=name,
        conditions=tuple(conditions),
        scopes=tuple(rows.scopes),
        limited=rows.limited,
        partial=rows.asked.partial or (rows.asked.narrowed and not rows.asked.members),
        text=shortened(known.reader, bare(each.value)),
    )
