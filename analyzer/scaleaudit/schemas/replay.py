"""From the schema facts of all files to one schema: the state after the last migration."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.regex import regex
from scaleaudit.schema import COLUMNAR, Schema
from scaleaudit.schemas.database import Database
from scaleaudit.schemas.drafts import finished
from scaleaudit.schemas.growth import with_growth
from scaleaudit.schemas.listed import UNNAMED, listed
from scaleaudit.schemas.ordering import (
    copied,
    home,
    is_versioned,
    running_order,
    shared,
    undoes,
    without_dumped,
    without_stale,
    without_variants,
)
from scaleaudit.schemas.revisions import revisions
from scaleaudit.schemas.set_aside import still_run
from scaleaudit.schemas.snapshots import without_repeated
from scaleaudit.schemas.tools import told_tools

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from scaleaudit.facts import FileFacts
    from scaleaudit.schemas.drafts import Draft

# What a developer's machine runs in place of the real engine.
FOR_DEVELOPERS = {"h2", "hsqldb", "derby"}
# Folders of what sets a database up for trying things out, beside the migrations of the system.
FOR_DEVELOPMENT = regex(
    r"(?i)(?:^|/)\.?(?:docker[\w-]*|dev(?:elopment)?|dev[-_]?(?:tools?|container|env)|mocks?|examples?"
    r"|samples?|sandbox|local|localdev|fixtures?|legacy|archived?)(?:/|$)|(?i:mock)[\w-]*\.sql$"
)
SPOKEN = {"postgres", "mysql", "sqlite", "tsql", "oracle"}  # that the parser has by these names
SQLITE_DUMP = regex(r"(?:^|/)database/schema/[\w-]*sqlite[\w-]*-schema\.(?:sql|dump)$")
LARAVEL_DUMP = regex(r"(?:^|/)database/schema/[\w-]+-schema\.(?:sql|dump)$")
LARAVEL = regex(r"(?:^|/)\d{4}_\d\d_\d\d_\d{6}_\w+\.php$")

# Folders of programs that keep a copy of a server's tables on the device of each person.
ON_DEVICES = regex(r"(?:^|/)(?:client|desktop|mobile|android|ios|electron)(?:/|$)")

# What a migration does without changing which columns, keys and indexes there are.
NO_CHANGES = frozenset({"add-check", "backfill"})

__all__ = ["replay", "told_engines", "with_growth"]


def replay(
    files: Iterable[tuple[str, FileFacts]], connected: AbstractSet[str] = frozenset()
) -> Schema:
    """Facts of files of source and migrations, in any order, replayed as the tools would run them.

    Every folder above `db/migrations` and the like has a database of its own: its dump first,
    then its migrations by version. A migration that changes a table of other folders finds it in
    the nearest. Where two databases have a table of one name, the larger one stands, of those that
    are more than a developer's; beside a table of rows that of an engine of columns, since which one a query means is not known.
    `connected`: the engines, as sqlglot names them, of databases that the system is seen to open.
    """
    every = list(files)
    depths = revisions(every)
    order = depths | listed(every)
    facts = {
        path: found
        for path, each in every
        if not undoes(path)
        and (found := _changes(each))
        and (order.get(path, UNNAMED) > UNNAMED or not _tears_down(path, found))
    }
    facts = without_repeated(facts)
    early = still_run(facts)
    own = sorted([path for path in facts if path in early or not copied(path)] or facts)
    newest = _newest(facts)
    told = told_engines(facts, connected)
    own = [path for path in own if not _of_tests(path, facts, told)]
    own = without_stale(own, newest)
    engines = without_variants(without_dumped(own, newest), depths)
    written = _written_by_frameworks(facts)
    databases: dict[str, Database] = {}
    dialects: dict[str, Counter[str]] = {}
    for path in sorted(engines, key=lambda path: running_order(path, order.get(path))):
        place = home(path)
        database = databases.setdefault(place, Database())
        votes = dialects.setdefault(place, Counter())
        plain = path.endswith(".sql") and path not in newest and not is_versioned(path)
        plain = plain and LARAVEL_DUMP.search(path) is None
        framework = written.get(place, set()) if plain else set()
        for fact in facts[path]:
            if fact.table in framework or (framework and not fact.table):
                continue  # a dump of rows, or one that nobody writes any more
            if isinstance(fact, TableDefined) or fact.action != "engine":
                database.apply(path, fact)
                votes[engines[path] or fact.dialect] += 1
    _place_orphans(databases)
    tools = told_tools(every, depths)
    drafts: dict[str, tuple[Draft, str, str, tuple[bool, bool, bool, tuple[int, int, int]]]] = {}
    for place in sorted(databases):
        dialect = told.get(place) or _dialect(dialects[place])
        for name, draft in databases[place].tables.items():
            if engines[draft.path] in SPOKEN:  # a folder's name is surer than quotes and words
                draft.dialect = engines[draft.path]
            elif draft.dialect == "mysql" and dialect == "sqlite":  # which takes MySQL's quotes
                draft.dialect = dialect
            engine = engines[draft.path] or draft.dialect or dialect
            served = engine not in FOR_DEVELOPERS
            known = drafts.get(name)
            serves = FOR_DEVELOPMENT.search(draft.path) is None
            shared_by_all = ON_DEVICES.search(draft.path) is None
            rank = (served, serves and shared_by_all, _columnar(draft, dialect), draft.size)
            if known is None or rank > known[3]:
                drafts[name] = (draft, dialect, tools.get(place, ""), rank)
    return Schema({name: finished(*drafts[name][:3]) for name in sorted(drafts)})


def _changes(each: FileFacts) -> list[TableDefined | TableChanged]:
    return [
        fact
        for fact in each.facts
        if isinstance(fact, TableDefined)
        or (isinstance(fact, TableChanged) and not fact.model and fact.action not in NO_CHANGES)
    ]


def _of_tests(
    path: str, facts: Mapping[str, list[TableDefined | TableChanged]], told: Mapping[str, str]
) -> bool:
    """Laravel loads a dump by the name of its connection, and runs all migrations on any other.

    One of SQLite is for tests where the database is another and the migrations still make its tables.
    """
    place = home(path)
    if SQLITE_DUMP.search(path) is None or told.get(place, "sqlite") == "sqlite":
        return False
    migrated = {
        fact.table
        for at, found in facts.items()
        if LARAVEL.search(at) and home(at) == place
        for fact in found
        if isinstance(fact, TableDefined)
    }
    dumped = {fact.table for fact in facts[path] if isinstance(fact, TableDefined)}
    return 2 * len(dumped & migrated) > len(dumped)


def _newest(facts: Mapping[str, list[TableDefined | TableChanged]]) -> dict[str, int]:
    """The last migration that each dump of Rails' or Ecto's says it has in it."""
    return {
        path: int(fact.name)
        for path, found in facts.items()
        if path.endswith(("structure.sql", "schema.rb"))
        for fact in found
        if isinstance(fact, TableChanged) and fact.action == "seed" and fact.name.isdecimal()
    }


def _written_by_frameworks(
    facts: Mapping[str, list[TableDefined | TableChanged]],
) -> dict[str, set[str]]:
    """By folder the tables of `schema.rb`, which Rails writes after every migration, and those that
    migrations of Laravel make."""
    found: dict[str, set[str]] = {}
    for path, every in facts.items():
        if LARAVEL.search(path) or (path.endswith("schema.rb") and not is_versioned(path)):
            tables = {fact.table for fact in every if isinstance(fact, TableDefined)}
            found.setdefault(home(path), set()).update(tables)
    return found


def _tears_down(path: str, found: list[TableDefined | TableChanged]) -> bool:
    """`drop_tables.sql`: a script of its own that only takes away; a migration may do so."""
    return not is_versioned(path) and all(
        isinstance(fact, TableChanged) and fact.action.startswith("drop") for fact in found
    )


def _dialect(votes: Counter[str]) -> str:
    return next((dialect for dialect, _ in votes.most_common() if dialect), "")


def told_engines(
    facts: Mapping[str, list[TableDefined | TableChanged]],
    connected: AbstractSet[str] = frozenset(),
) -> dict[str, str]:
    """The engine of each folder's database, where settings of the framework tell it.

    Laravel's migrations run on MySQL where nothing says otherwise. Other frameworks' settings are
    weighed against the deployment, by the linker. Where none of the databases in sight is of that
    default, the only one that is tells the engine.
    """
    found: dict[str, str] = {}
    for path in facts:
        if LARAVEL.search(path):
            found.setdefault(home(path), "mysql")
    for path, changes in sorted(facts.items()) if found else ():
        for fact in changes if path.endswith(".php") else ():
            if isinstance(fact, TableChanged) and fact.action == "engine":
                owners = [place for place in found if path.startswith(f"{place}/" if place else "")]
                for place in owners:
                    found[place] = fact.dialect
    if connected:
        only = next(iter(connected)) if len(connected) == 1 else ""
        found = {place: told if told in connected else only for place, told in found.items()}
    return found


def _columnar(draft: Draft, dialect: str) -> bool:
    return (draft.dialect or dialect) in COLUMNAR


def makes(database: Database, path: str, table: str) -> bool:
    """Whether the file defines the table."""
    known = database.tables.get(table)
    return known is not None and known.path == path


def _place_orphans(databases: Mapping[str, Database]) -> None:
    """Changes whose table another folder defines, or the same folder in a later file."""
    for database in databases.values():
        orphans, database.orphans = database.orphans, []
        for path, fact in orphans:
            if fact.action in ("drop", "rename"):
                continue  # of a table that is gone, or of one that is not ours to know
            if fact.action.startswith("drop") and makes(database, path, fact.table):
                continue  # a dump clears the ground for what it makes below
            if fact.table in database.tables:
                database.apply(path, fact)
                continue
            owners = [place for place, other in databases.items() if fact.table in other.tables]
            near = max((shared(path, place) for place in owners), default=0)
            for place in owners:
                if shared(path, place) == near:
                    databases[place].apply(path, fact)
