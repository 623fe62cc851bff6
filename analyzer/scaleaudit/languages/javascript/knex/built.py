"""What the calls of one chain of Knex add up to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.javascript.builders.chains import chain
from scaleaudit.languages.javascript.builders.conditions import Filters, flat
from scaleaudit.languages.javascript.builders.named import text_with_names
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.knex.class_tables import class_table, names_table
from scaleaudit.languages.javascript.knex.filters import Asked
from scaleaudit.languages.javascript.knex.words import (
    CHANGING,
    COUNTING,
    GROUPING,
    INSERTING,
    JOIN,
    LIMITING,
    OPAQUE,
    STREAMING,
    TABLE,
)
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.chains import Call
    from scaleaudit.languages.javascript.reader import JavaScriptReader

ORDERING = frozenset({"orderBy", "orderByRaw"})
NAME = regex(r"([\w.\"`]+|\$\{[\w:$]+\})(?:\s+(?:as\s+)?[\"`]?(\w+)[\"`]?)?", re.IGNORECASE)
WITH = regex(rb"\.with(?:Recursive|Materialized|NotMaterialized)?\(\s*[\"'](\w+)[\"']")


class Built(Gathering):
    """What the calls of one query add up to."""

    tables: dict[str, str] = msgspec.field(default_factory=dict)  # alias -> table, the first first
    made: set[str] = msgspec.field(default_factory=set)  # names of WITH and of subqueries
    filters: Filters = msgspec.field(default_factory=Filters)
    more: list[Condition] = msgspec.field(default_factory=list)  # of joins and of the order
    limited: bool = False
    skips: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    changes: bool = False
    inserts: bool = False
    shuffled: bool = False


def built_of(reader: JavaScriptReader, first: Node | None, calls: Sequence[Call]) -> Built:
    built = Built(made={name.decode().lower() for name in WITH.findall(reader.content)})
    if first is not None:
        holder = first.child_by_field_name("arguments")
        if holder is not None and holder.named_children:
            _add_table(reader, holder.named_children[0], built)
    asked = Asked(reader)
    for call in calls:
        _take(reader, call, built, asked)
    built.partial = built.partial or asked.unknown
    return built


def _take(reader: JavaScriptReader, call: Call, built: Built, asked: Asked) -> None:
    name = call.name
    if name in TABLE and call.args:
        _add_table(reader, call.args[0], built, first=True)
    elif JOIN.fullmatch(name) and call.args:
        _add_table(reader, call.args[0], built)
        built.more.extend(each for each in flat(asked.joined(call)))
    elif name in ("joinRaw", "fromRaw") or name in OPAQUE:
        built.partial = True
    elif name in ("with", "withRecursive") and call.args:
        built.made.add(text_with_holes(reader.value(call.args[0])).lower())
    elif name in ORDERING:
        built.shuffled = built.shuffled or by_chance(reader, call, built.more)
        built.more.extend(ordered(reader, call, asked) if name == "orderBy" else ())
    elif name == "offset":
        built.skips = not (call.args and call.args[0].type == "number")
    elif name in LIMITING:
        built.limited = True
    elif name in COUNTING:
        built.aggregate = True
    elif name in GROUPING:
        built.grouped = True
    elif name in STREAMING:
        built.streamed = True
    elif name in CHANGING:
        built.changes = True
    elif name in INSERTING:
        built.changes = built.inserts = True
    else:
        asked.take(call, built.filters)


def by_chance(reader: JavaScriptReader, call: Call, before: Sequence[Condition]) -> bool:
    """`orderByRaw("RANDOM()")`, where nothing sorts before it."""
    sorts = any(each.clause is Clause.SORT for each in before)
    return bool(call.args) and not sorts and drawn(reader.text(call.args[0]))


def ordered(reader: JavaScriptReader, call: Call, asked: Asked) -> Iterator[Condition]:
    listed = bare(call.args[0]) if call.args else None
    written = reader.text(call.node).lower()
    if listed is None:
        return
    for each in listed.named_children if listed.type == "array" else [listed]:
        node = each
        if each.type == "object":
            for pair in each.named_children:
                key = pair.child_by_field_name("key")
                if key is not None and reader.text(key).strip("'\"") == "column":
                    node = pair.child_by_field_name("value") or each
        column = asked.column(node)
        if column and f" as {column.lower()}" not in written:
            yield Condition(column, "sort", Clause.SORT)


def _add_table(reader: JavaScriptReader, node: Node, built: Built, *, first: bool = False) -> None:
    given = bare(node)
    if given is not None and given.type == "object":  # {alias: "table"}
        for pair in given.named_children:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None:
                table, _ = table_of(reader, value)
                alias = reader.text(key).strip("'\"`").lower()
                _put(built, alias, table, first)
        return
    if given is None:
        return
    table, alias = table_of(reader, given)
    if not table:
        if given.type == "call_expression":
            for call in chain(reader, given).calls:
                if call.name == "as" and call.args:
                    built.made.add(text_with_holes(reader.value(call.args[0])).lower())
        if not built.tables or first:
            built.partial = True
        return
    _put(built, alias or table, table, first)


def _put(built: Built, alias: str, table: str, first: bool) -> None:
    if not table:
        built.made.add(alias)
    elif first:
        built.tables = {alias: table, **built.tables}
    else:
        built.tables.setdefault(alias, table)


def table_of(reader: JavaScriptReader, node: Node) -> tuple[str, str]:
    """(table, alias) of `"orders as o"`, a constant or a template; empty where it is not known."""
    value = reader.value(node)
    own = reader.text(node).startswith("this.")
    if own and (not isinstance(value, Literal) or names_table(reader, node)):
        return class_table(reader, node).lower(), ""
    match = NAME.fullmatch(text_with_names(value).strip())
    if match is None:
        return "", ""
    table = match[1].rpartition(".")[2].strip('"`').lower()
    return table, (match[2] or "").lower()
