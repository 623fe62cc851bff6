"""Endpoints that give all that somebody ever gathered, in one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Clause,
    Confidence,
    Dimension,
    Evidence,
    Growth,
    Layer,
    Options,
    Phase,
    Problem,
    QueryFound,
    Severity,
    Why,
    regex,
    rule,
)
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, called, named
from scaleaudit_rules.data._growth_signs import (
    OWNER,
    filled_by_use,
    outgrows_people,
    stamped,
)
from scaleaudit_rules.data._handlers import Handlers
from scaleaudit_rules.data._table_names import COMES_DAILY, CONFIGURED, KINDS
from scaleaudit_rules.data._tables import FAST_GROWTH, weight
from scaleaudit_rules.data._whole_reads import (
    fetches_everything,
    is_history,
    narrowing,
    of_tenant,
    waited_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Endpoint, Judged, Predicate, Site, Table

Use = tuple["Site[QueryFound]", "Table", "Endpoint"]
PLACEHOLDER = regex(r"[{<:*]")
FOUND_ONE = {Why.UNIQUE}
OVER = regex(
    r"^(?:is_|was_)?(?:un)?(?:read|seen|viewed|done|finished|completed?|closed|resolved|handled"
    r"|processed|answered|open|pending|running|sent|dismissed|acknowledged)$"
)
REMOVED = regex(r"delet|remov|trash|archiv|hidden|parent|ancestor|reply")
# What gathers rows without end beside people and tenants.
GATHERS = regex(
    r"^(?:project|channel|room|thread|conversation|topic|device|site|website|repository|feed|chat)_?id$"
)


class ListWithoutPaginationOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables of which nobody ever has many rows."""


