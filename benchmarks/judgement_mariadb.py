"""Queries on a MariaDB server, and by which index it serves them when it must use one if it can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mariadb_server import MariaDB

DATABASE = "judged"
DDL = """\
CREATE TABLE rooms (id bigint AUTO_INCREMENT PRIMARY KEY, code varchar(20) NOT NULL UNIQUE, floor_number int NOT NULL);
CREATE TABLE events (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    owner_id bigint NOT NULL,
    token varchar(40) NOT NULL UNIQUE,
    email varchar(190) NOT NULL,
    label varchar(60) NOT NULL,
    amount int NOT NULL,
    room_id bigint,
    happened_at datetime NOT NULL,
    seen_at datetime,
    note varchar(90),
    phase varchar(20) NOT NULL,
    KEY events_owner (owner_id, happened_at),
    KEY events_label (label),
    KEY events_three (amount, label, seen_at),
    CONSTRAINT events_room FOREIGN KEY (room_id) REFERENCES rooms (id)
) ENGINE=InnoDB;
"""
ROWS = """\
INSERT INTO rooms (code, floor_number) SELECT concat('c', seq), seq % 40 FROM seq_1_to_2000;
INSERT INTO events (owner_id, token, email, label, amount, room_id, happened_at, seen_at, note, phase)
SELECT seq % 500, concat('t', seq), concat('e', seq), concat('l', seq % 900), seq % 700,
       nullif(seq % 300, 0), now() - interval seq minute, now() - interval seq hour,
       concat('n', seq % 800), concat('p', seq % 950)
FROM seq_1_to_20000;
ANALYZE TABLE events, rooms;
"""
# How the server enters an index by its first column; `index` walks it from end to end.
ENTERED = {"system", "const", "eq_ref", "ref", "ref_or_null", "range", "index_merge"}
MENTION = re.compile(r"\b(FROM|JOIN) (events|rooms)\b(?: (?!WHERE|ORDER|JOIN|ON)(\w+))?")


def served(running: MariaDB, asked: list[str]) -> Iterator[dict[str, bool]]:
    """For each query the tables, and whether an index of the table serves it."""
    running.create(DATABASE)
    running.run(DDL + ROWS, DATABASE)
    names: dict[str, list[str]] = {}
    for line in running.run(
        "SELECT DISTINCT table_name, index_name FROM information_schema.statistics"
        f" WHERE table_schema = '{DATABASE}'",
    ).splitlines():
        table, index = line.split("\t")
        names.setdefault(table, []).append(f"`{index}`")

    def forced(match: re.Match[str]) -> str:
        used = match[3] or match[2]
        return f"{match[1]} {match[2]} {used} FORCE INDEX ({', '.join(names[match[2]])})"

    explain = "".join(
        f"SELECT '#{number}'; EXPLAIN {MENTION.sub(forced, query)};\n"
        for number, query in enumerate(asked)
    )
    printed = running.run(explain, DATABASE).splitlines()
    for query, plan in zip(asked, _plans(printed), strict=True):
        yield explained(plan, _aliases(query))


def _plans(lines: list[str]) -> Iterator[list[list[str]]]:
    """The rows of each EXPLAIN: id, select_type, table, type, possible_keys, key, ..., Extra."""
    found: list[list[str]] = []
    for number, line in enumerate(lines):
        if line.startswith("#"):
            if number:
                yield found
            found = []
        else:
            found.append(line.split("\t"))
    yield found


def _aliases(query: str) -> dict[str, str]:
    return {match[3] or match[2]: match[2] for match in MENTION.finditer(query)}


def explained(plan: list[list[str]], aliases: dict[str, str]) -> dict[str, bool]:
    """Rows read in the order asked count when none is thrown away."""
    found: dict[str, bool] = {}
    for row in plan:
        alias, kind, extra = row[2], row[3].partition("|")[0], row[-1]  # `ref|filter`
        if alias == "NULL":  # no row can be: known from the schema, or after one look-up
            found.update(dict.fromkeys(aliases.values(), "const" in extra))
            continue
        walked = kind == "index" and "Using where" not in extra and "filesort" not in extra
        found[aliases[alias]] = kind in ENTERED or walked
    return found
