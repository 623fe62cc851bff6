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
from scaleaudit_rules.data._key_ends import at_its_pace, kind_of, largest, of_a_thing, severity
from scaleaudit_rules.data._table_names import MANY_FOR_EACH
from scaleaudit_rules.data._tables import FAST_GROWTH, application_at, milder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Column, Schema, Table

# When what does not fill in months is due: tables of ordinary things end with a million users.
DUE = {Severity.MEDIUM: Phase.TO_100K, Severity.LOW: Phase.DEFER}
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
    """Several narrow keys are one decision, taken once: one finding, the fastest tables first."""
    keys = sorted(keys, key=lambda key: MANY_FOR_EACH.search(key.subject.partition(".")[0]) is None)
    keys.sort(key=lambda key: -key.severity.rank if key.severity else 0)
    subjects = [key.subject for key in keys]
    grave = max((key.severity for key in keys if key.severity), key=lambda s: s.rank)
    if not any(key.severity is grave and key.data["growth"] in FAST_GROWTH for key in keys):
        grave = milder(grave)  # by their names alone
    return Problem(
        subject=f"keys of {application}" if application else "keys",
        message=(
            f"{len(keys)} keys count up in {bits(keys)} bits, {named(subjects)}: when one reaches its end, every "
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


def bits(keys: list[Problem]) -> str:
    """How wide they are: `32`, `16 and 32`."""
    widths = sorted({(int(str(key.data["largest"])).bit_length() + 7) // 8 * 8 for key in keys})
    return " and ".join(map(str, widths))


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
