"""What one call of a chain of GORM asks for: `Where("a = ?", x)`, `Joins("Customer")`, `Scopes(Open)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Condition
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.destinations import type_behind
from scaleaudit.languages.go.mappers.scoped import scope_links
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.mappers.chains import Chains
    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

READS = frozenset({"First", "Take", "Last", "Find", "Scan", "Pluck", "Rows", "Row", "FindInBatches"}) | {
    "FirstOrInit", "FirstOrCreate", "Count",
}  # fmt: skip
WRITES = frozenset({"Update", "Updates", "UpdateColumn", "UpdateColumns"})
INSERTS = frozenset({"Create", "CreateInBatches", "Save", "FirstOrCreate"})
LAST = READS | WRITES | INSERTS | {"Delete"}
LIMITING = {"Exists", "First", "Take", "Last", "Limit", "FirstOrInit", "FirstOrCreate"}
BY_SQL = {"Raw", "Exec"}
# Of these a branch asks for nothing else than what stands beside it.
ALONG = {
    "Preload",
    "Select",
    "Omit",
    "Limit",
    "Offset",
    "Clauses",
    "Session",
    "WithContext",
    "Debug",
    "Set",
    "Unscoped",
}
# Of what a chain begins with: a handle of the database, however it is called.
HANDLE = regex(
    r"(?i)db|conn|session|tx|(?<![a-z])orm|engine|client|master|replica|slave|reader|writer|gorm|begin"
)
TABLE = regex(r"\s*[`\"]?(\w+)[`\"]?(?:\s+(?:as\s+)?[`\"]?(\w+)[`\"]?)?\s*", re.IGNORECASE)
KNOWN = LAST | ALONG | {
    "Model", "Where", "Not", "Or", "Order", "Joins", "InnerJoins", "Group", "Distinct", "Scopes", "Table",
    "Having", "Attrs", "Assign", "Association", "Begin", "New", "LogMode", "InstantSet", "Related", "Set",
    "Get", "Transaction", "Raw", "Exec", "All", "Exists", "Eager", "EagerPreload", "Q", "Store", "Connection",
}  # fmt: skip
# Of pop, whose joins name the table first.
OF_POP = {
    "LeftJoin",
    "InnerJoin",
    "RightJoin",
    "Join",
    "LeftOuterJoin",
    "RightOuterJoin",
    "LeftInnerJoin",
}
DISTINCT = regex(r"(?i)\s*distinct\b")
PAGING = regex(r"(?i)paginat|page|limit")
SAME_ROWS = regex(r"(?i)paginat|page|limit|order|sort|preload|select|with")
MAX_SCOPES = 4  # inside each other


class Asked(Gathering):
    """What the calls of one chain add up to."""

    model: str = ""
    table: str = ""
    conditions: list[Condition] = msgspec.field(default_factory=list)
    filters: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    grouped: bool = False
    partial: bool = False
    groups: int = 0
    named: dict[str, str] = msgspec.field(default_factory=dict)  # aliases of what is joined
    first: Link | None = None
    depth: int = 0  # of functions that add to it
    scopes: list[str] = msgspec.field(default_factory=list)  # functions of other files
    of_row: bool = False  # `Model(&user)`: what is written is the row of a variable
    related: bool = False  # `Association("Orders")`: rows of a relation of the row of a variable


def take(reader: GoReader, chains: Chains, link: Link, found: Asked) -> None:
    """One call of the chain."""
    name, args = link.name, link.args
    if link.key is not None:
        put = link.key.condition if name == "Where" else None
        found.filters.extend(() if put is None else (put,))
        found.partial = found.partial or put is None
    elif name == "Model" and args:
        found.model = type_behind(reader, args[0])
        found.partial = found.partial or not found.model
        found.of_row = args[0].type == "unary_expression" and asked.literal(reader, args[0]) is None
    elif name in ("Where", "Not") and args:
        more, partial = filters(reader, chains, args, found)
        found.filters.extend(fragments.negated(more) if name == "Not" else more)
        found.partial = found.partial or partial
    elif name == "Or" and args:
        more, partial = filters(reader, chains, args, found)
        found.groups += 1
        found.filters = fragments.either([found.filters, more], found.groups)
        found.partial = found.partial or partial
    elif name == "Order" and args:
        text = asked.text_of(reader, args[0])
        found.conditions.extend(fragments.sorts(text) if text else ())
    elif name in ("Preload", "Association") and args:
        found.related = found.related or name == "Association"
        known = reader.value(args[0])
        if isinstance(known, Literal):
            found.loads.append(known.text)
    elif name in ("Joins", "InnerJoins") and args:
        joined(reader, args, found)
    elif name in OF_POP and len(args) > 1:  # `LeftJoin("orgs", "orgs.id = users.org_id")`
        joined(reader, args[:2], found)
    elif name in ("Group", "GroupBy", "Distinct"):
        found.grouped = True
    elif name == "Select" and args:  # in branches of its own for each engine, too
        text = asked.text_of(reader, args[0])
        found.grouped = found.grouped or bool(text and DISTINCT.match(text))
    elif name == "Scopes":
        for arg in args:
            scoped(reader, chains, arg, found)
    elif name == "Table" and args:
        known = reader.value(args[0])
        match = TABLE.fullmatch(known.text) if isinstance(known, Literal) else None
        if match is None:
            found.partial = True
        else:
            found.table = match[1].lower()
            found.named[(match[2] or match[1]).lower()] = found.table
    elif name in ("First", "Take", "Last", "Find", "Delete", "FirstOrCreate", "FirstOrInit"):
        if len(args) > 1:
            more, partial = filters(reader, chains, args[1:], found)
            found.filters.extend(more)
            found.partial = found.partial or partial
        elif name == "Delete" and args and not found.filters and not found.model:
            found.filters.append(Condition("pk", "="))  # the row of the struct given
    elif name not in KNOWN and not (link is found.first and HANDLE.search(name)):
        own_method(name, found)
    if name in LIMITING:
        found.limited = True


def scoped(reader: GoReader, chains: Chains, given: Node, found: Asked) -> None:
    """A function that adds to the query: what it does is told where this file holds it."""
    text = reader.text(given)[:80]
    found.limited = found.limited or PAGING.search(text) is not None
    links = scope_links(reader, chains, given) if found.depth < MAX_SCOPES else None
    if links is None:
        if SAME_ROWS.search(text) is None:
            function = given.child_by_field_name("function") or given
            found.scopes.append(scope_name(reader.text(function)[-60:]))
        return
    found.depth += 1
    for link in links:
        take(reader, chains, link, found)
    found.depth -= 1


def own_method(name: str, found: Asked) -> None:
    """A method of the program's own, which may narrow the query."""
    paged = PAGING.search(name) is not None
    found.limited = found.limited or paged
    if not paged:
        found.scopes.append(scope_name(name))


