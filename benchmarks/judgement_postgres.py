"""Queries on a PostgreSQL server, and by which index it serves them when it may not read tables whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres_server import Postgres

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


def served(running: Postgres, asked: list[str]) -> Iterator[dict[str, bool]]:
    """For each query the tables, and whether an index of the table serves it."""
    running.run(DDL + ROWS)
    rows = running.run(
        "SELECT indexrelid::regclass || ' ' || pg_get_indexdef(indexrelid, 1, true) FROM pg_index"
        " WHERE indrelid IN ('events'::regclass, 'rooms'::regclass)"
    )
    leading = dict(line.split(" ", 1) for line in rows.splitlines())
    explain = "".join(f"EXPLAIN (FORMAT JSON) {query};\n" for query in asked)
    printed = running.run("SET enable_seqscan = off; SET enable_hashjoin = off;"
                          "SET enable_mergejoin = off;" + explain)  # fmt: skip
    decoder, at = json.JSONDecoder(), 0
    while at < len(printed.rstrip()):
        document, at = decoder.raw_decode(printed, at)
        at += len(printed[at:]) - len(printed[at:].lstrip())
        yield explained(document[0]["Plan"], leading)


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
