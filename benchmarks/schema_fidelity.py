"""Whether the recovered schema is the one that the framework's own migrations make.

    python benchmarks/schema_fidelity.py [--stack NAME] [--show]

For each application of `fixtures/schemas/` its framework is installed (pip and npm into a folder that
goes away; Ruby's Active Record must be there, as Debian's ruby-activerecord and ruby-pg), its
migrations run into an empty PostgreSQL of our own, and what the server's catalogue holds then is
compared with `scaleaudit schema`: tables, columns, what may be null, keys, indexes, foreign keys.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent))

from postgres_server import Server, server

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "schemas"
SECONDS = 600
# Tables in which the frameworks keep their own books, and those of Django's own packages.
NOT_OURS = re.compile(
    r"(?:django|auth)_.*|alembic_version|knex_migrations.*|schema_migrations|ar_internal_metadata"
)
Parts: TypeAlias = dict[str, set[tuple[str, ...]]]

CATALOGUE = """\
SELECT json_build_object(
  'columns', (SELECT json_agg(json_build_array(c.relname, a.attname, NOT a.attnotnull))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped),
  'indexes', (SELECT json_agg(json_build_object(
      'table', t.relname, 'unique', i.indisunique, 'primary', i.indisprimary,
      'where', pg_get_expr(i.indpred, i.indrelid),
      'columns', (SELECT json_agg(pg_get_indexdef(i.indexrelid, n, true) ORDER BY n)
                  FROM generate_series(1, i.indnkeyatts) AS n)))
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = 'public'::regnamespace),
  'foreign', (SELECT json_agg(json_build_array(t.relname, f.relname,
      (SELECT string_agg(a.attname, ',') FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))))
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace));
"""


def django(folder: Path, environment: dict[str, str]) -> None:
    python = with_packages(folder, "django==5.2.19", "psycopg[binary]==3.3.9")
    call([python, "manage.py", "migrate", "--verbosity", "0"], folder, environment)


def alembic(folder: Path, environment: dict[str, str]) -> None:
    python = with_packages(folder, "alembic==1.20.1", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.9")
    call([python, "-m", "alembic", "upgrade", "head"], folder, environment)


def knex(folder: Path, environment: dict[str, str]) -> None:
    call(["npm", "install", "--silent", "--no-audit", "--no-fund"], folder, {})
    call(["node_modules/.bin/knex", "migrate:latest"], folder, environment)


def rails(folder: Path, environment: dict[str, str]) -> None:
    call(["ruby", "migrate.rb"], folder, environment)


STACKS: dict[str, Callable[[Path, dict[str, str]], None]] = {
    "alembic": alembic, "django": django, "knex": knex, "rails": rails,
}  # fmt: skip


def with_packages(folder: Path, *packages: str) -> str:
    """The interpreter of a new environment with the packages."""
    home = folder / ".environment"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    call([python, "-m", "pip", "install", "--quiet", *packages], folder, {})
    return python


def call(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Raises `RuntimeError` with the last line of what went wrong."""
    try:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except OSError as error:
        raise RuntimeError(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = [line for line in lines if "rror" in line][:1] or lines[-1:]
        raise RuntimeError(f"{' '.join(command[:3])}: {''.join(said)}")


def real(running: Server, stack: str) -> Parts:
    """What the catalogue holds after the migrations of a stack."""
    running.run(f"CREATE DATABASE {stack}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / stack
        shutil.copytree(FIXTURES / stack, folder)
        STACKS[stack](folder, running.environment(stack))
    found = json.loads(running.run(CATALOGUE, stack))
    return parts(
        [(table, column, null) for table, column, null in found["columns"]],
        found["indexes"],
        [(table, parent, columns) for table, parent, columns in found["foreign"]],
    )


def recovered(stack: str) -> Parts:
    """What `scaleaudit schema` tells of the sources of a stack."""
    command = [sys.executable, "-m", "scaleaudit", "schema", str(FIXTURES / stack), "--format", "json",
               "--no-cache", "--quiet"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    tables = json.loads(done.stdout)["tables"]
    return parts(
        [(t["name"], c["name"], c["nullable"]) for t in tables for c in t["columns"]],
        [{"table": t["name"], **index} for t in tables for index in t["indexes"]],
        [
            (t["name"], k["table"], ",".join(k["columns"]))
            for t in tables
            for k in t["foreign_keys"]
        ],
    )


def parts(
    columns: list[tuple[str, str, bool]],
    indexes: list[dict[str, Any]],
    foreign: list[tuple[str, str, str]],
) -> Parts:
    found: Parts = {
        "tables": {(table,) for table, _, _ in columns},
        "columns": {(table, column) for table, column, _ in columns},
        "not null": {(table, column) for table, column, null in columns if not null},
        "primary keys": set(),
        "unique keys": set(),
        "indexes": set(),
        "foreign keys": {
            (table, parent, *sorted(names.split(","))) for table, parent, names in foreign
        },
    }
    for index in indexes:
        kind = (
            "primary keys" if index["primary"] else "unique keys" if index["unique"] else "indexes"
        )
        partial = ("partial",) if index["where"] else ()
        found[kind].add((index["table"], *map(plain, index["columns"]), *partial))
    return {
        part: {row for row in rows if not NOT_OURS.fullmatch(row[0])}
        for part, rows in found.items()
    }


def plain(column: str) -> str:
    """A column or expression of an index without casts, quotes, parentheses and direction."""
    text = re.sub(r"::[a-z ]+(?=\W|$)", "", column.lower())
    text = re.sub(r"\s+(?:asc|desc)\b.*", "", text)
    return re.sub(r"[\s\"'()]", "", text)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stack", choices=STACKS, action="append", help="may be given again")
    parser.add_argument("--show", action="store_true", help="list each difference")
    chosen = parser.parse_args()
    names = chosen.stack or list(STACKS)
    rows: list[str] = []
    try:
        with server() as running:
            for stack in names:
                try:
                    catalogue = real(running, stack)
                except RuntimeError as error:
                    print(f"{stack}: not run: {error}", file=sys.stderr)
                    continue
                mine = recovered(stack)
                cells = []
                for part, there in catalogue.items():
                    both, extra, lost = there & mine[part], mine[part] - there, there - mine[part]
                    cells.append(f"{len(both)}/{len(extra)}/{len(lost)}")
                    if chosen.show:
                        for word, some in (("invented", extra), ("missed", lost)):
                            for row in sorted(some):
                                print(f"{stack}: {word} in {part}: {' '.join(row)}")
                rows.append(f"| {stack} | {' | '.join(cells)} |")
    except RuntimeError as error:
        parser.error(str(error))
    if not rows:
        return 1
    heads = list(parts([], [], []))
    print(f"\n| same/invented/missed | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
