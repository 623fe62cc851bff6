"""Whether anything in a query leaves out most rows of its first table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.api import Clause, Origin, attributed, few_values, regex
from scaleaudit_rules.data._choices import TENANT, kept_by_tenant
from scaleaudit_rules.data._table_names import COMES_DAILY, DEALT_WITH

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Predicate, QueryFound, Site, Table

NEVER_NARROWING = {"is-null", "is-not-null", "is-true", "!=", "not-in"}

STAMPED = regex(r"(?:^created|^inserted|_at$|^timestamp$)")
# What is changed after it was made.
EDITED = regex(r"^(?:updated|modified|changed|last_?(?:updated|modified|changed))")
REPOSITORY = regex(r"(?:Repository|Repo|Dao)\.(?:java|kt)$")
# Pages that only those who run the product see: a few calls an hour.
FOR_STAFF = regex(
    r"(?:^|[/_.-])admin|[/_.]Admin[A-Z]\w*|/(?:back_?office|staff|management|moderat\w+|mod|setup|install(?:er|ation)?)/",
    re.IGNORECASE,
)

# Runs once, before there are requests: what it reads is often all there is to set up.
AT_START = regex(
    r"(?:a?wait(?:For|Until|_for|_until)?_?(?:[dD]b|DB|[dD]atabase|[sS]chema)|init(?:iali[sz]e)?|bootstrap|migrate|start_?[uU]p|warm_?[uU]p"
    r"|on_?(?:[mM]odule_?[iI]nit|[aA]pplication_?[bB]ootstrap|[sS]tart(?:_?[uU]p)?))(?=[A-Z_]|$)"
)


def waited_for(site: Site[QueryFound]) -> bool:
    """A request of the product's own users waits for it.

    Who calls the method of a repository is not known where it is declared: often a job. What a cache
    answers is waited for now and then.
    """
    if site.fact.seldom:
        return False
    if site.fact.library == "jpa" and REPOSITORY.search(site.at.path):
        return False
    return site.origin is Origin.HANDLER and not FOR_STAFF.search(site.at.path)


def narrowing(
    architecture: Architecture, query: QueryFound, table: Table
) -> list[Predicate] | None:
    """The conditions that leave few rows of the table; None for one on a column nobody knows, or
    where a table is joined that nobody defines, such as one of a few keys made for the moment."""
    tables = [t for t in map(architecture.schema.table, query.reads) if t is not None]
    if len(tables) < len(query.reads):
        return None
    filters = [p for p in attributed(query.predicates, tables) if p.clause is not Clause.SORT]
    sorts = sum(p.clause is Clause.SORT for p in query.predicates)
    if len(filters) + sorts < len(query.predicates):
        return None
    return [p for p in filters if narrows(p, table)]


def narrows(predicate: Predicate, table: Table) -> bool:
    """A condition on anything but a flag, a status, or the absence of a value; a join with a list."""
    if predicate.clause is Clause.JOIN:
        return predicate.table == table.name and predicate.operator == "in"
    if predicate.operator in NEVER_NARROWING:
        return False
    return not (predicate.table == table.name and few_values(table, predicate.column))


def of_tenant(conditions: list[Predicate]) -> bool:
    """Nothing but the tenant narrows."""
    return bool(conditions) and all(
        TENANT.match(p.column) and p.operator == "=" for p in conditions
    )


def fetches_everything(query: QueryFound) -> bool:
    """A SELECT of plain rows with nothing that ends it."""
    return bool(query.reads) and not (
        query.writes
        or query.limited
        or query.aggregate
        or query.grouped
        or query.streamed
        or query.partial
        or query.library == "sql-view"
    )


def is_history(table: Table) -> bool:
    """Rows with the time of their making, which refer to something: more of them every day.

    What people change afterwards is a list that they keep, unless it is named for what happens.
    """
    names = [column.name.lower() for column in table.columns]
    comes = COMES_DAILY.search(table.words) or DEALT_WITH.search(table.words)
    kept = not comes and any(EDITED.search(name) for name in names)
    stamped = any(STAMPED.search(name) for name in names)
    return bool(table.foreign_keys) and stamped and not kept and not kept_by_tenant(table)


def runs_once(scope: str) -> bool:
    """When the program starts, or what it holds is made."""
    owner, _, name = scope.rpartition(".")
    return AT_START.match(name) is not None or (name != "" and name == owner.rpartition(".")[2])
