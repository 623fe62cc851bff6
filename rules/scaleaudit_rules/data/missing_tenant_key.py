"""Large tables of a tenant that do not say whose their rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

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
    Table,
    regex,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, named
from scaleaudit_rules.data._growth_signs import outgrows_people
from scaleaudit_rules.data._table_names import PEOPLE, one_or_many
from scaleaudit_rules.data._tables import FAST_GROWTH, weight

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = regex(r"(?:^|_)(organi[sz]ations?|orgs?|accounts?|tenants?|workspaces?|compan(?:y|ies))$")
# The columns of one person, or of what belongs to one: such an account is no tenant.
PERSONAL = regex(
    r"^(?:encrypted_|hashed_)?password|^(?:first|last|user)_?name$|^user_?id$|^provider_account_id$"
)
# A word of other trades too: of those accounts that are no tenant's.
AMBIGUOUS = regex(r"(?:^|_)accounts?$")
MEMBERS = regex(r"(?:^|_)(?:users?|members?|memberships?|people|persons?|employees?)$")
FEWEST = 8  # tables that carry the key, for it to be the product's own rule
MOST_LEFT_OUT = 0.4  # of a tenant's tables
MAX_STEPS = 4
TIME = regex(r"(?:_at|_on|at|_date|_time)$")
REFERENCE = regex(r"^(\w+?)_?id$")


class Owned(msgspec.Struct, frozen=True):
    table: Table
    way: tuple[str, ...]  # the tables up to the tenant's, both included


class MissingTenantKeyOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that need no key of their tenant's."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_1K,
    fixes=("tenant-key",),
    options=MissingTenantKeyOptions,
)
def missing_tenant_key(
    architecture: Architecture, options: MissingTenantKeyOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    tables = architecture.schema.tables
    parents = {name: references(table, tables) for name, table in tables.items()}
    found: list[tuple[Table, list[Owned], int]] = []
    for name, table in sorted(tables.items()):
        if not is_tenant(table) or not has_people(name, tables, parents):
            continue
        owned = below(name, tables, parents)
        carrying = sum(len(each.way) == 2 for each in owned)
        if carrying < FEWEST or carrying < (1 - MOST_LEFT_OUT) * len(owned):
            continue
        found.append((table, owned, carrying))
    if not found:
        return
    # Of several (an organisation and its workspaces) the one that most tables name.
    root, owned, carrying = max(found, key=lambda each: (each[2], each[0].name))
    above = ancestors(root.name, parents)
    left_out = [
        each
        for each in owned
        if len(each.way) > 2
        and each.table.name not in above
        and each.table.name not in ignored
        and outgrows_people(each.table)
        and not only_ties(each.table)
    ]
    if left_out:
        left_out.sort(key=lambda e: (e.table.growth not in FAST_GROWTH, e.table.name))
        yield problem(root, left_out, carrying)


def is_tenant(table: Table) -> bool:
    """Named as one, and neither a person nor what belongs to a person."""
    return ROOT.search(table.words) is not None and not any(
        PERSONAL.search(column.name.lower()) for column in table.columns
    )


def has_people(name: str, tables: dict[str, Table], parents: dict[str, set[str]]) -> bool:
    """The accounts of a ledger have none; where no people are known, the name has to do.

    Nor have accounts that belong to what the people belong to: a family's, of whom one is its default.
    """
    people = [each for each in tables if MEMBERS.search(each) and each != name]
    if AMBIGUOUS.search(name) is None or not people:
        return True
    owners = {up for up in parents[name] if up not in people}
    if any(owners & parents[each] for each in people):
        return False
    return any(
        name in parents[each] or any(name in parents[up] for up in parents[each]) for each in people
    )


def only_ties(table: Table) -> bool:
    """Nothing of its own but references and times: found from either end."""
    return all(
        column.name.lower() == "id"
        or REFERENCE.match(column.name.lower())
        or TIME.search(column.name.lower())
        for column in table.columns
    )


def references(table: Table, tables: dict[str, Table]) -> set[str]:
    """The tables that it refers to, by its keys or by the names of its columns."""
    found = {key.table for key in table.foreign_keys if key.table in tables}
    alone = [key.columns[0].lower() for key in table.foreign_keys if len(key.columns) == 1]
    for column in table.columns:
        match = REFERENCE.match(column.name.lower())
        if match is not None and column.name.lower() not in alone:
            found.update(name for name in one_or_many(match[1]) if name in tables)
    return found - {table.name}


def ancestors(name: str, parents: dict[str, set[str]]) -> set[str]:
    """What a tenant itself belongs to: an organisation above its workspaces."""
    found: set[str] = set()
    border = {name}
    for _ in range(MAX_STEPS):
        border = {up for each in border for up in parents[each]} - found - {name}
        found |= border
    return found


def below(root: str, tables: dict[str, Table], parents: dict[str, set[str]]) -> list[Owned]:
    """The tables from which keys lead to the root, each by its shortest way.

    No way leads over people: one of them may belong to several tenants.
    """
    ways: dict[str, tuple[str, ...]] = {root: (root,)}
    border = [root]
    for _ in range(MAX_STEPS):
        reached: dict[str, tuple[str, ...]] = {}
        for name in sorted(tables):
            if name in ways:
                continue
            ends = [at for at in border if at in parents[name]]
            if ends:
                reached[name] = (name, *ways[ends[0]])
        ways.update(reached)
        border = [name for name in reached if not is_people(tables[name])]
    del ways[root]
    return [
        Owned(tables[name], way)
        for name, way in ways.items()
        if tables[name].growth is not Growth.STATIC
    ]


def is_people(table: Table) -> bool:
    return PEOPLE.search(table.words) is not None or any(
        PERSONAL.search(column.name.lower()) and "pass" in column.name.lower()
        for column in table.columns
    )


def problem(root: Table, left_out: list[Owned], carrying: int) -> Problem:
    names = [each.table.name for each in left_out]
    evidence = [
        Evidence(each.table.at, " → ".join(each.way))
        for each in left_out[:MAX_EVIDENCE]
        if each.table.at is not None
    ]
    if root.at is not None:
        evidence.append(Evidence(root.at, f"{carrying} tables refer to {root.name} themselves"))
    first = left_out[0].table
    several = len(names) > 1
    return Problem(
        subject=f"tables of {root.name}",
        message=(
            f"{named(names)} {'belong' if several else 'belongs'} to {root.name} only through other "
            f"tables, unlike {carrying} others: {'their' if several else 'its'} rows cannot be "
            "filtered, indexed, moved or deleted by tenant without a join."
        ),
        evidence=tuple(evidence),
        data={
            "table": first.name,
            "tables": names,
            "columns": [],
            "clause": [],
            "engine": first.dialect or None,
            "growth": first.growth.value,
            "tenant": root.name,
            "carrying": carrying,
        },
        severity=Severity.HIGH if first.growth in FAST_GROWTH else Severity.MEDIUM,
        weight=weight(first, len(left_out)),
    )
