"""What the queries of a repository ask of its tables, and how each is served."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from scaleaudit.architecture import Origin
from scaleaudit.index_use.sentences import conditions, sentence
from scaleaudit.record import Record
from scaleaudit.reports.schema_choice import SchemaChoice, chosen

if TYPE_CHECKING:
    from scaleaudit.architecture import Architecture, Site
    from scaleaudit.facts import Predicate, QueryFound
    from scaleaudit.index_use import Verdict
    from scaleaudit.schema import Index, Table


class State(StrEnum):
    """`open`: no index is missed, but none helps either, or a part of the query is not known."""

    SERVED = "served"
    MISSING = "missing"
    OPEN = "open"


COUNTED = (Origin.HANDLER, Origin.UNKNOWN, Origin.JOB, Origin.ADMIN)


class Asked(Record, frozen=True):
    """One way in which queries ask for rows of a table, with all places that ask so."""

    table: Table
    conditions: str
    state: State
    why: str
    index: Index | None
    columns: tuple[str, ...]  # of the index that would serve
    sites: tuple[Site[QueryFound], ...]


def asked_tables(
    architecture: Architecture, choice: SchemaChoice
) -> list[tuple[Table, list[Asked]]]:
    """Every table of the choice with what is asked of it, the missing first.

    Queries of tests and migrations are left out. Raises `UnknownTableError`.
    """
    tables = {table.name: table for table in chosen(architecture.schema, choice)}
    found: dict[str, dict[tuple[str, State, tuple[str, ...]], list[Asked]]] = {}
    for site, mentions in architecture.judged_queries:
        if site.origin not in COUNTED:
            continue
        query = site.fact
        for judged in mentions:
            if judged.table.name not in tables:
                continue
            verdict = judged.verdict
            said = conditions(judged.predicates) or "all rows"
            one = Asked(
                judged.table, said, state(verdict, partial=query.partial),
                why(verdict, judged.predicates, partial=query.partial),
                verdict.index if verdict.served else None, verdict.columns, (site,),
            )  # fmt: skip
            key = said, one.state, one.columns
            found.setdefault(judged.table.name, {}).setdefault(key, []).append(one)
    rank = {State.MISSING: 0, State.OPEN: 1, State.SERVED: 2}
    result = []
    for name, table in tables.items():
        ways = [together(each) for each in found.get(name, {}).values()]
        ways.sort(key=lambda way: (rank[way.state], -len(way.sites), way.conditions))
        result.append((table, ways))
    return result


def state(verdict: Verdict, *, partial: bool) -> State:
    if verdict.is_problem:
        return State.OPEN if partial else State.MISSING
    return State.SERVED if verdict.index is not None else State.OPEN


def why(verdict: Verdict, predicates: tuple[Predicate, ...], *, partial: bool) -> str:
    said = sentence(verdict, predicates)
    lost = partial and verdict.is_problem
    return f"a part of the query is not known; of the rest: {said}" if lost else said


def together(ways: list[Asked]) -> Asked:
    first = ways[0]
    sites = sorted((site for way in ways for site in way.sites), key=lambda site: site.at)
    return Asked(
        first.table, first.conditions, first.state, first.why, first.index, first.columns,
        tuple(sites),
    )  # fmt: skip
