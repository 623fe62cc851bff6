"""A schema change that stops a table in use, or the version that still runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    DIALECTS,
    Architecture,
    Confidence,
    Count,
    Dimension,
    Evidence,
    Growth,
    Layer,
    NodeKind,
    Options,
    Origin,
    Phase,
    Problem,
    QueryFound,
    Severity,
    Table,
    WorkloadDeclared,
    literal_text,
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, SEVERAL, named
from scaleaudit_rules.data._migration_dangers import MYSQL, POSTGRES, SERVERS, dangers, days
from scaleaudit_rules.data._migration_texts import HABITS, HOW, MESSAGES
from scaleaudit_rules.data._tables import FAST_GROWTH, milder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Migration
    from scaleaudit_rules.data._migration_dangers import Danger

LIGHT = frozenset({"backfill"})  # no more than slow where the others stop everything
YEAR, SEASON = 365, 90  # days
FOLLOWED = 4  # migrations that came after
IMAGE = regex(r"(?:^|/)(postgres|postgresql|postgis|mysql|mariadb)(?:-[\w-]+)?:v?(\d{1,3})")
OLD_POSTGRES = 11  # before it any default rewrote the table


class UnsafeMigrationOptions(Options, frozen=True, kw_only=True):
    recent: Count = 10
    """How many of the newest migrations of a database are judged; the others have run long ago."""

    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small, or may stand still, for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.RELIABILITY),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("safe-migrations",),
    options=UnsafeMigrationOptions,
)
def unsafe_migration(
    architecture: Architecture, options: UnsafeMigrationOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    groups: dict[str, list[Migration]] = {}
    for migration in architecture.migrations:
        if not migration.steps:
            continue  # rows and permissions: nothing that a table would wait for
        groups.setdefault(migration.group, []).append(migration)
    used = Used(architecture)
    found: dict[str, list[tuple[Danger, Table, str]]] = {}
    judged: dict[str, int] = {}
    fast_defaults = oldest(architecture, POSTGRES) >= OLD_POSTGRES
    for migrations in groups.values():
        engine = engine_of(architecture, migrations)
        if engine not in SERVERS:
            continue
        recent = newest(migrations, options.recent)
        application = migrations[-1].application.strip(".")
        judged[application] = judged.get(application, 0) + recent
        told: set[tuple[str, str, str]] = set()
        for _, danger in dangers(migrations, recent, engine, fast_defaults=fast_defaults):
            table = architecture.schema.table(danger.table) or architecture.schema.table(
                danger.step.name if danger.kind == "rename-table" else ""
            )
            key = danger.kind, danger.table, danger.what
            if key in told or danger.table in ignored or not counts(danger, table, used):
                continue
            told.add(key)
            of = table or Table(danger.table)  # a dropped one stands in no schema
            found.setdefault(application, []).append((danger, of, engine))
    last = {migrations[-1].path for migrations in groups.values()}
    old = {each.path for migrations in groups.values() for each in long_run(migrations)}
    for application, each in found.items():
        each.sort(key=lambda one: (-grade(one[0], one[1]).rank, one[0].at))
        # What ran on a table that nobody was seen to fill has done no harm.
        kept = [
            (danger, of, engine)
            for danger, of, engine in each
            if len(each) >= MANY or danger.at.path in last or grade(danger, of) is not Severity.LOW
        ]
        if len(kept) >= MANY or len({danger.at.path for danger, _, _ in kept}) >= SEVERAL:
            grave = max((grade_now(d, of, last, old) for d, of, _ in kept), key=lambda s: s.rank)
            yield replace(habit(application, kept, judged[application]), severity=grave)
        else:
            yield from (
                replace(single(*one), severity=grade_now(*one[:2], last, old)) for one in kept
            )


class Used:
    """What the code's own queries name."""

    def __init__(self, architecture: Architecture) -> None:
        self.tables: set[str] = set()
        self.columns: set[tuple[str, str]] = set()
        self.views: set[str] = set()
        for site in architecture.sites(QueryFound):
            query = site.fact
            if query.library == "sql-view":
                self.views.add(query.scope.lower())
            if site.origin in (Origin.MIGRATION, Origin.TEST):
                continue
            self.tables.update((*query.reads, *query.writes))
            self.columns.update((p.table, p.column.lower()) for p in query.predicates)


def counts(danger: Danger, table: Table | None, used: Used) -> bool:
    """Whether the step meets rows and readers: not on a short list, not on what nobody asks."""
    if danger.kind == "drop":
        return table is None and danger.table in used.tables
    if table is None or table.growth is Growth.STATIC or table.columnar:
        return False
    if danger.kind in LIGHT and table.growth is Growth.UNKNOWN and not table.inserted:
        return False
    if danger.kind == "drop-column":
        gone = table.column(danger.what) is None
        return gone and (danger.table, danger.what.lower()) in used.columns
    if danger.kind == "rename-table":
        return danger.table not in used.views
    return True


def newest(migrations: list[Migration], most: int) -> int:
    """How many at the end are recent: the last few, and of them those of the last year."""
    last = days(migrations[-1].made) if migrations[-1].made else 0
    recent = migrations[-most:]
    if last:
        recent = [each for each in recent if not each.made or last - days(each.made) <= YEAR]
    return len(recent)


