"""A request reads all rows of a table that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.api import (
    Architecture,
    Clause,
    Confidence,
    Dimension,
    Evidence,
    Growth,
    Layer,
    Options,
    Origin,
    Phase,
    Problem,
    QueryFound,
    Severity,
    attributed,
    few_values,
    regex,
    rule,
)
from scaleaudit_rules.data._growth_signs import bounded_by_kind
from scaleaudit_rules.data._tables import FAST_GROWTH, MANY, MAX_EVIDENCE, weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Predicate, Site, Table

    Uses = list[tuple[Site[QueryFound], Table, bool]]  # whether of one tenant

NEVER_NARROWING = {"is-null", "is-not-null", "is-true", "!=", "not-in"}
# A tenant holds the rows of all its users: that bounds a set for a while only.
TENANT = regex(r"^(?:tenant|account|organi[sz]ation|org|company|workspace)_?id$")
# What administrators set up: code inserts rows, but as many as somebody fills in by hand.
CONFIGURED = regex(
    r"(?:^|_)(?:settings?|preferences|options|config\w*|confs?|(?:auth|identity|oauth2?|sso|saml|oidc|login)_?"
    r"(?:providers?|sources?|backends?|connectors?)|plugins?|extensions?|integrations?|clusters?"
    r"|environments?|regions?|zones?|feature_?flags?|themes?|menus?|plans|tiers|smtp\w*|roles?"
    r"|permissions?|worker_?groups?|alert_?groups?|templates?)$"
)
QUOTES = regex(r"[`\"\[\];]")
STAMPED = regex(r"(?:^created|^inserted|_at$|^timestamp$)")


class UnboundedQueryOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA, Dimension.RELIABILITY),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_10K,
    fixes=("bounded-query", "pagination"),
    options=UnboundedQueryOptions,
)
def unbounded_query(
    architecture: Architecture, options: UnboundedQueryOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, str, str], Uses] = {}
    for site in architecture.sites(QueryFound):
        query = site.fact
        if site.origin is not Origin.HANDLER or not fetches_everything(query):
            continue
        table = architecture.schema.table(query.reads[0])
        if table is None or table.growth is Growth.STATIC or table.name in ignored:
            continue
        if CONFIGURED.search(table.name) and table.growth is not Growth.APPEND_ONLY:
            continue
        if bounded_by_kind(query, table):
            continue
        tables = [t for t in map(architecture.schema.table, query.reads) if t is not None]
        filters = [p for p in attributed(query.predicates, tables) if p.clause is not Clause.SORT]
        if len(filters) + sum(p.clause is Clause.SORT for p in query.predicates) < len(
            query.predicates
        ):
            continue  # a condition on a column that nobody knows
        narrowing = [p for p in filters if narrows(p, table)]
        tenant = bool(narrowing) and all(
            TENANT.match(p.column) and p.operator == "=" for p in narrowing
        )
        if tenant and not is_history(table):
            continue
        if narrowing and not tenant:
            continue
        found.setdefault((table.name, site.at.path, query.scope), []).append((site, table, tenant))
    # The same words in several places are one query: a store is often written for each engine.
    written: dict[tuple[str, str], Uses] = {}
    for (name, _, _), uses in sorted(found.items()):
        words = " ".join(QUOTES.sub("", uses[0][0].fact.text.lower()).split())
        written.setdefault((name, words), []).extend(uses)
    # Nor does a file that reads a table whole for several figures need telling more than once.
    in_file: dict[tuple[str, str], Uses] = {}
    for (name, _), uses in written.items():
        in_file.setdefault((name, uses[0][0].at.path), []).extend(uses)
    by_table: dict[tuple[str, bool], list[Uses]] = {}
    for (name, _), uses in in_file.items():
        uses.sort(key=lambda use: use[2])  # of one tenant after those of all
        by_table.setdefault((name, uses[0][2]), []).append(uses)
    for (name, _), files in by_table.items():
        if len(files) < MANY:
            for uses in files:
                site = uses[0][0]
                yield problem(name, f"{name} in {site.at.path} {site.fact.scope}".rstrip(), uses)
        else:
            yield everywhere(name, files)


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


def narrows(predicate: Predicate, table: Table) -> bool:
    """A condition on anything but a flag, a status, or the absence of a value; a join with a list."""
    if predicate.clause is Clause.JOIN:
        return predicate.table == table.name and predicate.operator == "in"
    if predicate.operator in NEVER_NARROWING:
        return False
    return not (predicate.table == table.name and few_values(table, predicate.column))


def is_history(table: Table) -> bool:
    """Rows with the time of their making, which refer to something: more of them every day."""
    return bool(table.foreign_keys) and any(STAMPED.search(c.name.lower()) for c in table.columns)


def everywhere(name: str, files: list[Uses]) -> Problem:
    """A table that many files read whole is most often a list that somebody keeps."""
    found = problem(name, name, [uses[0] for uses in files])
    _, table, tenant = files[0][0]
    kept = table.growth is not Growth.APPEND_ONLY and not tenant
    return replace(found, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM) if kept else found


def problem(name: str, subject: str, uses: Uses) -> Problem:
    site, table, tenant = uses[0]
    evidence = [Evidence(each.at, each.fact.text) for each, _, _ in uses[:MAX_EVIDENCE]]
    if table.at is not None:
        evidence.append(Evidence(table.at, f"table {name} is defined here"))
    grows = table.growth in FAST_GROWTH
    whose = "of a tenant " if tenant else ""
    paths = len({each.at.path for each, _, _ in uses})
    where = f" in {paths} files" if paths >= MANY else ""
    sure = Confidence.HIGH if grows else Confidence.MEDIUM
    return Problem(
        subject=subject,
        message=(
            f"Every row {whose}of {name} is read at once{where}, without LIMIT: time and memory grow "
            "with the table until a request takes the process down."
        ),
        evidence=tuple(evidence),
        data={
            "table": name,
            "columns": sorted({p.column for p in site.fact.predicates if p.table == name}),
            "clause": ["filter"] if tenant else [],
            "origin": site.origin.value,
            "growth": table.growth.value,
            "within_tenant": tenant,
        },
        severity=Severity.HIGH if grows and not tenant else Severity.MEDIUM,
        confidence=Confidence.LOW if tenant else sure,
        weight=weight(table, len(uses)),
    )
