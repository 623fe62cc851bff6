"""Whole rows are loaded with their long texts, and only short columns of them are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Options,
    Origin,
    Phase,
    Problem,
    QueryFound,
    Severity,
    regex,
    rule,
)
from scaleaudit_rules.data._growth_signs import outgrows_people
from scaleaudit_rules.data._tables import (
    MANY,
    MAX_EVIDENCE,
    by_reach,
    engine_of,
    listed,
    named,
    weight,
)
from scaleaudit_rules.data._whole_reads import fetches_everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table

Use = tuple["Site[QueryFound]", "Table"]
LONG = regex(
    r"^(?:LONGTEXT|MEDIUMTEXT|BYTEA|BLOB|MEDIUMBLOB|LONGBLOB|VARBINARY|IMAGE|JSONB?|N?CLOB|XML)$"
)
# What is kept as text may be a word; these names say that it is not.
TEXT = regex(r"^N?TEXT$")
LONG_NAMES = regex(
    r"(?:^|_)(?:body|content|contents|html|text|raw|payload|data|document|message|markdown|source|snapshot|xml|json"
    r"|log|logs|output|transcript|biography|article|description|response|request|metadata)$"
)
SHORT_NAMES = regex(r"(?:^|_)(?:settings?|options|preferences|flags|tags|labels|config)$")
# The columns are chosen already.
CHOSEN = regex(
    r"\.(?:only|defer|values|values_list|pluck|select|load_only|with_entities|with_only_columns|options)\("
    r"|(?:select|query)\([^()]*\w\.[a-z_]\w*\s*[,)]"
)


class SelectStarWideOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables whose long columns are short in fact."""


@rule(
    dimensions=(Dimension.DATA, Dimension.COST),
    layer=Layer.ENGINEERING,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    phase=Phase.TO_10K,
    fixes=("projection",),
    options=SelectStarWideOptions,
)
def select_star_wide(
    architecture: Architecture, options: SelectStarWideOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[str, dict[str, list[Use]]] = {}
    for site in architecture.sites(QueryFound):
        table = loaded_for_little(architecture, site)
        if table is not None and table.name not in ignored:
            found.setdefault(site.application, {}).setdefault(table.name, []).append((site, table))
    for application, tables in sorted(found.items()):
        if len(tables) < MANY:
            for _, uses in sorted(tables.items()):
                yield problem(architecture, [uses], "")
        else:
            several = sorted(tables.values(), key=lambda uses: (-len(uses), uses[0][1].name))
            yield problem(architecture, several, application or "the application")


def loaded_for_little(architecture: Architecture, site: Site[QueryFound]) -> Table | None:
    """The table with long columns of which a list of whole rows is read for others."""
    query = site.fact
    if site.origin not in (Origin.HANDLER, Origin.JOB) or not query.taken:
        return None
    if not fetches_everything(query) or CHOSEN.search(query.text):
        return None
    table = architecture.schema.table(query.reads[0])
    if table is None or table.columnar or not outgrows_people(table):
        return None
    columns = [table.column(name) for name in query.taken]
    if any(column is None or is_wide(column.name, column.type) for column in columns):
        return None  # something else is read along, or the long text is what is wanted
    return table if wide_columns(table) else None


def is_wide(name: str, kind: str) -> bool:
    lowered = name.lower()
    if SHORT_NAMES.search(lowered):
        return False
    return LONG.match(kind) is not None or (
        TEXT.match(kind) is not None and LONG_NAMES.search(lowered) is not None
    )


def wide_columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if is_wide(column.name, column.type)]


def problem(architecture: Architecture, several: list[list[Use]], application: str) -> Problem:
    firsts = [min(uses, key=lambda use: by_reach(use[0])) for uses in several]
    site, table = firsts[0]
    names = [each.name for _, each in firsts]
    places = firsts if application else sorted(several[0], key=lambda use: by_reach(use[0]))
    evidence = [Evidence(each.at, each.fact.text) for each, _ in places[:MAX_EVIDENCE]]
    wide = wide_columns(table)
    if not application and table.at is not None:
        evidence.append(Evidence(table.at, f"{table.name} keeps {listed(tuple(wide))}"))
    return Problem(
        subject=f"rows of {application}" if application else table.name,
        message=(
            f"Whole rows of {named(names)} are loaded with long columns that the code does not look "
            "at: each row is read, sent and kept for a few bytes of it."
            if application
            else f"Whole rows of {table.name} are loaded for {listed(site.fact.taken)} alone, with "
            f"{listed(tuple(wide))}: each row is read, sent and kept for a few bytes of it."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "tables": names,
            "columns": list(site.fact.taken),
            "clause": [],
            "engine": engine_of(architecture, table) or None,
            "origin": site.origin.value,
            "growth": table.growth.value,
            "wide": wide,
        },
        weight=weight(table, len(places)),
    )
