"""Whether "an index serves this" is what a real PostgreSQL says.

    python benchmarks/judgement_fidelity.py [--show]

Some hundred queries over the tables below are judged by `index_use`, and are explained by a server
of our own (`postgres_server.py`) with sequential scans disabled. The server serves a query by an index
when its plan enters the index by its first column, uses a partial index, or reads rows in the
order asked without sorting them. Printed is the table of agreement, with `--show` each difference.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from postgres_server import Postgres, server

from scaleaudit.facts import FileFacts
from scaleaudit.index_use import Why, judge_query
from scaleaudit.schemas.replay import replay
from scaleaudit.source import Span
from scaleaudit.sql import read_query, read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.schema import Schema

DDL = """\
CREATE TABLE events (
    id bigserial PRIMARY KEY,
    owner_id bigint NOT NULL,
    token text NOT NULL UNIQUE,
    email text NOT NULL,
    label text NOT NULL,
    amount integer NOT NULL,
    room_id bigint,
    happened_at timestamptz NOT NULL,
    seen_at timestamptz,
    note text,
    phase text NOT NULL
);
CREATE INDEX events_owner ON events (owner_id, happened_at);
CREATE INDEX events_label ON events (label);
CREATE INDEX events_email ON events (lower(email));
CREATE INDEX events_room ON events (room_id) WHERE room_id IS NOT NULL;
CREATE INDEX events_three ON events (amount, label, seen_at);
CREATE INDEX events_note ON events USING hash (note);
CREATE INDEX events_happened ON events USING brin (happened_at);
CREATE TABLE rooms (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE, floor_number integer NOT NULL);
"""
ROWS = """\
INSERT INTO events (owner_id, token, email, label, amount, room_id, happened_at, seen_at, note, phase)
SELECT i % 500, 't' || i, 'e' || i, 'l' || (i % 900), i % 700, nullif(i % 300, 0),
       now() - i * interval '1 minute', now() - i * interval '1 hour', 'n' || (i % 800), 'p' || (i % 950)
FROM generate_series(1, 20000) AS i;
INSERT INTO rooms (code, floor_number) SELECT 'c' || i, i % 40 FROM generate_series(1, 2000) AS i;
ANALYZE;
"""
COLUMNS = {
    "id": "7", "owner_id": "7", "token": "'t7'", "email": "'e7'", "label": "'l7'", "amount": "7",
    "room_id": "7", "happened_at": "'2026-01-01'", "seen_at": "'2026-01-01'", "note": "'n7'", "phase": "'p7'",
}  # fmt: skip
TEXTS = ("token", "email", "label", "note", "phase")
SERVED = (Why.INDEX, Why.UNIQUE, Why.ALTERNATIVES, Why.ORDER)


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
            value = "'2026-01-01'::date"
        found = f"{before}{value}{after}"
    return found


def judged(query: str, schema: Schema) -> dict[str, tuple[bool, Why]]:
    """For each table whether an index serves what is asked of it."""
    fact = read_query(query, Span(1), dialect="postgres")
    assert fact is not None
    tables = [schema.tables[name] for name in fact.reads]
    return {
        each.table.name: (each.verdict.why in SERVED, each.verdict.why)
        for each in judge_query(fact.predicates, tables, fact.limited)
        if each.verdict.why is not Why.NOTHING_ASKED
    }


def explained(plan: dict[str, Any], leading: dict[str, str]) -> dict[str, bool]:
    """For each table whether the plan enters an index of it by its first column.

    Of the sides of an OR each must; rows read in the order asked count when none is thrown away.
    """
    found: dict[str, bool] = {}

    def entered(node: dict[str, Any]) -> bool:
        inner = [entered(each) for each in node.get("Plans", ())]
        if node["Node Type"] == "BitmapOr":
            return all(inner)
        index = node.get("Index Name")
        return any(inner) or (index is not None and leading[index] in node.get("Index Cond", ""))

    def walk(node: dict[str, Any], *, ordered: bool) -> None:
        table = node.get("Relation Name")
        if table is not None:
            walked = ordered and node["Node Type"].startswith("Index") and "Filter" not in node
            found[table] = found.get(table, False) or entered(node) or walked
            return
        for inner in node.get("Plans", ()):
            walk(inner, ordered=ordered and node["Node Type"] in ("Limit", "Result"))

    walk(plan, ordered="Limit" in plan["Node Type"])
    return found


def compared(running: Postgres) -> Iterator[tuple[str, str, Why, bool, bool]]:
    """(query, table, why, judged as served, served by the server)."""
    running.run(DDL + ROWS)
    facts = FileFacts(tuple(read_schema(DDL)))
    schema = replay([("db/schema.sql", facts)])
    rows = running.run(
        "SELECT indexrelid::regclass || ' ' || pg_get_indexdef(indexrelid, 1, true) FROM pg_index"
        " WHERE indrelid IN ('events'::regclass, 'rooms'::regclass)"
    )
    leading = dict(line.split(" ", 1) for line in rows.splitlines())
    asked = queries()
    explain = "".join(f"EXPLAIN (FORMAT JSON) {with_values(query)};\n" for query in asked)
    printed = running.run("SET enable_seqscan = off; SET enable_hashjoin = off;"
                          "SET enable_mergejoin = off;" + explain)  # fmt: skip
    decoder, plans, at = json.JSONDecoder(), [], 0
    while at < len(printed.rstrip()):
        document, at = decoder.raw_decode(printed, at)
        at += len(printed[at:]) - len(printed[at:].lstrip())
        plans.append(document[0]["Plan"])
    for query, plan in zip(asked, plans, strict=True):
        known = explained(plan, leading)
        for table, (served, why) in judged(query, schema).items():
            yield query, table, why, served, known.get(table, False)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="list each difference")
    chosen = parser.parse_args()
    try:
        with server() as running:
            rows = list(compared(running))
    except RuntimeError as error:
        parser.error(str(error))
    counts = Counter((served, really) for _, _, _, served, really in rows)
    agreed = counts[True, True] + counts[False, False]
    print(f"{len(rows)} judgements, {agreed} as PostgreSQL ({agreed / len(rows):.1%})\n")
    print("| judged | PostgreSQL: index | PostgreSQL: none |\n|---|---|---|")
    print(f"| served | {counts[True, True]} | {counts[True, False]} |")
    print(f"| not served | {counts[False, True]} | {counts[False, False]} |")
    if chosen.show:
        for query, table, why, served, really in rows:
            if served != really:
                print(f"{'served' if served else 'not served'} ({why}) on {table}: {query}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
