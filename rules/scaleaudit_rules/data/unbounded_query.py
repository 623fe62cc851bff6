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
    Predicate,
    Problem,
    QueryFound,
    Severity,
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, listed, named
from scaleaudit_rules.data._choices import are_choices
from scaleaudit_rules.data._growth_signs import (
    bounded_by_kind,
    filled_by_use,
    is_access,
    is_one_of_each,
    kept_by_hand,
    of_those_who_run_it,
)
from scaleaudit_rules.data._optional_filters import beside_optional_key
from scaleaudit_rules.data._table_names import (
    COMES_DAILY,
    CONFIGURED,
    DEALT_WITH,
    MADE_OR_SOLD,
    MANY_FOR_EACH,
    PEOPLE,
    RECORDED,
    SHARED_BY_MANY,
)
from scaleaudit_rules.data._tables import FAST_GROWTH, weight
from scaleaudit_rules.data._tenant_variants import has_tenant_variant, tenant_variants
from scaleaudit_rules.data._whole_reads import (
    FOR_STAFF,
    fetches_everything,
    is_history,
    narrowing,
    of_tenant,
    runs_once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table

    Uses = list[tuple[Site[QueryFound], Table, bool]]  # whether of one tenant

# What a view is made of, where Scenic keeps it: whoever asks the view narrows it.
VIEW = regex(r"(?:^|/)db/views/[^/]+_v\d+\.sql$")
OF_USE = (COMES_DAILY, DEALT_WITH, MADE_OR_SOLD, MANY_FOR_EACH, PEOPLE, RECORDED)
FLAG = regex(r"(?i)^(?:BOOL|BIT\b|TINYINT|$)")
HALF = 50  # places: of two tables that grow alike, what use fills comes first
QUOTES = regex(r"[`\"\[\];]")


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
    variants = tenant_variants(architecture)
    for site in architecture.sites(QueryFound):
        query = site.fact
        if site.origin is not Origin.HANDLER or not fetches_everything(query):
            continue
        # Who keeps a whole table in a cache knows that it stays small.
        if runs_once(query.scope) or query.seldom:
            continue
        if VIEW.search(site.at.path) or FOR_STAFF.search(site.at.path):
            continue
        if FOR_STAFF.search(query.scope):
            continue
        table = architecture.schema.table(query.reads[0])
        if table is None or table.growth is Growth.STATIC or table.name in ignored:
            continue
        if CONFIGURED.search(table.words) and table.growth is not Growth.APPEND_ONLY:
            continue
        if is_access(table) or is_one_of_each(table):
            continue
        if bounded_by_kind(query, table) or of_those_who_run_it(query, table):
            continue
        conditions = narrowing(architecture, query, table)
        if conditions is None:
            continue
        tenant = of_tenant(conditions) or has_tenant_variant(
            variants, site, table.name, query.predicates
        )
        if tenant and (
            not is_history(table) or any(are_choices(table, p.column) for p in conditions)
        ):
            continue
        if conditions and (not tenant or of_one_kind(query, table, conditions)):
            continue
        if beside_optional_key(architecture, site):
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
    of_tenants = {name: files for (name, tenant), files in by_table.items() if tenant}
    if len(of_tenants) >= MANY:
        yield each_tenants(of_tenants)
    for (name, tenant), files in by_table.items():
        if tenant and len(of_tenants) >= MANY:
            continue
        if len(files) < MANY:
            for uses in files:
                site = uses[0][0]
                yield problem(name, f"{name} in {site.at.path} {site.fact.scope}".rstrip(), uses)
        else:
            yield everywhere(name, files)


def each_tenants(by_table: dict[str, list[Uses]]) -> Problem:
    """Reading all that a tenant has is a habit of the application: one decision ends it."""
    names = sorted(by_table, key=lambda name: (-len(by_table[name]), name))
    found = [problem(name, name, [uses[0] for uses in by_table[name]]) for name in names]
    return replace(
        found[0],
        subject="rows of a tenant",
        message=(
            f"Every row of a tenant is read at once, without LIMIT, of {len(names)} tables "
            f"({named(names)}): time and memory grow with the largest tenant until a request takes "
            "the process down."
        ),
        evidence=tuple(each.evidence[0] for each in found)[:MAX_EVIDENCE],
        data={**found[0].data, "tables": names},
        severity=Severity.MEDIUM,
    )


def everywhere(name: str, files: list[Uses]) -> Problem:
    """A table that many files read whole is most often a list that somebody keeps."""
    _, table, tenant = files[0][0]
    subject = f"{name} of a tenant" if tenant else name
    found = problem(name, subject, [uses[0] for uses in files])
    kept = table.growth is not Growth.APPEND_ONLY and not tenant
    return replace(found, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM) if kept else found


def one_kind(table: Table, test: Predicate) -> bool:
    """What is open, or of one type, is a part of the rows; what a flag lets through is most of them."""
    if test.operator not in ("=", "in"):
        return False
    column = table.column(test.column)
    return not test.constant or (column is not None and not FLAG.match(column.type))


def of_one_kind(query: QueryFound, table: Table, others: list[Predicate]) -> bool:
    """Beside what the other conditions say, such as one tenant."""
    named = {test.column for test in others}
    return any(
        test.table == table.name
        and test.clause is Clause.FILTER
        and test.column not in named
        and one_kind(table, test)
        for test in query.predicates
    )


def named_for_use(table: Table) -> bool:
    """By its name rows come with those who use the product, not with whoever sets it up."""
    return any(each.search(table.words) is not None for each in OF_USE)


def gravity(table: Table, *, whole: bool) -> Severity:
    """By what is known of the table: that code fills it, that it looks so, or nothing at all.

    `whole`: neither the rows of one tenant nor those of one state or kind.
    """
    if not whole:
        return Severity.LOW
    if table.growth in FAST_GROWTH:
        if kept_by_hand(table):
            return Severity.LOW
        fills = table.growth is Growth.APPEND_ONLY or filled_by_use(table) or named_for_use(table)
        few = SHARED_BY_MANY.search(table.words) is not None
        return Severity.HIGH if fills and not few else Severity.MEDIUM
    return Severity.MEDIUM if filled_by_use(table) else Severity.LOW


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
    flags = [p for p in site.fact.predicates if p.table == name and p.clause is Clause.FILTER]
    what = f"Every row {whose}of {name} is"
    if flags and not tenant:
        columns = listed(tuple(dict.fromkeys(p.column for p in flags)))
        what = f"All rows of {name} that pass a test of {columns} are"
    part = any(one_kind(table, p) for p in flags) and not tenant
    return Problem(
        subject=subject,
        message=(
            f"{what} read at once{where}, without LIMIT: time and memory grow "
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
        severity=gravity(table, whole=not part and not tenant),
        confidence=Confidence.LOW if tenant else sure,
        weight=weight(table, len(uses) + (HALF if named_for_use(table) else 0)),
    )
