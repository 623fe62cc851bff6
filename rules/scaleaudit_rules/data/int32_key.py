"""A key that counts up in 32 bits, on a table that people fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Growth,
    Layer,
    Options,
    Phase,
    Problem,
    Severity,
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, SEVERAL, named
from scaleaudit_rules.data._table_names import (
    COMES_DAILY,
    MANY_FOR_EACH,
    PEOPLE_AND_GROUPS,
    RECORDED,
    one_or_many,
)
from scaleaudit_rules.data._tables import FAST_GROWTH, application_at, milder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Column, Schema, Table

# Type -> its largest value (manuals of PostgreSQL, MySQL, SQL Server; MySQL's UNSIGNED doubles it).
LARGEST = {
    "INT": 2**31 - 1, "INTEGER": 2**31 - 1, "INT4": 2**31 - 1, "SERIAL": 2**31 - 1, "SERIAL4": 2**31 - 1,
    "MEDIUMINT": 2**23 - 1, "SMALLINT": 2**15 - 1, "INT2": 2**15 - 1, "SMALLSERIAL": 2**15 - 1,
    "SERIAL2": 2**15 - 1, "TINYINT": 2**7 - 1,
}  # fmt: skip
# When what does not fill in months is due: tables of ordinary things end with a million users.
DUE = {Severity.MEDIUM: Phase.TO_100K, Severity.LOW: Phase.DEFER}
# What is written down of a thing, each time that somebody does something with it.
WRITTEN_DOWN = regex(
    r"(?:^|_)(?:events?|logs?|histor(?:y|ies)|activit(?:y|ies)|audits?|comments?|changes?|revisions?|versions?|attempts?)$"
)
FOR_THINGS = 3  # tables that refer to one
WIDE = regex(r"^(?:BIGINT|INT8|BIGSERIAL|SERIAL8)\b")


class Int32KeyOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ENGINEERING,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.NOW,
    fixes=("bigint",),
    options=Int32KeyOptions,
    later=(Phase.TO_100K, Phase.DEFER),
)
def int32_key(architecture: Architecture, options: Int32KeyOptions) -> Iterator[Problem]:
    schema = architecture.schema
    ignored = {name.lower() for name in options.ignore_tables}
    narrow: dict[str, list[Problem]] = {}
    references: dict[str, list[Problem]] = {}  # by what they refer to
    wide: dict[str, int] = {}  # keys of 64 bits of each application
    for name, table in sorted(schema.tables.items()):
        if name in ignored or table.growth is Growth.STATIC:
            continue
        engine = table.dialect
        if engine == "sqlite":
            continue  # INTEGER is 64 bits there
        key = table.primary_key
        column = table.column(key[0]) if len(key) == 1 else None
        if column is not None and column.auto_increment and largest(column, engine):
            counting = narrow_key(schema, table, column, engine)
            narrow.setdefault(application_at(architecture, table.at), []).append(counting)
        elif column is not None and column.auto_increment and WIDE.match(column.type):
            application = application_at(architecture, table.at)
            wide[application] = wide.get(application, 0) + 1
        for target, found in narrow_references(schema, table, engine):
            references.setdefault(target, []).append(found)
    if sum(map(len, references.values())) >= MANY:
        yield left_behind(references)
    else:
        yield from (found for found_there in references.values() for found in found_there)
    for application, keys in narrow.items():
        chosen = wide.get(application, 0) >= MANY and len(keys) < MANY
        told = [key for key in keys if not (chosen and looks_small(key))]
        yield from told if len(told) < SEVERAL else [habit(application, told)]


def largest(column: Column, engine: str) -> int:
    """The greatest number that the column holds; 0 when it is wide enough or no integer.

    SERIAL in MySQL is a BIGINT UNSIGNED.
    """
    base, _, rest = kind_of(column, engine).partition(" ")
    if engine == "mysql" and base == "SERIAL":
        return 0
    top = LARGEST.get(base, 0)
    return top * 2 + 1 if top and "UNSIGNED" in rest else top


def kind_of(column: Column, engine: str) -> str:
    """Its type; what a mapper calls unsigned has a sign where the engine knows nothing else."""
    return column.type if engine in ("", "mysql") else column.type.replace(" UNSIGNED", "")


def narrow_key(schema: Schema, table: Table, column: Column, engine: str) -> Problem:
    top, kind = largest(column, engine), kind_of(column, engine)
    followers = [
        other.column(key.columns[0])
        for other in schema.tables.values()
        for key in other.foreign_keys
        if key.table == table.name and len(key.columns) == 1
    ]
    evidence = [Evidence(place, f"{table.name}.{column.name} is {kind}")
                for place in [column.at or table.at] if place is not None]  # fmt: skip
    evidence += [
        Evidence(each.at, "refers to it, to be widened too")
        for each in followers
        if each is not None and each.at is not None and largest(each, engine)
    ][:10]
    return Problem(
        subject=f"{table.name}.{column.name}",
        message=(
            f"{table.name}.{column.name} counts up in {kind} and ends at {top:,}: then every "
            f"insert into {table.name} fails. Widening it is minutes of work now, a project later."
        ),
        evidence=tuple(evidence),
        data=figures(table, column, engine, top),
        severity=(grave := at_its_pace(table, of_a_thing(schema, table, severity(table, top)))),
        phase=DUE.get(grave),
    )


def looks_small(key: Problem) -> bool:
    """Nothing says that its table fills: beside wide keys, somebody chose it for a small one."""
    return key.severity is Severity.LOW and key.data["growth"] == Growth.UNKNOWN.value


def habit(application: str, keys: list[Problem]) -> Problem:
    """Several keys of 32 bits are one decision, taken once: one finding, the fastest tables first."""
    keys = sorted(keys, key=lambda key: MANY_FOR_EACH.search(key.subject.partition(".")[0]) is None)
    keys.sort(key=lambda key: -key.severity.rank if key.severity else 0)
    subjects = [key.subject for key in keys]
    grave = max((key.severity for key in keys if key.severity), key=lambda s: s.rank)
    if not any(key.severity is grave and key.data["growth"] in FAST_GROWTH for key in keys):
        grave = milder(grave)  # by their names alone
    return Problem(
        subject=f"keys of {application}" if application else "keys",
        message=(
            f"{len(keys)} keys count up in 32 bits, {named(subjects)}: when one reaches its end, every "
            "insert into its table fails. Wide keys in new tables cost nothing; widen those of the "
            "fastest tables while they are small."
        ),
        evidence=tuple(key.evidence[0] for key in keys),
        data={
            "tables": [subject.partition(".")[0] for subject in subjects],
            "largest": min(int(str(key.data["largest"])) for key in keys),
            "engine": keys[0].data["engine"],
        },
        severity=grave,
        phase=DUE.get(grave),
    )


def left_behind(references: dict[str, list[Problem]]) -> Problem:
    """Keys were widened, or made wide, and what refers to them was not: one repair."""
    found = sorted(
        (each for found_there in references.values() for each in found_there),
        key=lambda each: (-each.severity.rank if each.severity else 0, each.subject),
    )
    top = min(int(str(each.data["largest"])) for each in found)
    parents = sorted(references, key=lambda parent: (-len(references[parent]), parent))
    return replace(
        found[0],
        subject=f"references to {parents[0]}" if len(parents) == 1 else "references to wide keys",
        message=(
            f"{len(found)} columns refer to {named(parents)} in fewer bits than "
            f"{'it has' if len(parents) == 1 else 'these have'}, "
            f"{named([each.subject for each in found])}: rows above {top:,} cannot be referred to."
        ),
        evidence=(*(each.evidence[0] for each in found[:MAX_EVIDENCE]), *found[0].evidence[1:]),
        data={
            "tables": [str(each.data["table"]) for each in found],
            "columns": [each.subject for each in found],
            "largest": top,
            "engine": found[0].data["engine"],
        },
    )


def narrow_references(schema: Schema, table: Table, engine: str) -> Iterator[tuple[str, Problem]]:
    """A foreign key with fewer bits than what it refers to breaks before its parent does."""
    for key in table.foreign_keys:
        parent = schema.table(key.table)
        if len(key.columns) != 1 or parent is None or parent.growth is Growth.STATIC:
            continue
        target = parent.column(
            key.references[0] if key.references else "".join(parent.primary_key[:1])
        )
        column = table.column(key.columns[0])
        if column is None or target is None or not target.auto_increment:
            continue
        top = largest(column, engine)
        wide = WIDE.match(target.type) or (engine == "mysql" and target.type == "SERIAL")
        place = column.at or table.at
        if not top or not wide or place is None:
            continue
        evidence = [Evidence(place, f"{table.name}.{column.name} is {column.type}")]
        if target.at is not None:
            evidence.append(Evidence(target.at, f"{parent.name}.{target.name} is {target.type}"))
        found = Problem(
            subject=f"{table.name}.{column.name}",
            message=(
                f"{table.name}.{column.name} holds {kind_of(column, engine)} but refers to "
                f"{parent.name}.{target.name}, a {target.type}: rows of {parent.name} above {top:,} "
                "cannot be referred to."
            ),
            evidence=tuple(evidence),
            data=figures(table, column, engine, top),
            severity=(grave := of_a_thing(schema, parent, severity(parent, top))),
            phase=DUE.get(grave),
        )
        yield f"{parent.name}.{target.name}", found


def figures(
    table: Table, column: Column, engine: str, top: int
) -> dict[str, str | int | float | bool | list[str] | None]:
    return {
        "table": table.name,
        "columns": [column.name],
        "type": kind_of(column, engine),
        "largest": top,
        "engine": engine or None,
        "growth": table.growth.value,
    }


def of_a_thing(schema: Schema, table: Table, known: Severity) -> Severity:
    """What several tables refer to is planned, sold or said, not one of the traces of that.

    Nor do the traces of each such thing come to thousands for each user: `expense_logs`, the events of
    an incident. What people look at and click does.
    """
    if known is not Severity.HIGH or largest_of_key(table) < 2**31 - 1:
        return known
    trace = MANY_FOR_EACH.search(table.words)
    thing = table.words[: trace.start()].strip("_") if trace is not None else ""
    things = {other.words for other in schema.tables.values()} & set(one_or_many(thing))
    if thing and any(PEOPLE_AND_GROUPS.search(each) is None for each in things):
        return Severity.MEDIUM
    parents = [schema.table(key.table) for key in table.foreign_keys]
    of_things = [p for p in parents if p is not None and not PEOPLE_AND_GROUPS.search(p.words)]
    if of_things and WRITTEN_DOWN.search(table.words):
        return Severity.MEDIUM
    around = {
        other.name
        for other in schema.tables.values()
        for key in other.foreign_keys
        if key.table == table.name and other is not table
    }
    return Severity.MEDIUM if len(around) >= FOR_THINGS else known


def largest_of_key(table: Table) -> int:
    column = table.column("".join(table.primary_key[:1]))
    return largest(column, table.dialect) or 2**63 if column is not None else 2**63


def severity(table: Table, top: int) -> Severity:
    """Events fill a table in months; what people add now and then, or one row a user, in decades."""
    if table.growth is Growth.APPEND_ONLY and not PEOPLE_AND_GROUPS.search(table.words):
        return Severity.HIGH if MANY_FOR_EACH.search(table.words) is not None else Severity.MEDIUM
    if top < 2**31 - 1:  # somebody chose it for a small table, and may have been right
        fills = table.growth is Growth.GROWING or MANY_FOR_EACH.search(table.words) is not None
        return Severity.HIGH if fills else Severity.LOW
    if MANY_FOR_EACH.search(table.words):
        return Severity.MEDIUM
    daily = COMES_DAILY.search(table.words) or RECORDED.search(table.words)
    return Severity.MEDIUM if table.growth is Growth.GROWING and daily else Severity.LOW


def at_its_pace(table: Table, known: Severity) -> Severity:
    """That code adds rows alone says not how many: a site, a goal, a webhook."""
    daily = any(
        each.search(table.words) is not None for each in (COMES_DAILY, RECORDED, MANY_FOR_EACH)
    )
    slow = table.growth is Growth.GROWING and not daily and largest_of_key(table) >= 2**31 - 1
    return Severity.LOW if slow else known