def scope_name(function: str) -> str:
    """How queries of any file name what a function does to them."""
    return f"{function.rpartition('.')[2]}()"


def filters(
    reader: GoReader, chains: Chains, args: list[Node], found: Asked
) -> tuple[list[Condition], bool]:
    """The conditions of `Where` and of those that take the same arguments."""
    first = args[0]
    made = asked.literal(reader, first)
    if made is not None and not asked.listed(made):
        more, partial = asked.of_literal(reader, made)
        if not found.model and made.child_by_field_name("type") is not None:
            named = type_behind(reader, made)
            found.model = named if named and not named.startswith("clause.") else found.model
        return more, partial
    if first.type == "call_expression":
        inner = chains.of(first)
        if inner is not None and any(link.name in ("Where", "Or", "Not") for link in inner.links):
            nested = Asked(model=found.model or "?")
            for link in inner.links:
                take(reader, chains, link, nested)
            return nested.filters, nested.partial or any(k.choices for k in inner.links)
    text = asked.text_of(reader, first)
    if text is not None:
        more, partial = asked.of_fragment(reader, text, args[1:])
        if any(c.alternative for c in more):
            found.groups += 1
            more = [replace(c, group=c.group + 100 * found.groups) for c in more]
        return more, partial
    of_key = asked.of_key(reader, first)
    return (of_key, False) if of_key is not None else ([], True)


def joined(reader: GoReader, args: list[Node], found: Asked) -> None:
    """An association by its name, or a fragment of SQL that joins other tables."""
    text = asked.text_of(reader, args[0])
    if text is not None and len(args) > 1 and (tied := asked.text_of(reader, args[1])):
        text = f"JOIN {text} ON {tied}" if " " not in text.strip() else text
    if text is None:
        found.partial = True
    elif text.strip().replace(".", "").isidentifier():
        found.named[text.strip().lower()] = text.strip()
    else:
        joins = fragments.joined(text)
        found.named.update(joins.names)
        found.conditions.extend(joins.conditions)
        found.partial = found.partial or joins.partial


def respelled(condition: Condition, names: dict[str, str]) -> Condition:
    """With the table or relation that an alias stands for."""
    first, dot, rest = condition.path.partition(".")
    known = names.get(first.lower()) if dot else None
    return replace(condition, path=f"{known}.{rest}") if known is not None else condition
