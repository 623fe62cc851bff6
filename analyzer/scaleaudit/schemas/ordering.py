"""Which schema files count, to which database they belong, and in which order they run."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

Order: TypeAlias = tuple[int, tuple[int, ...], str, str]

# Words of a path that name an engine. Of sibling variants the first engine here is kept: what
# runs in production is rarely an embedded engine.
ENGINES = {
    "postgres": "postgres", "postgresql": "postgres", "pgsql": "postgres", "pg": "postgres",
    "psql": "postgres", "cockroach": "postgres", "cockroachdb": "postgres", "crdb": "postgres",
    "mysql": "mysql", "mariadb": "mysql",
    "oracle": "oracle", "mssql": "tsql", "sqlserver": "tsql", "db2": "db2",
    "sqlite": "sqlite", "sqlite3": "sqlite", "h2": "h2", "hsqldb": "hsqldb", "hsql": "hsqldb", "derby": "derby",
}  # fmt: skip
PREFERRED = list(dict.fromkeys(ENGINES.values()))

# Folders that say what lies in them, not whose it is.
LAYOUT = {
    "migrations", "migration", "migrate", "versions", "sql", "db", "database", "databases", "schema",
    "schemas", "resources", "main", "src", "alembic", "flyway", "liquibase", "ddl", "scripts", "init",
    "initdb", "docker-entrypoint-initdb.d", "priv", "repo", "prisma", "up", "deploy", "tables",
    "structure", "changelog", "changelogs", "queries", "internal", "java", "seeds", "seed", "fixtures",
    "common", "storage", "lib", "server", "setup", "dumps", "dump", "updates", "update", "upgrade", "upgrades",
    "schema_changes", "changes", "delta", "deltas", "patches",
}  # fmt: skip

# Folders of early migrations, inside that of all of them.
EARLY = {"legacy", "old", "archive", "archives", "archived", "initial", "baseline", "base"}
RUN_FROM = {"migrations", "migration", "liquibase", "flyway", "changelog", "changelogs"}

_UNDOES = regex(
    r"(?:^|/)(?:[^/]*[._-])?down\.(?:sql|fizz)$|[._-](?:rollback|revert|undo)\.sql$|(?:^|/)(?:revert|rollback|down)/"
    r"|(?:^|/)U\d[\w.]*__[^/]*\.sql$",
)
# A copy of somebody's data: its tables may be years behind the migrations.
_COPY = regex(r"(?i)(?:^|/|[._-])(?:backups?|samples?|demo|test)(?:[._-][^/]*)?\.sql$")
_COPIES = regex(
    r"(?i)(?:^|/|[._-])(?:backups?|old|obsolete|archived?|deprecated|sample[._-]?data|demo[._-]?data)"
    r"(?:[._-][^/]*)?/(?:[^/]+/){0,3}[^/]*\.sql$"
)
_VERSION = regex(r"^(?:[VvBb]|Version)?(\d+(?:[._-]\d+)*)")
_WORDS = regex(r"[A-Za-z]+\d?")
PROGRAM = regex(r"\.(?:rb|py|php|[cm]?[jt]s|go|cs|exs?|java|kt)$")  # asks itself on what it runs
_NUMBER = regex(r"\d+")
MAX_DIGITS = 18  # of a number in a name
# A day, perhaps with a time to the hour, the minute or the second.
_DAY = regex(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{0,6}")
_BY_NAME = regex(r"\.[cm]?[jt]s$")  # what runs these compares names, not numbers
TO_THE_SECOND = 14  # digits
MAX_REMEMBERED = 20_000  # answers on paths: the replay and the history ask the same


@lru_cache(MAX_REMEMBERED)
def undoes(path: str) -> bool:
    """A file that takes a migration back: golang-migrate, diesel, sqitch, Flyway."""
    return _UNDOES.search(path) is not None


@lru_cache(MAX_REMEMBERED)
def copied(path: str) -> bool:
    """A dump of a backup, a demonstration or a test: no source of the schema where there is another."""
    if _COPIES.search(path) is not None:
        return True
    return _COPY.search(path) is not None and not is_versioned(path)


def without_variants(paths: Iterable[str], revisions: Container[str]) -> dict[str, str]:
    """The paths that count, each with the engine that it names (empty when it names none).

    Where one folder, or a set of sibling folders, has files for several engines, one engine's
    files stay, and those that name none.
    """
    groups: dict[str, dict[str, list[str]]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        engine, key = "", folder
        parts = folder.split("/")
        for position in range(len(parts) - 1, -1, -1):
            engine = engine_in(parts[position])
            if engine:
                parts[position] = "*"
                key = "/".join(parts)
                break
        # `0db2_...` is the hash of a revision; `042_fix_mysql_text.rb` runs on every engine.
        if (
            not engine
            and path not in revisions
            and not (PROGRAM.search(name) and is_versioned(path))
        ):
            engine = engine_in(name)
        groups.setdefault(key, {}).setdefault(engine, []).append(path)
    # A folder without variants may stand beside those with: `db/migration` and `db/migration/h2`.
    kept: dict[str, str] = {}
    for engines in groups.values():
        named = sorted((e for e in engines if e), key=PREFERRED.index)
        for engine in ([""] if "" in engines else []) + named[:1]:
            kept.update(dict.fromkeys(engines[engine], engine))
    return kept


def without_dumped(paths: Iterable[str], newest: Mapping[str, int]) -> list[str]:
    """The paths, but for Rails' and Ecto's migrations where a dump says what they came to.

    An application of Rails takes over the migrations of the engines below it. `newest`: the last
    migration that a dump has in it, by its path; nobody must write it anew after each of Ecto's.
    """
    known = list(paths)
    dumped = {
        home(path): newest.get(path, 0)
        for path in known
        if path.endswith(("schema.rb", "structure.sql")) and not is_versioned(path)
    }

    def told(path: str) -> bool:
        place = home(path)
        if path.endswith(".rb"):
            return any(below(place, above) for above in dumped)
        if not path.endswith(".exs") or place not in dumped:
            return False
        return not dumped[place] or running_order(path)[1][0] <= dumped[place]

    return [path for path in known if not (is_versioned(path) and told(path))]


def without_stale(paths: Iterable[str], newest: Mapping[str, int]) -> list[str]:
    """The paths, but for the older of two dumps of one database: Rails writes `schema.rb` or
    `structure.sql` after each migration, as its settings say, and leaves the other as it was."""
    known = list(paths)

    def database(path: str) -> str:
        return path.removesuffix("structure.sql").removesuffix("schema.rb")

    last: dict[str, int] = {}
    for path in known:
        last[database(path)] = max(newest.get(path, 0), last.get(database(path), 0))
    return [path for path in known if path not in newest or newest[path] == last[database(path)]]


def below(folder: str, above: str) -> bool:
    return not above or f"{folder}/".startswith(f"{above}/")


def is_versioned(path: str) -> bool:
    """A migration with a number or a date, which runs once and in its order."""
    return running_order(path)[0] == 1


@lru_cache(MAX_REMEMBERED)
def engine_in(text: str) -> str:
    """The engine that a folder's or a file's name mentions."""
    for word in _WORDS.findall(text.lower()):
        if word in ENGINES:
            return ENGINES[word]
    return ""


@lru_cache(MAX_REMEMBERED)
def home(path: str) -> str:
    """The folder whose database a file describes: what is left above `db/migrations` and the like."""
    parts = path.split("/")[:-1]
    while parts and (
        parts[-1].lower() in LAYOUT
        or parts[-1].endswith("_migrate")
        or engine_in(parts[-1])
        or _VERSION.match(parts[-1])
        or (parts[-1].lower() in EARLY and parts[-2:-1] and parts[-2].lower() in RUN_FROM)
    ):
        parts.pop()
    return "/".join(parts)


@lru_cache(MAX_REMEMBERED)
def running_order(path: str, revision: int | None = None) -> Order:
    """Sort key: dumps and models first, then migrations by version, repeatable ones last.

    `revision`: how many run before it, where the migration itself says after which it comes.
    Names with numbers further behind (`schema_version_10.sql`) run in the order of these.
    """
    folder, _, name = path.rpartition("/")
    if revision is not None:
        return 1, (revision,), name, path
    version = _VERSION.match(name)
    if version is None:
        version = _VERSION.match(folder.rpartition("/")[2])  # 2024-01-31_users/up.sql
    if version is not None:
        parts = re.split(r"[._-]", version[1])[:8]
        if _BY_NAME.search(name) is not None and _DAY.fullmatch(parts[0]) is not None:
            parts[0] = parts[0].ljust(TO_THE_SECOND, "0")
        return 1, tuple(map(int, parts)), name, path
    counted = _NUMBER.sub(lambda number: number[0].zfill(MAX_DIGITS), name)
    return (2 if name.startswith("R__") else 0), (), counted, path


def shared(path: str, place: str) -> int:
    """How many folders from the root on a file and a folder have in common."""
    pairs = zip(path.split("/")[:-1], place.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
