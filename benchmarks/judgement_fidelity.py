"""Whether "an index serves this" is what a real PostgreSQL and a real MariaDB say.

    python benchmarks/judgement_fidelity.py [--show]

Some hundred queries are judged by `index_use`, and are explained by servers of our own that are kept
from reading tables whole where an index can be used. The server serves a query by an index when its
plan enters the index by its first column, uses a partial index, or reads rows in the order asked
without sorting them. Printed is the table of agreement, with `--show` each difference.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import judgement_mariadb
import judgement_postgres
import mariadb_server
import postgres_server

from scaleaudit.facts import FileFacts
from scaleaudit.index_use import Why, judge_query
from scaleaudit.schemas.replay import replay
from scaleaudit.source import Span
from scaleaudit.sql import read_query, read_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import ModuleType

    from mariadb_server import MariaDB
    from postgres_server import Postgres

    from scaleaudit.schema import Schema

COLUMNS = {
    "id": "7", "owner_id": "7", "token": "'t7'", "email": "'e7'", "label": "'l7'", "amount": "7",
    "room_id": "7", "happened_at": "'2026-01-01'", "seen_at": "'2026-01-01'", "note": "'n7'", "phase": "'p7'",
}  # fmt: skip
TEXTS = ("token", "email", "label", "note", "phase")


class Engine(NamedTuple):
    plans: ModuleType
    server: Callable[[], AbstractContextManager[Any]]
    dialect: str


ENGINES = {
    "PostgreSQL": Engine(judgement_postgres, postgres_server.server, "postgres"),
    "MariaDB": Engine(judgement_mariadb, mariadb_server.server, "mysql"),
}
SERVED = (Why.INDEX, Why.UNIQUE, Why.ALTERNATIVES, Why.ORDER)


class Compared(NamedTuple):
    query: str
    table: str
    why: Why
    served: bool  # as judged
    really: bool  # by the server


def conditions() -> Iterator[str]:
    """What follows WHERE; values are parameters for the judge, constants for the server."""
    for column in COLUMNS:
        for test in ("= ?", "IN (?, ?)", "> ?", "BETWEEN ? AND ?", "<> ?", "IS NULL"):
            yield f"{column} {test}"
    for column in TEXTS:
        yield from (f"{column} LIKE 'a%'", f"{column} LIKE '%a'", f"lower({column}) = ?")
    yield from ("date(happened_at) = ?", "owner_id + 1 = ?", "coalesce(room_id, 0) = ?")
    for one, two in permutations(COLUMNS, 2):
        yield f"{one} = ? AND {two} > ?"
        if one < two:
            yield from (f"{one} = ? AND {two} = ?", f"{one} = ? OR {two} = ?")


def orders() -> Iterator[str]:
    for column in COLUMNS:
        yield f"SELECT id FROM events ORDER BY {column} LIMIT 5"
        yield f"SELECT id FROM events ORDER BY {column} DESC LIMIT 5"
        yield f"SELECT id FROM events WHERE phase = ? ORDER BY {column} LIMIT 5"


def joins() -> Iterator[str]:
    for column in COLUMNS:
        yield f"SELECT e.id FROM rooms r JOIN events e ON e.room_id = r.id WHERE e.{column} = ?"
    yield "SELECT e.id FROM rooms r JOIN events e ON e.room_id = r.id WHERE r.code = ?"
    yield "SELECT e.id FROM rooms r JOIN events e ON e.room_id = r.id WHERE r.floor_number = ?"


def queries() -> list[str]:
    return [*(f"SELECT id FROM events WHERE {c}" for c in conditions()), *orders(), *joins()]


def with_values(query: str) -> str:
    """The query with a value for each parameter, by the column before it."""
    found = query
    while "?" in found:
        before, _, after = found.partition("?")
        named = re.findall(r"\b(" + "|".join((*COLUMNS, "code", "floor_number")) + r")\b", before)
        value = {"code": "'c7'", "floor_number": "7"}.get(named[-1]) or COLUMNS[named[-1]]
        if "date(" in before[-30:]:
            value = "date '2026-01-01'"
        found = f"{before}{value}{after}"
    return found


def judged(query: str, schema: Schema, dialect: str) -> dict[str, tuple[bool, Why]]:
    """For each table whether an index serves what is asked of it."""
    fact = read_query(query, Span(1), dialect=dialect)
    assert fact is not None
    tables = [schema.tables[name] for name in fact.reads]
    return {
        each.table.name: (each.verdict.why in SERVED, each.verdict.why)
        for each in judge_query(fact.predicates, tables, fact.limited)
        if each.verdict.why is not Why.NOTHING_ASKED
    }


def compared(engine: Engine, running: Postgres | MariaDB) -> Iterator[Compared]:
    dialect = engine.dialect
    facts = FileFacts(tuple(read_schema(engine.plans.DDL, dialect=dialect)))
    schema = replay([(f"db/{dialect}/schema.sql", facts)])
    asked = queries()
    plans = engine.plans.served(running, [with_values(query) for query in asked])
    for query, known in zip(asked, plans, strict=True):
        if dialect == "mysql" and ("<>" in query or impossible(query, schema)):
            continue  # it reads two ranges for <>; what no row can be it does not plan
        for table, (served, why) in judged(query, schema, dialect).items():
            yield Compared(query, table, why, served, known.get(table, False))


def impossible(query: str, schema: Schema) -> bool:
    """`WHERE id IS NULL` on a column that never is."""
    tested = re.findall(r"(\w+) IS NULL", query)
    found = [schema.tables["events"].column(name) for name in tested]
    return any(column is not None and not column.nullable for column in found)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="list each difference")
    chosen = parser.parse_args()
    done = False
    for name, engine in ENGINES.items():
        try:
            with engine.server() as running:
                rows = list(compared(engine, running))
        except RuntimeError as error:
            print(f"{name}: not run: {error}", file=sys.stderr)
            continue
        done = True
        report(name, rows, show=chosen.show)
    return 0 if done else 1


def report(name: str, rows: list[Compared], *, show: bool) -> None:
    counts = Counter((row.served, row.really) for row in rows)
    agreed = counts[True, True] + counts[False, False]
    print(f"{len(rows)} judgements, {agreed} as {name} ({agreed / len(rows):.1%})\n")
    print(f"| judged | {name}: index | {name}: none |\n|---|---|---|")
    print(f"| served | {counts[True, True]} | {counts[True, False]} |")
    print(f"| not served | {counts[False, True]} | {counts[False, False]} |\n")
    for row in rows if show else ():
        if row.served != row.really:
            said = "served" if row.served else "not served"
            print(f"{said} ({row.why}) on {row.table}: {row.query}")


if __name__ == "__main__":
    sys.exit(main())
