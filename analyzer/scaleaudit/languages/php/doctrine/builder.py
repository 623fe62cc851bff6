"""What each call of a chain adds to a query builder of Doctrine, its mapper's or its tables'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.php.conditions import Built
from scaleaudit.languages.php.doctrine.expressions import plain, said, take, terms_of
from scaleaudit.languages.php.doctrine.fragments import sorts
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.forward_steps import standing
from scaleaudit.languages.php.table_names import table_text
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

WHERE = {"where": False, "andWhere": False, "orWhere": True}
JOINS = frozenset({"join", "innerJoin", "leftJoin"})
FROM = frozenset({"from", "update", "delete", "insert"})
ORDERS = frozenset({"orderBy", "addOrderBy"})
ENDS_ONE = frozenset({"getOneOrNullResult", "getSingleResult", "getSingleScalarResult", "getSingleColumnResult",
                      "fetchOne", "fetchAssociative", "fetchColumn", "fetch"})  # fmt: skip
ENDS = frozenset({"getResult", "getArrayResult", "getScalarResult", "execute", "executeQuery", "executeStatement",
                  "fetchAll", "fetchAllAssociative", "fetchFirstColumn", "fetchAllKeyValue", "getIterator",
                  "fetchAllNumeric", "fetchAllAssociativeIndexed"})  # fmt: skip
STREAMS = frozenset({"toIterable", "iterate", "iterateAssociative"})
CERTAIN = frozenset(
    {
        *WHERE,
        *ORDERS,
        *JOINS,
        "setParameter",
        "setMaxResults",
        "getQuery",
        "addSelect",
        "setFirstResult",
    }
)
# PHP knows no case in the names of methods.
SPELLED = {
    name.lower(): name
    for name in (*CERTAIN, *FROM, *ENDS_ONE, *ENDS, *STREAMS, "groupBy", "addGroupBy")
}
AGGREGATE = regex(r"(?i)^\s*(?:count|sum|avg|min|max)\s*\(")
TABLE = regex(r"^[`\"]?(?:\w+\.)?([a-z_]\w*)[`\"]?(?:\s+(?:(?i:as)\s+)?([A-Za-z_]\w*))?$")
NAMED_RESULT = regex(r"(?i)\bas\s+[`\"]?(\w+)")  # of what is selected
ALIAS = regex(r"^\w+$")
# Nextcloud's mappers hand the name of their table to their base.
OWN_TABLE = regex(r"\$this->(?:getTableName\(\)|tableName|table)")
NAMED = regex(rb"parent::__construct\(\s*\$\w+\s*,\s*['\"](\w+)['\"]")
ENTITY = regex(r"^(?:[A-Z]\w*(?:[.:\\]|$)|\\)")

# What only a builder of Doctrine is given, and calls that may add to one in another statement.
VALUES = regex(r"->\s*(?:expr|createNamedParameter|createPositionalParameter|setParameter)\s*\(")
ADDS_LATER = r"\s*->\s*(?:where|andWhere|orWhere|(?:left|inner)?[jJ]oin)\s*\("


def stands_alone(reader: PhpReader, node: Node, links: list[Link], top: Node) -> bool:
    """A whole statement on a builder that comes from out of sight: `$qb->select("id")->from("orders")->where(...)`."""
    names = {link.name for link in links}
    if names.isdisjoint(FROM) or names.isdisjoint(WHERE) or not VALUES.search(reader.text(top)):
        return False
    function = reader.function_around(node)
    again = re.escape(reader.text(node)) + ADDS_LATER
    return function is not None and re.search(again, reader.text(function)) is None


def follow(reader: PhpReader, built: Built, links: Iterable[Link], seen: set[int]) -> None:
    for link in links:
        if link.call is None:
            continue
        seen.add(link.call.id)
        if built.ended:
            return
        step(reader, built, link.name, link.call)


def step(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    args = reader.arguments(call)[0]
    name = SPELLED.get(name.lower(), name)
    if name in CERTAIN:
        built.known = True
    if name in WHERE:
        for arg in args:
            take(reader, built, arg, either=WHERE[name])
    elif name in FROM and args:
        begin(reader, built, name, args)
    elif name in JOINS and args:
        join(reader, built, args)
    elif name in ORDERS and args:
        built.others += sorts(said(reader, args[0], built))
    elif name in ("select", "addSelect", "distinct"):
        for arg in args:
            built.results.update(NAMED_RESULT.findall(plain(reader, arg)))
        built.aggregate |= any(AGGREGATE.match(plain(reader, arg)) for arg in args)
        built.aggregate |= any("->count" in reader.text(arg)[:60] for arg in args)
        built.grouped |= name == "distinct"
    elif name in ("groupBy", "addGroupBy"):
        built.grouped = True
    elif name == "setMaxResults":
        built.limited = True
    elif name == "addCriteria":
        built.partial = True
    elif name in ENDS or name in ENDS_ONE or name in STREAMS:
        built.ended = True
        built.limited |= name in ENDS_ONE
        built.streamed |= name in STREAMS


def begin(reader: PhpReader, built: Built, name: str, args: list[Node]) -> None:
    """`from(Order::class, "o")`, `delete("orders")`."""
    written = (
        class_of(reader, args[0], "") if args[0].type not in ("string", "encapsed_string") else ""
    )
    text = table_named(reader, args[0])
    alias = plain(reader, args[1]) if len(args) > 1 else ""
    if not written and ENTITY.match(text):
        written = text.replace("\\", ".").replace(":", ".").strip(".")
    table = TABLE.match(text) if not written else None
    if not written and table is None:
        if name == "from" and not built.model:
            built.partial = True
        return
    alias = alias or (table[2] or "" if table is not None else "")
    if built.begins:  # a second root: FROM Order o, Line l
        if written:
            built.aliases[alias] = f"@{written}"
        elif table is not None and built.table:
            built.aliases[alias or table[1].lower()] = f"#{table[1].lower()}"
        return
    if written:
        built.model = written
    elif table is not None:
        built.table = table[1].lower()
    built.aliases[alias or built.table] = ""
    built.writes |= name == "update"
    built.deletes |= name == "delete"
    built.inserts |= name == "insert"


def table_named(reader: PhpReader, node: Node) -> str:
    """The table that is named, here or in a field, or that the class around hands to its base."""
    if OWN_TABLE.fullmatch(reader.text(node)[:40]) is not None:
        own = reader.class_around(node)
        named = (
            NAMED.search(reader.content, own.start_byte, own.end_byte) if own is not None else None
        )
        if named is not None:
            return named[1].decode()
    return table_text(reader, standing(reader, node) or node)


def join(reader: PhpReader, built: Built, args: list[Node]) -> None:
    """`join("o.lines", "l")`, `join(Line::class, "l", "WITH", "l.order = o")`, of tables: `join("o", "lines", "l", "...")`."""
    first = plain(reader, args[0])
    alias = table_named(reader, args[1]) if len(args) > 1 else ""
    model = (
        class_of(reader, args[0], "") if args[0].type == "class_constant_access_expression" else ""
    )
    if "." in first and not ENTITY.match(first) and ALIAS.match(alias):
        built.aliases[alias] = first
        condition = args[3] if len(args) > 3 else None
    elif (model or ENTITY.match(first)) and ALIAS.match(alias):
        built.aliases[alias] = f"@{model or first.replace(chr(92), '.').strip('.')}"
        condition = args[3] if len(args) > 3 else None
    elif len(args) > 2 and TABLE.match(alias):
        built.aliases[plain(reader, args[2])] = f"#{alias.lower()}"
        condition = args[3] if len(args) > 3 else None
    else:
        return
    part = Built()
    for term in (terms_of(reader, condition, part, 0) or []) if condition is not None else ():
        found = term.condition
        if found is not None and found.clause is Clause.JOIN:
            built.others.append(found)
        elif found is not None and found.operator == "=":
            built.others.append(Condition(found.path, "=", Clause.JOIN))
