"""Queries through xorm: `engine.Where("a = ?", x).And(builder.Eq{"b": y}).Get(&order)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery, QueryFound
from scaleaudit.languages.go.following import ALWAYS, ways
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.builders import condition
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.destinations import type_behind
from scaleaudit.languages.go.mappers.gorm_calls import HANDLE, TABLE, Asked, own_method, respelled
from scaleaudit.languages.go.mappers.gorm_queries import on_table
from scaleaudit.languages.go.mappers.links import Chain, Link, arguments, shown
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

WORTH = (
    b"xorm",
    b".Get(&",
    b".Find(&",
    b".Exist(&",
    b".Count(&",
    b".Asc(",
    b".Desc(",
    b".OrderBy(",
    b".NewSession(",
)
OTHERS = (
    "gorm.io/gorm",
    "github.com/jinzhu/gorm",
    "github.com/uptrace/bun",
    "go.mongodb.org",
    "entgo.io/ent",
    "github.com/gobuffalo/pop",
    "github.com/ory/pop",
)
READS = frozenset(
    {"Get", "Exist", "Find", "FindAndCount", "Count", "Iterate", "Rows", "Sum", "SumInt", "Sums"}
)
INSERTS = frozenset({"Insert", "InsertOne", "InsertMulti"})
LAST = READS | INSERTS | {"Update", "Delete"}
FINISHED = regex(
    rb"\.\s*(?:Get|Exist|Find|FindAndCount|Count|Iterate|Rows|Sum|SumInt|Sums|Insert|InsertOne|InsertMulti|Update|Delete)\("
)
ALONG = {
    "Cols", "AllCols", "MustCols", "Omit", "NoAutoTime", "NoAutoCondition", "Unscoped", "ForUpdate", "UseBool", "Incr",
    "Decr", "SetExpr", "Select", "Context", "NewSession", "Limit", "Nullable", "NoCascade", "Prepare", "MasterOnly",
    "Distinct", "Alias", "StoreEngine", "Charset", "BufferSize", "Having", "Session", "Engine", "WithContext",
}  # fmt: skip
KNOWN = LAST | ALONG | {
    "Where", "And", "Or", "In", "NotIn", "ID", "Id", "Asc", "Desc", "OrderBy", "Join", "Table", "GroupBy", "SQL", "Sql",
}  # fmt: skip

OF_HANDLE = 3  # arguments; a context and a name only say where to ask
FILLED = rb"(?m)^[ \t]*%s\.(\w+)[ \t]*=(?!=)"


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound]:
    if not reader.says(*WORTH):
        return
    if any(package.startswith(OTHERS) for package in reader.imports.values()):
        return
    chains = Chains(reader, ends=LAST)
    for chain in chains.ending(FINISHED, LAST):
        if not any(link.name in ("SQL", "Sql") for link in chain.links):
            yield from told(reader, chain)


def told(reader: GoReader, chain: Chain) -> Iterator[OrmQuery | QueryFound]:
    links = [replace(k, choices=ALWAYS) if k.name in ALONG else k for k in chain.links]
    last = links[-1]
    done: set[tuple[Condition, ...]] = set()
    for made in ways([link.choices for link in links if not link.choices <= last.choices]):
        found = Asked(partial=begun_elsewhere(reader, chain.root))
        within = [link for link in links if link.choices <= made | last.choices]
        found.first = within[0]
        for link in within:
            take(reader, link, found)
        finish(reader, last, found)
        found.partial = found.partial or bool(found.scopes)
        if not found.model and not found.table:
            return
        conditions = tuple(respelled(c, found.named) for c in (*found.filters, *found.conditions))
        if conditions in done:
            continue
        done.add(conditions)
        place = next((k for k in within if k.choices == made and made), last)
        at = reader.span(place.call.child_by_field_name("arguments") or place.call)
        at = at if made else reader.span(last.call)
        if found.table and not found.model:
            yield on_table(reader, found.table, conditions, found, last, at, "xorm")
            continue
        yield OrmQuery(
            at, "xorm", found.model, shown(reader, last.call), conditions=conditions,
            limited=found.limited, aggregate=last.name in ("Count", "Sum", "SumInt", "Sums"),
            grouped=found.grouped, streamed=last.name in ("Iterate", "Rows"), partial=found.partial,
            in_loop=reader.in_loop(last.call), writes=last.name == "Update",
            inserts=last.name in INSERTS, scope=reader.scope(last.call),
            deletes=last.name == "Delete",
        )  # fmt: skip


def begun_elsewhere(reader: GoReader, root: Node) -> bool:
    """`GetSession(owner, offset, limit).Find(&rows)`: a function that is told more than where to ask."""
    if root.type == "identifier":
        reaching = reader.scopes.reaching(reader.text(root), root)
        made = reaching[0].value if len(reaching) == 1 else None
    else:
        made = root
    if made is None or made.type != "call_expression":
        return False
    return len(arguments(reader, made)) >= OF_HANDLE


def take(reader: GoReader, link: Link, found: Asked) -> None:
    """One call of the chain that does not end it."""
    name, args = link.name, link.args
    if name in ("Where", "And") and args:
        more, partial = filters(reader, args, found)
        found.filters.extend(more)
        found.partial = found.partial or partial
    elif name == "Or" and args:
        more, partial = filters(reader, args, found)
        found.groups += 1
        found.filters = fragments.either([found.filters, more], found.groups)
        found.partial = found.partial or partial
    elif name in ("In", "NotIn") and args:
        text = asked.text_of(reader, args[0])
        if text is None:
            found.partial = True
        else:
            found.filters.append(Condition(text.strip('` "'), "in" if name == "In" else "not-in"))
    elif name in ("ID", "Id"):
        found.filters.append(Condition("pk", "="))
    elif name in ("Asc", "Desc", "OrderBy"):
        for arg in args if name != "OrderBy" else args[:1]:
            text = asked.text_of(reader, arg)
            found.conditions.extend(fragments.sorts(text) if text else ())
    elif name == "Join" and len(args) > 2:
        joined(reader, args, found)
    elif name == "Table" and args:
        known = reader.value(args[0])
        match = TABLE.fullmatch(known.text) if isinstance(known, Literal) else None
        if match is not None:
            found.table = match[1].lower()
            found.named[(match[2] or match[1]).lower()] = found.table
        else:
            found.model = type_behind(reader, args[0])
            found.partial = found.partial or not found.model
    elif name == "Limit":
        found.limited = True
    elif name in ("GroupBy", "Distinct"):
        found.grouped = True
    elif name not in KNOWN and not (link is found.first and HANDLE.search(name)):
        own_method(name, found)


def finish(reader: GoReader, last: Link, found: Asked) -> None:
    """The last call: its bean says which rows, and by its values also which of them."""
    args = last.args
    if not args:
        return
    dest = type_behind(reader, args[0])
    found.model = found.model or ("" if found.table else dest)
    if last.name in INSERTS:
        return
    found.limited = found.limited or last.name in ("Get", "Exist")
    asking = (
        args[0] if last.name in ("Get", "Exist", "Count", "Delete", "Iterate", "Rows") else None
    )
    if last.name in ("Find", "Update", "FindAndCount") and len(args) > 1:
        asking = args[1]
    if asking is None:
        return
    made = asked.literal(reader, asking)
    if made is not None and not asked.listed(made):
        more, partial = asked.of_literal(reader, made)
        found.filters.extend(more)
        found.partial = found.partial or partial
    elif asking.type not in ("unary_expression", "call_expression") and not found.filters:
        found.partial = True  # a struct that others have filled
    found.filters.extend(filled_later(reader, asking, last.call))


def filled_later(reader: GoReader, asking: Node, call: Node) -> Iterator[Condition]:
    """`order := &Order{}; order.Code = code; engine.Get(order)`: by what it holds by then."""
    name = reader.text(asking).lstrip("&")
    around = reader.function_around(call)
    if around is None or not name.isidentifier():
        return
    pattern = FILLED % re.escape(name.encode())
    before = reader.content[around.start_byte : call.start_byte]
    for match in re.finditer(pattern, before):
        yield Condition(match[1].decode(), "=")


def filters(reader: GoReader, args: list[Node], found: Asked) -> tuple[list[Condition], bool]:
    first = args[0]
    built = condition(reader, first)
    if built is not None:
        more, partial = built
    else:
        text = asked.text_of(reader, first)
        if text is None:
            return [], True
        more, partial = asked.of_fragment(reader, text, args[1:])
    if any(c.alternative for c in more):
        found.groups += 1
        more = [replace(c, group=c.group + 100 * found.groups) for c in more]
    return more, partial


def joined(reader: GoReader, args: list[Node], found: Asked) -> None:
    """`Join("INNER", "team_user", "team_user.team_id = team.id")`."""
    table, tied = reader.value(args[1]), asked.text_of(reader, args[2])
    match = TABLE.fullmatch(table.text) if isinstance(table, Literal) else None
    if match is None or tied is None:
        found.partial = True
        return
    joins = fragments.joined(f"JOIN {table.text if isinstance(table, Literal) else ''} ON {tied}")
    found.named.update(joins.names)
    found.conditions.extend(c for c in joins.conditions if c.clause is Clause.JOIN)
    found.partial = found.partial or joins.partial
