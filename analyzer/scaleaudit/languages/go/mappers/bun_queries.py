"""Queries through bun: `db.NewSelect().Model(&users).Where("name = ?", x).OrderExpr("id DESC").Scan(ctx)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, OrmQuery, QueryFound, TableChanged
from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers.bun_calls import ALONG, take, unaliased
from scaleaudit.languages.go.mappers.bun_indexes import index_made
from scaleaudit.languages.go.mappers.bun_names import fragment
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.gorm_calls import Asked, respelled
from scaleaudit.languages.go.mappers.gorm_queries import on_table
from scaleaudit.languages.go.mappers.links import arguments, shown
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

WORTH = regex(rb"\.\s*New(?:Select|Update|Delete|CreateIndex)\(\)")
LAST = frozenset({"Scan", "Count", "Exists", "ScanAndCount", "Rows", "Exec"})
FINISHED = regex(rb"\.\s*(?:Scan|Count|Exists|ScanAndCount|Rows|Exec)\(")
GIVEN = regex(rb"\.\s*(?:Where|WhereOr|With|WithRecursive|TableExpr|Join|JoinOn|ColumnExpr)\(")
MAX_GIVEN = 1_000  # calls of one file
BEGUN = {"NewSelect": "Scan", "NewUpdate": "Update", "NewDelete": "Delete"}
ONE = {"Exists", "First", "Last", "SelectOrInsert"}
FIGURE = regex(r"(?i)\s*(?:count|sum|avg|min|max)\s*\((?!.*\bover\b)")


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound | TableChanged]:
    if b"New" not in reader.content or WORTH.search(reader.content) is None:
        return
    chains = Chains(reader, ends=LAST)
    for chain in chains.ending(FINISHED, LAST):
        names = {link.name for link in chain.links}
        if "NewCreateIndex" in names:
            yield from index_made(reader, chain)
        elif names & BEGUN.keys():
            started = next(n for n, link in enumerate(chain.links) if link.name in BEGUN)
            kind = BEGUN[chain.links[started].name]
            yield from told(reader, "bun", kind, chain.links[started:])
    if reader.content.count(b"NewSelect()") > 1:
        yield from inside_others(reader, chains)


def inside_others(reader: GoReader, chains: Chains) -> Iterator[OrmQuery | QueryFound]:
    """Queries that others are given: `Where("id IN (?)", open)`, `With("recent", db.NewSelect()...)`."""
    seen: set[int] = set()
    for count, match in enumerate(GIVEN.finditer(reader.content)):
        call = call_at(reader.root, match.end() - 2) if count < MAX_GIVEN else None
        for arg in arguments(reader, call)[1:] if call is not None else ():
            chain = None
            if arg.type == "call_expression":
                chain = chains.of(arg)
            elif arg.type == "identifier":
                chain = chains.held(arg)
            links = chain.links if chain is not None else []
            begun = next((n for n, link in enumerate(links) if link.name == "NewSelect"), None)
            if begun is None or links[-1].name in LAST or links[-1].call.id in seen:
                continue
            seen.add(links[-1].call.id)
            yield from told(reader, "bun", "Scan", links[begun:])


def told(
    reader: GoReader, framework: str, kind: str, begun: list[Link]
) -> Iterator[OrmQuery | QueryFound]:
    """What the calls of a chain add up to; `kind`: `Scan` for what reads, `Update`, `Delete`, `Insert`."""
    links = [replace(k, choices=ALWAYS) if k.name in ALONG else k for k in begun]
    last = links[-1]
    counts = kind == "Scan" and (last.name == "Count" or one_figure(reader, links))
    done: set[tuple[Condition, ...]] = set()
    for made in ways([k.choices for k in links if not k.choices <= last.choices]):
        found = Asked()
        within = [k for k in links if k.choices <= made | last.choices]
        for link in within:
            take(reader, link, found)
        if not found.model and not found.table:
            return
        conditions = tuple(
            respelled(unaliased(c, found), found.named) for c in (*found.filters, *found.conditions)
        )
        if conditions in done:
            continue
        done.add(conditions)
        place = next((k for k in within if k.choices == made and made), None)
        at = reader.span(last.call)
        if place is not None:
            at = reader.span(place.call.child_by_field_name("arguments") or place.call)
        found.limited = (
            found.limited or last.name in ONE or (found.of_row and last.name == "Select")
        )
        if found.table:
            name = "Count" if counts else last.name if kind == "Scan" else kind
            pretended = replace(last, name=name)
            yield on_table(reader, found.table, conditions, found, pretended, at, framework)
            continue
        yield OrmQuery(
            at, framework, found.model, shown(reader, last.call), conditions=conditions,
            loads=tuple(dict.fromkeys(found.loads)), limited=found.limited,
            aggregate=counts, grouped=found.grouped, streamed=last.name in ("Rows", "ForEach"),
            partial=found.partial, in_loop=reader.in_loop(last.call), writes=kind == "Update",
            scope=reader.scope(last.call), deletes=kind == "Delete",
            inserts=kind == "Insert",
        )  # fmt: skip


def one_figure(reader: GoReader, links: list[Link]) -> bool:
    """`ColumnExpr("sum(total)")` without a group: one row, however many are read for it."""
    if any(link.name in ("Group", "GroupExpr") for link in links):
        return False
    texts = [fragment(reader, k.args[0], []) for k in links if k.name == "ColumnExpr" and k.args]
    return bool(texts) and all(text and FIGURE.match(text) for text in texts)
