"""Rows are looked up by a key inside a document, and no index knows the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Clause,
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
    Why,
    few_values,
    regex,
    rule,
)
from scaleaudit_rules._telling import MAX_EVIDENCE, named
from scaleaudit_rules.data._growth_signs import TEXT, worth_an_index
from scaleaudit_rules.data._tables import FAST_GROWTH, by_reach, judged_sites, weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.api import Index, Judged, Predicate, Site, Table

IN_DOCUMENT = "->"
COMPARED = {"=", "in", "<", "<=", ">", ">=", "between", "like", "contains", "search"}
FOUND = {Why.UNIQUE, Why.INDEX, Why.ALTERNATIVES}  # the rows are few before the document is opened
DOCUMENT = regex(r"^JSONB?$")
# Where only the function in the statement says that the text is a document.
KEPT_AS_TEXT = regex(
    r"^(?:(?:LONG|MEDIUM|TINY|N)?TEXT|N?VARCHAR|CLOB|CHARACTER VARYING|STRING)\b|^$"
)
WORDS = regex(r"\w+")


class JsonBlobFilterOptions(Options, frozen=True, kw_only=True):
    ignore_tables: tuple[str, ...] = ()
    """Tables that stay small for reasons that the code does not show."""


@rule(
    dimensions=(Dimension.DATA,),
    layer=Layer.ARCHITECTURE,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    phase=Phase.TO_10K,
    fixes=("promote-json",),
    options=JsonBlobFilterOptions,
)
def json_blob_filter(
    architecture: Architecture, options: JsonBlobFilterOptions
) -> Iterator[Problem]:
    ignored = {name.lower() for name in options.ignore_tables}
    found: dict[tuple[str, str], list[tuple[Site[QueryFound], Judged, Predicate]]] = {}
    for site, judged in judged_sites(architecture):
        table = judged.table
        if table.name in ignored or site.fact.writes or not worth_an_index(site, table):
            continue
        asked = looked_into(site.fact, judged)
        if asked is not None:
            found.setdefault((table.name, asked.column.lower()), []).append((site, judged, asked))
    for key in sorted(found):
        yield problem(found[key])


def looked_into(query: QueryFound, judged: Judged) -> Predicate | None:
    """The first comparison with a document's key, when nothing else leaves few rows."""
    table, verdict = judged.table, judged.verdict
    if verdict.why in FOUND or (verdict.is_problem and verdict.why is not Why.SORT):
        return None
    inside = [p for p in judged.predicates if into_document(query, table, p)]
    if not inside or any(narrows(table, p) for p in judged.predicates if p not in inside):
        return None
    if any(knows(index, p) for index in table.indexes for p in inside):
        return None
    return inside[0]


def into_document(query: QueryFound, table: Table, asked: Predicate) -> bool:
    """A comparison with a key that tells rows apart, or with what a document contains."""
    column = table.column(asked.column)
    if column is None or asked.alternative or asked.constant:
        return False
    if asked.clause is not Clause.FILTER or asked.operator not in COMPARED:
        return False
    if not asked.function.startswith(IN_DOCUMENT):
        return asked.operator == "search" and not asked.function and is_document(column.type)
    if not is_document(column.type) and not (
        query.library in TEXT and KEPT_AS_TEXT.search(column.type)
    ):
        return False
    key = asked.function.rpartition(".")[2].removeprefix(IN_DOCUMENT)
    return not key or not few_values(table, key)


def is_document(kind: str) -> bool:
    return DOCUMENT.match(kind) is not None


def narrows(table: Table, asked: Predicate) -> bool:
    """A condition on a column that tells rows apart: the document is opened for few of them."""
    return (
        asked.clause is not Clause.SORT
        and asked.operator in COMPARED - {"contains", "search"}
        and not asked.alternative
        and not asked.constant
        and not asked.function.startswith(IN_DOCUMENT)
        and not few_values(table, asked.column)
    )


def knows(index: Index, asked: Predicate) -> bool:
    """An index on the key, or for containment one on the whole document."""
    for column in index.columns:
        words = {word.lower() for word in WORDS.findall(column)}
        if asked.column.lower() not in words:
            continue
        keys = {word.lower() for word in WORDS.findall(asked.function)}
        if len(words) > 1 and keys <= words:
            return True
        if index.method in ("gin", "inverted", "gist") and not keys and asked.operator == "search":
            return True
    return False


def problem(uses: list[tuple[Site[QueryFound], Judged, Predicate]]) -> Problem:
    uses = sorted(uses, key=lambda use: by_reach(use[0]))
    site, judged, first = uses[0]
    table, column = judged.table, first.column
    engine = table.dialect
    keys = sorted({key_of(use[2]) for use in uses} - {""})
    evidence = [Evidence(each.at, each.fact.text) for each, _, _ in uses[:MAX_EVIDENCE]]
    held = next((c.at for c in table.columns if c.name.lower() == column.lower()), None)
    if held is not None or table.at is not None:
        at = held or table.at
        assert at is not None
        evidence.append(Evidence(at, f"{table.name}.{column} is defined here"))
    general = next((i for i in table.indexes if i.method == "gin" and column in i.columns), None)
    if general is not None and general.at is not None:
        evidence.append(Evidence(general.at, "this index answers @> and ?, not a key compared"))
    grows = table.growth in FAST_GROWTH
    waits = site.origin in (Origin.HANDLER, Origin.UNKNOWN)
    many = len(keys) > 1
    what = f"the key{'s' if many else ''} {named(keys)} inside {column}" if keys else ""
    return Problem(
        subject=f"{table.name}.{column}",
        message=(
            f"{table.name} is searched by {what or f'what {column} contains'}, and no index knows "
            f"{'them' if many else 'it'}: each call opens the document of every row."
        ),
        evidence=tuple(evidence),
        data={
            "table": table.name,
            "columns": [column],
            "clause": ["filter"],
            "engine": engine or None,
            "suggested_index": suggested_index(table, first),
            "origin": site.origin.value,
            "growth": table.growth.value,
            "keys": keys,
        },
        severity=Severity.MEDIUM if grows and waits else Severity.LOW,
        confidence=Confidence.HIGH if grows and keys else Confidence.MEDIUM,
        weight=weight(table, len(uses)),
    )


def key_of(asked: Predicate) -> str:
    return asked.function.removeprefix(IN_DOCUMENT)


def suggested_index(searched: Table, asked: Predicate) -> str | None:
    """The index on the key, in the engine's words; None where they cannot be told."""
    column, keys = asked.column, key_of(asked).split(".")
    table, engine, held = searched.name, searched.dialect, searched.column(column)
    kind = held.type if held is not None else ""
    name = "_".join([table, column, *(key for key in keys if key)])[:59]
    path = f"'$.{'.'.join(keys)}'"
    if engine == "postgres":
        if not keys[0]:
            if asked.function or kind.upper() == "JSON":
                return None  # of one key that is not known; of a type that no index takes whole
            return f"CREATE INDEX CONCURRENTLY {name}_idx ON {table} USING gin ({column})"
        *outer, last = (f"'{key}'" for key in keys)
        arrows = "".join(f" -> {key}" for key in outer)
        return f"CREATE INDEX CONCURRENTLY {name}_idx ON {table} (({column}{arrows} ->> {last}))"
    if engine == "mysql" and keys[0]:
        return f"CREATE INDEX {name}_idx ON {table} ((CAST({column} ->> {path} AS CHAR(100))))"
    if engine == "sqlite" and keys[0]:
        return f"CREATE INDEX {name}_idx ON {table} (json_extract({column}, {path}))"
    return None
