"""Whole rows are loaded with their long texts, and only short columns of them are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
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
from scaleaudit_rules._telling import listed, named
from scaleaudit_rules.data._growth_signs import outgrows_people
from scaleaudit_rules.data._told_together import together
from scaleaudit_rules.data._whole_reads import fetches_everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Site, Table
    from scaleaudit_rules.data._told_together import Together

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
    uses = (
        (site, table)
        for site in architecture.sites(QueryFound)
        if (table := loaded_for_little(architecture, site)) is not None
    )
    for group in together(uses, options.ignore_tables):
        yield problem(group)


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


def problem(group: Together) -> Problem:
    site, table = group.first
    taken, wide = site.fact.taken, wide_columns(table)
    long_ones = listed(tuple(wide))
    return Problem(
        subject=f"rows of {group.application}" if group.application else table.name,
        message=(
            f"Whole rows of {named(group.tables)} are loaded with long columns that the code does "
            "not look at: each row is read, sent and kept for a few bytes of it."
            if group.application
            else f"Whole rows of {table.name} are loaded for {listed(taken)} alone, with "
            f"{long_ones}: each row is read, sent and kept for a few bytes of it."
        ),
        evidence=group.evidence(f"{table.name} keeps {long_ones}"),
        data={**group.data(list(taken), []), "wide": wide},
        weight=group.weight,
    )