@rule(
    dimensions=(Dimension.DATA, Dimension.TRAFFIC),
    layer=Layer.ARCHITECTURE,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    phase=Phase.NOW,
    fixes=("pagination",),
    options=ListWithoutPaginationOptions,
)
def list_without_pagination(
    architecture: Architecture, options: ListWithoutPaginationOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    handlers = Handlers(architecture)
    found: dict[str, dict[tuple[str, str], Use]] = {}
    for site, mentions in architecture.judged_queries:
        table = gathered(architecture, site, mentions)
        if table is None or table.name in ignored:
            continue
        endpoint = handlers.of(site)
        if endpoint is not None and is_list_of(endpoint.path, table.name):
            key = endpoint.path, table.name
            found.setdefault(site.application, {}).setdefault(key, (site, table, endpoint))
    for site, table, endpoint in answered(architecture, handlers):
        if table.name not in ignored:
            key = endpoint.path, table.name
            found.setdefault(site.application, {}).setdefault(key, (site, table, endpoint))
    for application, by_path in sorted(found.items()):
        uses = [by_path[key] for key in sorted(by_path)]
        if len(uses) < MANY:
            for use in uses:
                yield problem([use], "")
        else:
            yield problem(uses, called(application))


def is_list_of(path: str, table: str) -> bool:
    """`/users/{id}/messages` and `/messages/of/{user}` of the table `messages`, or `chat_messages`."""
    known = f"_{table}".rstrip("s")
    parts = [part for part in path.split("/") if part and not PLACEHOLDER.search(part)]
    for part in parts:
        word = part.lower().replace("-", "_").partition(".")[0].rstrip("s")
        if len(word) > 2 and known.endswith(f"_{word}"):
            return True
    return False


def gathered(
    architecture: Architecture, site: Site[QueryFound], mentions: tuple[Judged, ...]
) -> Table | None:
    """The table of which a request gets all rows of one owner, more of them every day."""
    query = site.fact
    if not waited_for(site) or not fetches_everything(query) or query.in_loop:
        return None
    table = architecture.schema.table(query.reads[0])
    if table is None or table.columnar or not COMES_DAILY.search(table.words) or not stamped(table):
        return None
    if not outgrows_people(table):
        return None
    conditions = narrowing(architecture, query, table)
    if not conditions or (of_tenant(conditions) and is_history(table)):
        return None  # `unbounded-query` tells it
    if any(is_open(p) for p in query.predicates if p.clause is Clause.FILTER):
        return None
    owned = all(p.operator == "=" and is_owner(p.column) for p in conditions)
    if not owned or len(conditions) > 1 or any(m.verdict.why in FOUND_ONE for m in mentions):
        return None
    return table


def answered(architecture: Architecture, handlers: Handlers) -> Iterator[Use]:
    """What a framework answers with by itself: views that name their rows and no pages."""
    sites = [site for site in architecture.sites(QueryFound) if site.fact.answered]
    files: dict[str, set[str]] = {}
    for site in sites:
        files.setdefault(site.fact.scope, set()).add(site.at.path)
    for site in sites:
        query = site.fact
        table = architecture.schema.table(query.reads[0]) if query.reads else None
        if table is None or query.partial or table.columnar or not waited_for(site):
            continue
        if len(files[query.scope]) > 1:
            continue  # which of these classes is served is not known
        conditions = narrowing(architecture, query, table)
        if conditions is None or not fills(table, whole=not conditions):
            continue
        if any(p.operator != "=" or not is_owner(p.column) for p in conditions):
            continue
        endpoint = handlers.of_class(site)
        if endpoint is not None:
            yield site, table, endpoint


def fills(table: Table, *, whole: bool) -> bool:
    """Rows come with use: of all people together, or else of each."""
    if table.growth is Growth.STATIC or KINDS.search(table.words) or CONFIGURED.search(table.words):
        return False
    happens = COMES_DAILY.search(table.words) is not None and stamped(table)
    if not whole:
        return happens and outgrows_people(table)
    return table.growth in FAST_GROWTH or (happens and filled_by_use(table))


def is_open(test: Predicate) -> bool:
    """What is not over yet: unread, unanswered, running. It stays as short as people keep it."""
    column = test.column.lower()
    if test.operator == "is-null":
        return REMOVED.search(column) is None
    return test.constant and OVER.search(column) is not None


def is_owner(column: str) -> bool:
    return OWNER.search(column.lower()) is not None or GATHERS.match(column.lower()) is not None


def problem(uses: list[Use], application: str) -> Problem:
    uses = sorted(uses, key=lambda use: use[1].growth is not Growth.APPEND_ONLY)
    site, table, endpoint = uses[0]
    # A route to a class names no method: what the class lists is asked for by GET.
    paths = [f"{'GET' if each.method == '*' else each.method} {each.path}" for _, _, each in uses]
    evidence = [
        Evidence(each.at, f"{path}: {each.fact.text}")
        for (each, _, _), path in zip(uses[:MAX_EVIDENCE], paths, strict=False)
    ]
    if not application:
        evidence.append(Evidence(endpoint.at, "served here"))
        if table.at is not None:
            evidence.append(Evidence(table.at, f"table {table.name} is defined here"))
    owned = all(any(is_owner(p.column) for p in each.fact.predicates) for each, _, _ in uses)
    owner = " of one owner" if owned else ""
    what = (
        f"{len(uses)} endpoints return all rows{owner}, {named(paths)}"
        if application
        else f"{paths[0]} returns all {table.name}{owner}"
    )
    return Problem(
        subject=f"lists of {application}" if application else f"{paths[0]} {table.name}",
        message=(
            f"{what}, without pages: answers grow with use, and clients that rely on getting "
            "everything make pages a breaking change."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "tables": list(dict.fromkeys(each.name for _, each, _ in uses)),
            "columns": sorted({p.column for p in site.fact.predicates if p.table == table.name}),
            "clause": sorted({p.clause.value for p in site.fact.predicates}),
            "engine": table.dialect or None,
            "origin": site.origin.value,
            "growth": table.growth.value,
            "endpoints": paths,
        },
        severity=Severity.HIGH if table.growth is Growth.APPEND_ONLY else Severity.MEDIUM,
        weight=weight(table, len(uses)),
    )
