"""Queries through bun: `db.NewSelect().Model(&users).Where("name = ?", x).OrderExpr("id DESC").Scan(ctx)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound, TableChanged
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.bun_indexes import index_made
from scaleaudit.languages.go.mappers.bun_names import fragment, identifier, model_of
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.gorm_calls import TABLE, Asked, respelled
from scaleaudit.languages.go.mappers.gorm_queries import on_table
from scaleaudit.languages.go.mappers.links import Chain, Link, shown
from scaleaudit.languages.go.mappers.structs import snake
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

WORTH = regex(rb"\.\s*New(?:Select|Update|Delete|CreateIndex)\(\)")
LAST = frozenset({"Scan", "Count", "Exists", "ScanAndCount", "Rows", "Exec"})
FINISHED = regex(rb"\.\s*(?:Scan|Count|Exists|ScanAndCount|Rows|Exec)\(")
BEGUN = {"NewSelect": "Scan", "NewUpdate": "Update", "NewDelete": "Delete"}
LIST = regex(r"\w+\.(?:In|List|Tuple)\(")
ALONG = {
    "Column", "ColumnExpr", "ExcludeColumn", "Set", "Returning", "For", "Limit", "Offset", "Relation", "Value", "OmitZero",
    "WhereAllWithDeleted", "WhereDeleted", "Bulk", "ForceDelete", "Conn", "Err", "UseIndex", "IfNotExists", "Comment",
    "NewSelect", "NewUpdate", "NewDelete",
}  # fmt: skip
KNOWN = LAST | ALONG | {
    "Model", "Table", "TableExpr", "ModelTableExpr", "Where", "WhereOr", "WherePK", "Order", "OrderExpr", "Join", "JoinOn",
    "Group", "GroupExpr", "Distinct", "DistinctOn", "Having",
}  # fmt: skip


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound | TableChanged]:
    if b"New" not in reader.content or WORTH.search(reader.content) is None:
        return
    chains = Chains(reader, ends=LAST)
    for chain in chains.ending(FINISHED, LAST):
        names = {link.name for link in chain.links}
        if "NewCreateIndex" in names:
            yield from index_made(reader, chain)
        elif names & BEGUN.keys():
            yield from told(reader, chain)


def told(reader: GoReader, chain: Chain) -> Iterator[OrmQuery | QueryFound]:
    links = [replace(k, choices=ALWAYS) if k.name in ALONG else k for k in chain.links]
    last = links[-1]
    kind = next(BEGUN[link.name] for link in links if link.name in BEGUN)
    started = next(count for count, link in enumerate(links) if link.name in BEGUN)
    links = links[started:]
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
        found.limited = found.limited or last.name == "Exists"
        if found.table:
            pretended = last if kind == "Scan" else replace(last, name=kind)
            yield on_table(reader, found.table, conditions, found, pretended, at, "bun")
            continue
        yield OrmQuery(
            at, "bun", found.model, shown(reader, last.call), conditions=conditions,
            loads=tuple(dict.fromkeys(found.loads)), limited=found.limited,
            aggregate=last.name == "Count", grouped=found.grouped, streamed=last.name == "Rows",
            partial=found.partial, in_loop=reader.in_loop(last.call), writes=kind == "Update",
            scope=reader.scope(last.call), deletes=kind == "Delete",
        )  # fmt: skip


def take(reader: GoReader, link: Link, found: Asked) -> None:
    """One call of the chain."""
    name, args = link.name, link.args
    if name == "Model" and args:
        found.model = model_of(reader, args[0])
    elif name in ("Table", "TableExpr", "ModelTableExpr") and args:
        table(reader, name, args, found)
    elif name in ("Where", "WhereOr") and args:
        more, partial = filters(reader, args, found)
        found.partial = found.partial or partial
        if name == "WhereOr":
            found.groups += 1
            found.filters = fragments.either([found.filters, more], found.groups)
        else:
            found.filters.extend(more)
    elif name == "WherePK":
        found.filters.append(Condition("pk", "="))
    elif name in ("Order", "OrderExpr"):
        for arg in args if name == "Order" else args[:1]:
            text = fragment(reader, arg, args[1:])
            found.conditions.extend(fragments.sorts(text) if text else ())
    elif name == "Relation" and args:
        known = reader.value(args[0])
        if isinstance(known, Literal):
            found.loads.append(known.text)
            found.named[snake(known.text)] = known.text
            found.partial = found.partial or len(args) > 1
    elif name == "Join" and args:
        text = fragment(reader, args[0], args[1:])
        joins = fragments.joined(text if "join" in (text or "").lower() else "") if text else None
        if joins is None or not joins.names:
            found.partial = True
        else:
            found.named.update(joins.names)
            found.conditions.extend(c for c in joins.conditions if c.clause is Clause.JOIN)
            found.partial = found.partial or joins.partial
    elif name == "JoinOn":
        found.partial = True
    elif name == "Limit":
        found.limited = True
    elif name in ("Group", "GroupExpr", "Distinct", "DistinctOn"):
        found.grouped = True
    elif name not in KNOWN:
        found.partial = True  # Apply, WhereGroup, and what the program adds by itself


def table(reader: GoReader, name: str, args: list[Node], found: Asked) -> None:
    """`Table("users")`, `TableExpr("users AS u")`, `TableExpr("? AS ?", bun.Ident("users"), ...)`."""
    text = fragment(reader, args[0], args[1:])
    match = TABLE.fullmatch(text.rpartition(".")[2]) if text else None
    if match is None or (found.table and found.table != match[1].lower()):
        found.model = ""  # a subquery, or a name made up while it runs
        found.partial = True
        return
    if name == "ModelTableExpr" and found.model:
        found.named[(match[2] or match[1]).lower()] = ""
        return
    found.table = match[1].lower()
    found.named[(match[2] or match[1]).lower()] = found.table


def filters(reader: GoReader, args: list[Node], found: Asked) -> tuple[list[Condition], bool]:
    text = fragment(reader, args[0], args[1:])
    if text is None:
        return [], True
    text = text.replace("?TableAlias.", "").replace("?TableName.", "").replace("?PKs", "pk")
    others = [each for each in args[1:] if not identifier(reader, each)]
    listed = [each for each in others if LIST.match(reader.text(each)[:40])]
    more, partial = asked.of_fragment(
        reader, text.replace("(?)", "?") if not listed else text, others
    )
    if any(c.alternative for c in more):
        found.groups += 1
        more = [replace(c, group=c.group + 100 * found.groups) for c in more]
    return more, partial


def unaliased(condition: Condition, found: Asked) -> Condition:
    """Without the alias of the model's own table: any that no join and no relation has."""
    first, dot, rest = condition.path.partition(".")
    if not dot or found.table:
        return condition
    others = {alias for alias, of in found.named.items() if of}
    return condition if first.lower() in others else replace(condition, path=rest)
