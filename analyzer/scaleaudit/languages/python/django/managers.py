"""Methods of managers and query sets: named parts of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ANY_RELATION, Clause, Condition, ManagerDefined, ScopeDefined
from scaleaudit.languages.python.django.classes import managers_in
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.logic import OF_MANAGERS, laid_out
from scaleaudit.languages.python.django.made_query_sets import made_by
from scaleaudit.languages.python.django.methods import REDEFINED
from scaleaudit.languages.python.django.models import FRAMEWORK, MANAGER_NAME
from scaleaudit.languages.python.django.nodes import bare
from scaleaudit.languages.python.django.queries import shortened
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.django.variables import Return

PLAIN = regex(r"(?:^|\.)models\.(?:Manager|QuerySet)$|^(?:QuerySet|Manager)$")
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
            if name in REDEFINED:  # else it would be taken for Django's
                yield ScopeDefined(
                    at=known.reader.span(method), framework=FRAMEWORK, owner=one.name, name=name,
                    partial=True, eager=(ANY_RELATION,),
                )  # fmt: skip
            continue
        single = len(found) == 1 and not own[0][0].branch
        if not single:
            yield ScopeDefined(
                at=known.reader.span(method), framework=FRAMEWORK, owner=one.name, name=name,
                partial=True, eager=(ANY_RELATION,),
            )  # fmt: skip
            continue
        each, rows = own[0]
        told.add(bare(each.value).id)
        yield scope(known, one, name, each, rows)


def scope(known: Known, one: ClassRead, name: str, each: Return, rows: Rows) -> ScopeDefined:
    conditions: list[Condition] = laid_out(rows.asked.members, OF_MANAGERS)
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
        eager=tuple(rows.eager),
    )


def managed(known: Known, one: ClassRead) -> Iterator[ScopeDefined]:
    """What each manager of a model leaves out: `published = PublishedManager()`.

    The first, by its name, serves every query that names none.
    """
    reader = known.reader
    for name, value in one.attributes.items():
        if value.type != "call":
            continue
        callee = reader.callee(value)
        if callee not in known.managers and not MANAGER_NAME.search(callee):
            continue
        named = [
            each for each in managers_in(reader, value, known.by_name) if not PLAIN.search(each)
        ]
        classes = [known.by_name.get(each) for each in named]
        found = [each for each in classes if each is not None]
        narrowed = next((each for each in found if BASES & each.methods.keys()), None)
        if narrowed is None:
            plain = all(map(is_plain, found)) and len(found) == len(classes)
            plain = plain or callee.endswith(".as_manager")  # a query set begins with all rows
            if name != "objects" or not plain:
                yield ScopeDefined(
                    at=reader.span(value), framework=FRAMEWORK, owner=one.name, name=name,
                    scopes=() if plain else (f"{named[0]}.get_queryset",), always=name == "objects",
                )  # fmt: skip
            continue
        method = next(narrowed.methods[each] for each in sorted(BASES & narrowed.methods.keys()))
        returns = known.read(method).returns
        rows = known.evaluate(returns[0].value) if len(returns) == 1 else None
        if rows is None or not rows.own or rows.ended:
            continue
        told = scope(known, narrowed, name, returns[0], rows)
        yield replace(told, owner=one.name, always=name == "objects", scopes=())


def defined_managers(known: Known) -> Iterator[ManagerDefined]:
    """The managers and query sets of the file, and what each inherits from."""
    reader = known.reader
    for name in sorted(known.managers):
        one = known.by_name[name]
        above = dict.fromkeys((*one.bases, *made_by(known, one)))
        yield ManagerDefined(reader.span(one.node), FRAMEWORK, name, tuple(above))
    if b".from_queryset(" not in reader.content:
        return
    for name, value in reader.module_values.items():
        if value.type == "call" and reader.callee(value).endswith(".from_queryset"):
            bases = tuple(managers_in(reader, value, known.by_name))
            yield ManagerDefined(reader.span(value), FRAMEWORK, name, bases)


def is_plain(one: ClassRead) -> bool:
    """Nothing above it can leave rows out."""
    return all(PLAIN.search(base.partition("[")[0]) for base in one.bases)
