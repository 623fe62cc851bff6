"""Whether the recovered schema is the one that the framework's own migrations make.

    python benchmarks/schema_fidelity.py [--stack NAME] [--show]

For each application of `fixtures/schemas/` its framework is installed (pip and npm into a folder that
goes away; Active Record and Laravel's database package must be there, as Debian's ruby-activerecord
and ruby-pg, php-illuminate-database and php-mysql), its
migrations run into an empty PostgreSQL or MariaDB of our own, and what the server's catalogue holds
then is compared with `scaleaudit schema`: tables, columns, what may be null, keys, indexes, foreign
keys.
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

import mariadb_server
import postgres_server
from catalogues import MARIADB, POSTGRES

if TYPE_CHECKING:
    from collections.abc import Callable

    from mariadb_server import MariaDB
    from postgres_server import Postgres

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "schemas"
SECONDS = 600
# Tables in which the frameworks keep their own books, and those of Django's own packages.
NOT_OURS = re.compile(
    r"(?:django|auth)_.*|alembic_version|knex_migrations.*|schema_migrations|ar_internal_metadata"
    r"|(?i:sequelizemeta)"
)
Parts: TypeAlias = dict[str, set[tuple[str, ...]]]


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


def laravel(folder: Path, environment: dict[str, str]) -> None:
    call(["php", "migrate.php"], folder, environment)


def sequelize(folder: Path, environment: dict[str, str]) -> None:
    call(["npm", "install", "--silent", "--no-audit", "--no-fund"], folder, {})
    call(["node_modules/.bin/sequelize-cli", "db:migrate"], folder, environment)


Migrate: TypeAlias = "Callable[[Path, dict[str, str]], None]"
ON_POSTGRES: dict[str, Migrate] = {
    "alembic": alembic, "django": django, "knex": knex, "rails": rails,
}  # fmt: skip
ON_MARIADB: dict[str, Migrate] = {"laravel": laravel, "sequelize": sequelize}


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


def real(running: Postgres | MariaDB, stack: str, migrate: Migrate, catalogue: str) -> Parts:
    """What the catalogue holds after the migrations of a stack."""
    running.create(stack)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / stack
        shutil.copytree(FIXTURES / stack, folder)
        migrate(folder, running.environment(stack))
    found = json.loads(running.run(catalogue, stack))
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
    # Tables go by their names in lower case: SQL does not tell cases apart, as most servers.
    return {
        part: {tuple(map(str.lower, row)) for row in rows if not NOT_OURS.fullmatch(row[0])}
        for part, rows in found.items()
    }


def plain(column: str) -> str:
    """A column or expression of an index without casts, quotes, parentheses and direction."""
    text = re.sub(r"::[a-z ]+(?=\W|$)", "", column.lower())
    text = re.sub(r"\s+(?:asc|desc)\b.*", "", text)
    return re.sub(r"[\s\"'()]", "", text)


def compared(stack: str, catalogue: Parts, mine: Parts, *, show: bool) -> str:
    """The row of the table for a stack; with `show` each difference is printed."""
    cells = []
    for part, there in catalogue.items():
        both, extra, lost = there & mine[part], mine[part] - there, there - mine[part]
        cells.append(f"{len(both)}/{len(extra)}/{len(lost)}")
        for word, some in (("invented", extra), ("missed", lost)) if show else ():
            for row in sorted(some):
                print(f"{stack}: {word} in {part}: {' '.join(row)}")
    return f"| {stack} | {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    stacks = [*ON_POSTGRES, *ON_MARIADB]
    parser.add_argument("--stack", choices=stacks, action="append", help="may be given again")
    parser.add_argument("--show", action="store_true", help="list each difference")
    chosen = parser.parse_args()
    names = chosen.stack or stacks
    rows: list[str] = []
    for server, of_engine, catalogue in (
        (postgres_server.server, ON_POSTGRES, POSTGRES),
        (mariadb_server.server, ON_MARIADB, MARIADB),
    ):
        wanted = [name for name in names if name in of_engine]
        if not wanted:
            continue
        try:
            with server() as running:
                for stack in wanted:
                    try:
                        there = real(running, stack, of_engine[stack], catalogue)
                    except RuntimeError as error:
                        print(f"{stack}: not run: {error}", file=sys.stderr)
                        continue
                    rows.append(compared(stack, there, recovered(stack), show=chosen.show))
        except RuntimeError as error:
            print(f"{', '.join(wanted)}: not run: {error}", file=sys.stderr)
    if not rows:
        return 1
    heads = list(parts([], [], []))
    print(f"\n| same/invented/missed | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
