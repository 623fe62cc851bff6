"""What a query builder adds beside its conditions: sorts, joins, relations read along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.php.conditions import Built
from scaleaudit.languages.php.eloquent import words
from scaleaudit.languages.php.eloquent.arguments import COLUMN, column_of, entries, statements
from scaleaudit.languages.php.forward_steps import CLOSURES
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

JOINED = regex(r"^\s*(?:\w+\.)*(\w+)(?:\s+as\s+(\w+))?\s*$", re.IGNORECASE)


def sorted_by(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    args = reader.arguments(call)[0]
    if name.startswith("reorder"):
        built.others = [each for each in built.others if each.clause is not Clause.SORT]
    if not args and name in ("latest", "oldest"):
        built.others.append(Condition("created_at", "sort", Clause.SORT))
    path = column_of(reader, args[0]) if args else ""
    if path:
        built.others.append(Condition(path, "sort", Clause.SORT))


def joined(reader: PhpReader, built: Built, call: Node) -> None:
    """`join("users as u", "u.id", "=", "posts.user_id")`."""
    args = reader.arguments(call)[0]
    table = JOINED.match(reader.text(args[0]).strip("'\"`")[:120]) if args else None
    if table is None or args[0].type not in ("string", "encapsed_string"):
        built.partial = True
        return
    built.aliases[(table[2] or table[1]).lower()] = table[1].lower()
    if len(args) > 1 and args[1].type in CLOSURES:
        for top in statements(args[1]):
            for link in chain(reader, top)[1]:
                if link.name == "on" and link.call is not None:
                    tied(reader, built, reader.arguments(link.call)[0])
    else:
        tied(reader, built, args[1:])


def tied(reader: PhpReader, built: Built, args: list[Node]) -> None:
    sides = [column_of(reader, each) for each in args[:3]]
    for path in (sides[0], sides[-1]) if len(sides) > 1 else ():
        if path and "." in path:
            built.others.append(Condition(path, "=", Clause.JOIN))


def loaded(reader: PhpReader, call: Node) -> list[str]:
    """`with("lines.product")`, `with(["lines", "owner" => fn ...])`."""
    found = []
    for arg in reader.arguments(call)[0]:
        each = entries(reader, arg) if arg.type == "array_creation_expression" else [(None, arg)]
        for key, value in each:
            node = key if key is not None else value
            text = reader.text(node).strip("'\"").partition(":")[0].partition(" ")[0]
            if COLUMN.fullmatch(text):
                found.append(text)
    return found


def offered(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`allowedFilters("name", AllowedFilter::exact("state"))`: what a request may ask for."""
    args = reader.arguments(call)[0]
    for arg in args:
        given = entries(reader, arg) if arg.type == "array_creation_expression" else [(None, arg)]
        for _, each in given:
            exact, node = "exact" in reader.text(each)[:60], each
            if each.type == "scoped_call_expression":
                inner = reader.arguments(each)[0]
                kind = reader.text(each)[:60]
                if not inner or not any(word in kind for word in words.OFFERS):
                    continue
                node = inner[1] if len(inner) > 1 else inner[0]
            path = column_of(reader, node)
            if not path:
                continue
            part = Built()
            if name == "allowedSorts":
                part.others.append(Condition(path, "sort", Clause.SORT))
            else:
                part.add(Condition(path, "=" if exact else "search"))
            built.options.append((each, part))