def engine_of(architecture: Architecture, migrations: list[Migration]) -> str:
    """What the migrations are written for, else the only SQL database there is."""
    nodes = architecture.nodes(NodeKind.DATABASE)
    engines = {DIALECTS[node.technology] for node in nodes if node.technology in DIALECTS}
    told = migrations[-1].engine
    # Code is run on whichever engine is chosen; what it says in SQL may be for one of them.
    if told and (len(engines) < 2 or migrations[-1].path.endswith(".sql")):
        written = migrations[-1].path.endswith(".sql") or not engines
        return told if written else next(iter(engines))
    if len(engines) > 1 or architecture.schema.engines:
        return ""
    named = {step.table for each in migrations[-MANY:] for step in each.steps}
    tables = (architecture.schema.table(name) for name in sorted(named))
    told = next((table.dialect for table in tables if table is not None and table.dialect), "")
    return told or next(iter(engines), "")


def oldest(architecture: Architecture, engine: str) -> int:
    """The oldest version that the deployment names; a high one where it names none."""
    found = [99]
    for site in architecture.sites(WorkloadDeclared):
        image = literal_text(site.fact.image) if site.fact.image is not None else ""
        match = IMAGE.search(image or "")
        if match is not None and (match[1].startswith("post")) is (engine == POSTGRES):
            found.append(int(match[2]))
    return min(found)


def grade(danger: Danger, table: Table) -> Severity:
    """By how the table grows; a long statement weighs less than one that stops the others."""
    if danger.kind in ("drop", "drop-column"):
        return Severity.MEDIUM
    if table.growth in FAST_GROWTH:
        return Severity.MEDIUM if danger.fresh or danger.kind in LIGHT else Severity.HIGH
    if danger.fresh or danger.kind in LIGHT:
        return Severity.LOW
    return Severity.MEDIUM if table.inserted or table.growth is Growth.PER_USER else Severity.LOW


def name_of(danger: Danger) -> str:
    if not danger.what:
        return danger.table
    return (
        f"{danger.table}.{danger.what}"
        if ", " not in danger.what
        else f"{danger.table} ({danger.what})"
    )


def long_run(migrations: list[Migration]) -> list[Migration]:
    """Those with several after them, or one a season later: every deployment has run them."""
    last = days(migrations[-1].made) if migrations[-1].made else 0
    return [
        each
        for after, each in enumerate(reversed(migrations))
        if after > FOLLOWED or (last and each.made and last - days(each.made) > SEASON)
    ]


def grade_now(danger: Danger, table: Table, last: set[str], old: set[str]) -> Severity:
    """Less where a newer migration followed: most likely it has run, and only the next can be better."""
    grave = grade(danger, table)
    if danger.at.path in old:
        return Severity.LOW
    return grave if danger.at.path in last else milder(grave)


def single(danger: Danger, table: Table, engine: str) -> Problem:
    name = name_of(danger)
    message = MESSAGES[danger.kind].format(name)
    return Problem(
        subject=f"{danger.kind} {name}",
        message=f"The migration {message}.",
        evidence=(Evidence(danger.at, HABITS[danger.kind]), *grown(table)),
        data={
            "kind": danger.kind,
            "table": danger.table,
            "column": danger.what or None,
            "engine": engine,
            "growth": table.growth.value,
            "instead": how(danger, engine),
        },
        severity=grade(danger, table),
        confidence=sure(danger, table),
    )


def how(danger: Danger, engine: str) -> str:
    online = danger.kind == "alter-type" and engine == MYSQL
    return "use gh-ost or pt-online-schema-change" if online else HOW[danger.kind]


def sure(danger: Danger, table: Table) -> Confidence:
    """That the lock is taken is sure; that the table is large, where it is seen to fill."""
    if table.growth is Growth.UNKNOWN and not table.inserted:
        return Confidence.LOW if danger.kind in LIGHT else Confidence.MEDIUM
    return Confidence.MEDIUM if danger.kind in LIGHT else Confidence.HIGH


def grown(table: Table) -> tuple[Evidence, ...]:
    return (
        (Evidence(table.at, f"{table.name} grows"),)
        if table.at and table.growth in FAST_GROWTH
        else ()
    )


def habit(application: str, found: list[tuple[Danger, Table, str]], judged: int) -> Problem:
    """Many at once are one decision: how migrations are written from now on."""
    files = {danger.at.path for danger, _, _ in found}
    kinds: dict[str, int] = {}
    for danger, _, _ in found:
        kinds[danger.kind] = kinds.get(danger.kind, 0) + 1
    first = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    names = list(dict.fromkeys(name_of(danger) for danger, _, _ in found))
    does = ", ".join(f"{HABITS[kind]} {times(kinds[kind])}" for kind in first[:3])
    stop = "stops" if len(files) == 1 else "stop"
    does = does if len(first) < 4 else f"{does}, and more"
    return Problem(
        subject=f"migrations of {application}" if application else "migrations",
        message=(
            f"{len(files)} of the {judged} newest migrations {stop} a table in use or the version that "
            f"runs ({named(names)}): {does}."
        ),
        evidence=tuple(
            Evidence(danger.at, f"{name_of(danger)}: {HABITS[danger.kind]}")
            for danger, _, _ in found[:MAX_EVIDENCE]
        ),
        data={
            "kinds": [f"{kind}: {kinds[kind]}" for kind in first],
            "tables": sorted({danger.table for danger, _, _ in found}),
            "engine": found[0][2],
            "judged": judged,
            "instead": list(dict.fromkeys(how(d, e) for d, _, e in found)),
        },
        severity=grade(found[0][0], found[0][1]),
        confidence=max((sure(d, t) for d, t, _ in found), key=lambda c: c.rank),
    )


def times(count: int) -> str:
    return "(once)" if count == 1 else f"({count} times)"
