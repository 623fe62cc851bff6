"""Indexes that code makes through bun: `db.NewCreateIndex().Model(...).Index("a").Column("b").Exec(ctx)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact, TableChanged
from scaleaudit.languages.go.mappers.bun_models import default_table
from scaleaudit.languages.go.mappers.bun_names import fragment, literal, model_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.mappers.links import Chain
    from scaleaudit.languages.go.reader import GoReader

ORDER = regex(r"(?i)\s+(?:asc|desc)(?:\s+nulls\s+(?:first|last))?\s*$")
# What a loop goes over: `"index": {"a", "b"}`, `"index": "a"`, `{table: "t", columns: []string{"a"}}`.
LISTED = regex(r"\{\s*(\"\w+\"(?:\s*,\s*\"\w+\")*)\s*,?\s*\}")
TEXT = regex(r"\"(\w+)\"")
PAIR = regex(r"\s*\"(\w+)\"\s*:\s*\"(\w+)\"\s*")
OF_TABLE = regex(r"\b\w*[tT]able\w*\s*:\s*\"(\w+)\"")
KEY = regex(r"\s*\"(\w+)\"\s*:")
MAX_ELEMENTS = 200
MAX_LOOPS = 4


def index_made(reader: GoReader, chain: Chain) -> Iterator[TableChanged]:
    """One index, or one for each round of a loop over what stands there."""
    name = of = where = method = ""
    columns: list[str] = []
    unique = False
    for link in chain.links:
        given = link.args
        if link.name == "Index" and given:
            name = literal(reader, given[0])
        elif link.name == "Unique":
            unique = True
        elif link.name == "Model" and given:
            of = default_table(model_of(reader, given[0]).rpartition(".")[2])
        elif link.name in ("Table", "TableExpr", "ModelTableExpr") and given:
            of = literal(reader, given[0]) or fragment(reader, given[0], given[1:]) or ""
        elif link.name == "Column":
            columns.extend(literal(reader, each) for each in given)
        elif link.name == "ColumnExpr" and given:
            columns.append(expression(fragment(reader, given[0], given[1:]) or ""))
        elif link.name == "Where":
            where = (fragment(reader, given[0], given[1:]) or "?") if given else ""
        elif link.name == "Using" and given:
            method = literal(reader, given[0]).lower()
    of = of.strip('"')
    call = chain.links[-1].call
    found = [(of, tuple(columns))]
    if not of.isidentifier() or not columns or not all(columns):
        found = [(of if of.isidentifier() else t, c) for t, c in in_loop(reader, call)]
    at = reader.span(call)
    for table, named in found:
        if table and "(?)" not in named:
            index = IndexFact(
                named, name, unique, False, where, "" if method == "btree" else method, at
            )
            yield TableChanged(at, table.lower(), "add-index", index=index)


def expression(text: str) -> str:
    """`name DESC` as the column, anything else in parentheses."""
    plain = ORDER.sub("", text).strip().strip('"')
    return plain if plain.isidentifier() or not plain else f"({plain})"


def in_loop(reader: GoReader, call: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Tables (empty where a round does not tell) and columns of what the loops around go over."""
    loops = 0
    for above in reader.ancestors(call):
        if above.type != "for_statement":
            continue
        loops += 1
        clause = next((c for c in above.named_children if c.type == "range_clause"), None)
        over = clause.child_by_field_name("right") if clause is not None else None
        if over is not None and over.type == "composite_literal":
            body = over.child_by_field_name("body")
            for element in body.named_children[:MAX_ELEMENTS] if body is not None else ():
                yield from round_of(reader.text(element)[:4_000])
            return
        if loops >= MAX_LOOPS:
            return


def round_of(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    pair = PAIR.fullmatch(text)
    if pair is not None:
        yield "", (pair[2],)
        return
    told = OF_TABLE.search(text) or KEY.match(text)
    table = told[1] if told is not None else ""
    for match in LISTED.finditer(text):
        yield table, tuple(TEXT.findall(match[1]))
