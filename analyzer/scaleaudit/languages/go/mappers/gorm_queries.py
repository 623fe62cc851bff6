"""Queries through GORM: `db.Where("a = ?", x).Order("b").First(&order)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, OrmQuery, QueryFound
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.destinations import takes_one, type_behind
from scaleaudit.languages.go.mappers.filled_maps import with_keys
from scaleaudit.languages.go.mappers.gorm_calls import (
    ALONG,
    BY_SQL,
    HANDLE,
    INSERTS,
    LAST,
    READS,
    WRITES,
    Asked,
    respelled,
    scope_name,
    take,
)
from scaleaudit.languages.go.mappers.links import Chain, Link, shown
from scaleaudit.languages.go.mappers.structs import snake
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.source import Span

WORTH = (b"gorm", b".Where(", b".Preload(", b".Model(", b".First(&", b".Take(&")
OTHERS = (
    "xorm.io/xorm", "github.com/go-xorm/xorm", "github.com/uptrace/bun", "go.mongodb.org/mongo-driver/mongo",
    "github.com/Masterminds/squirrel", "github.com/doug-martin/goqu", "github.com/globalsign/mgo",
    "entgo.io/ent", "github.com/gobuffalo/pop", "github.com/ory/pop",
    "github.com/go-pg/pg", "gopkg.in/pg",
)  # fmt: skip
FINISHED = regex(
    rb"\.\s*(?:First|Take|Last|Find|Scan|Pluck|Rows?|FindInBatches|FirstOrInit|FirstOrCreate|Count|Updates?"
    rb"|UpdateColumns?|Create|CreateInBatches|Save|Delete)\("
)
DESTINATIONS = READS | INSERTS | {"Delete", "All", "Exists"}
MAX_INSIDE = 4  # queries inside each other


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound]:
    if not reader.says(*WORTH):
        return
    if any(package.startswith(OTHERS) for package in reader.imports.values()):
        return
    chains = Chains(reader)
    for chain in chains.ending(FINISHED, LAST):
        if any(link.name in BY_SQL for link in chain.links):
            continue
        yield from told(reader, chains, chain)
        yield from inside(reader, chains, chain, set())


def inside(
    reader: GoReader, chains: Chains, chain: Chain, seen: set[int], depth: int = 0
) -> Iterator[OrmQuery | QueryFound]:
    """The queries whose rows another one asks for: `Where("id IN (?)", db.Model(&Item{}).Where(...))`.

    `seen`: what was looked at already, by id; variables may name others that name it too.
    """
    for link in chain.links:
        for arg in link.args[1:] if link.name in ("Where", "Not", "Or", "Joins", "Having") else ():
            found = None
            if arg.id in seen:
                continue
            seen.add(arg.id)
            if arg.type == "call_expression":
                found = chains.of(arg)
            elif arg.type == "identifier":
                found = chains.held(arg)
            names = {each.name for each in found.links} if found is not None else set()
            if found is None or not names & {"Model", "Table"} or names & (LAST | BY_SQL):
                continue
            # Its rows stay in the database, however many there are.
            yield from (replace(each, limited=True) for each in told(reader, chains, found))
            if depth < MAX_INSIDE:
                yield from inside(reader, chains, found, seen, depth + 1)


def told(reader: GoReader, chains: Chains, chain: Chain) -> Iterator[OrmQuery | QueryFound]:
    links = [replace(k, choices=ALWAYS) if k.name in ALONG else k for k in chain.links]
    links = [each for link in links for each in with_keys(reader, link)]
    last = links[-1]
    sets = [link.choices for link in links if not link.choices <= last.choices]
    done: set[tuple[Condition, ...]] = set()
    for made in ways(sets):
        found = Asked(scopes=begun_by(reader, chain.root))
        within = [link for link in links if link.choices <= made | last.choices]
        found.first = within[0]
        for link in within:
            take(reader, chains, link, found)
        if found.related:
            yield from of_relation(reader, found, last)
            return
        model = found.model or destination(reader, last)
        if not model and not found.table:
            return
        if last.name in ("Find", "Scan") and last.args and takes_one(reader, last.args[0]):
            found.limited = True
        if found.of_row and last.name in WRITES and not found.filters:
            found.filters.append(Condition("pk", "="))
        conditions = tuple(
            respelled(condition, found.named) for condition in (*found.filters, *found.conditions)
        )
        if conditions in done:
            continue
        done.add(conditions)
        place = next((k for k in within if k.choices == made and made), last)
        at = reader.span(place.call.child_by_field_name("arguments") or place.call)
        at = at if made else reader.span(last.call)
        if found.table:
            yield on_table(reader, found.table, conditions, found, last, at)
            continue
        yield OrmQuery(
            at, "gorm", model, shown(reader, last.call),
            conditions=conditions, loads=tuple(dict.fromkeys(found.loads)),
            limited=found.limited, aggregate=last.name == "Count", grouped=found.grouped,
            streamed=last.name in ("FindInBatches", "Rows"),
            partial=found.partial, in_loop=reader.in_loop(last.call), writes=last.name in WRITES,
            inserts=last.name in INSERTS and last.name != "FirstOrCreate",
            scope=reader.scope(last.call), deletes=last.name == "Delete",
            scopes=tuple(dict.fromkeys(found.scopes)),
        )  # fmt: skip


def of_relation(reader: GoReader, found: Asked, last: Link) -> Iterator[OrmQuery]:
    """`db.Model(&user).Association("Orders").Find(&orders)`: what belongs to a row at hand.

    Conditions of the chain are on the rows of the relation, which only the linker knows.
    """
    if found.model and found.loads:
        yield OrmQuery(
            reader.span(last.call), "gorm", found.model, shown(reader, last.call),
            conditions=(Condition("pk", "="),), loads=tuple(dict.fromkeys(found.loads)), limited=True,
            scope=reader.scope(last.call),
        )  # fmt: skip


def begun_by(reader: GoReader, root: Node) -> list[str]:
    """The function that has begun the chain, and may have narrowed it."""
    function = root.child_by_field_name("function") if root.type == "call_expression" else None
    text = reader.text(function)[-60:] if function is not None else ""
    return [scope_name(text)] if text and HANDLE.search(text) is None else []


def on_table(
    reader: GoReader,
    table: str,
    conditions: tuple[Condition, ...],
    found: Asked,
    last: Link,
    at: Span,
    library: str = "gorm",
) -> QueryFound:
    """A query whose source names the table itself."""
    changes = last.name in WRITES | INSERTS | {"Delete", "Insert", "InsertOne"}
    reads = dict.fromkeys((table, *(name for name in found.named.values() if name.islower())))
    predicates = []
    for each in conditions:
        of, _, column = each.path.rpartition(".")
        predicates.append(
            each.on(of.lower() or table, column if column.islower() else snake(column))
        )
    return QueryFound(
        at, shown(reader, last.call), () if changes else tuple(reads), (table,) if changes else (),
        tuple(predicates), found.limited, last.name == "Count",
        found.partial or bool(found.scopes) or any(p.column == "pk" for p in predicates), reader.in_loop(last.call),
        last.name in ("FindInBatches", "Rows"), library, reader.scope(last.call),
        (table,) if last.name in INSERTS else (), found.grouped,
    )  # fmt: skip


def destination(reader: GoReader, last: Link) -> str:
    """The struct that the rows go into, or that says what is written."""
    if last.name not in DESTINATIONS or not last.args:
        return ""
    return type_behind(reader, last.args[0])
