"""Pieces of SQL inside calls of a mapper: `Where("a = ? AND b > ?", x, y)`, `Order("a DESC")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = "own__"  # the table of the query's own model while a fragment is parsed
MAX_FRAGMENT = 4_000
MAX_TABLES = 6
MAX_SORTS = 6
HOLE = "{}"
QUALIFIED = regex(r"(?<![\w.'])[`\"]?([A-Za-z_]\w*)[`\"]?\.[`\"]?[A-Za-z_]")
INNER = regex(
    r"\b(?:from|join)\s+[`\"]?(\w+)[`\"]?(?:\s+(?:as\s+)?(?!where\b|on\b|inner\b|left\b|join\b)(\w+))?",
    re.IGNORECASE,
)
NAME = regex(r"[`\"]?(?:(\w+)[`\"]?\.[`\"]?)?([A-Za-z_]\w*)[`\"]?")
SORT = regex(
    r"\s*(?:(lower|upper)\s*\(\s*)?[`\"]?(?:(\w+)[`\"]?\.[`\"]?)?([A-Za-z_]\w*)[`\"]?\s*\)?"
    r"\s*(?:asc|desc|\{\})?\s*(?:nulls\s+(?:first|last))?\s*",
    re.IGNORECASE,
)
JOIN = regex(
    r"\bjoin\s+[`\"]?(?P<table>\w+)[`\"]?(?:\s+(?:as\s+)?(?!on\b|using\b)[`\"]?(?P<alias>\w+)[`\"]?)?\s+on\s+"
    r"(?P<tied>(?:(?!\b(?:inner|left|right|full|cross|join)\b)[\s\S]){1,1000})",
    re.IGNORECASE,
)
TIE = regex(
    r"[`\"]?(\w+)[`\"]?\.[`\"]?(\w+)[`\"]?\s*=\s*[`\"]?([A-Za-z_]\w*)[`\"]?\.[`\"]?(\w+)[`\"]?"
)
NOT_SORTED = {"random", "rand", "null", "asc", "desc"}
COMPARED = regex(r"((?:[=<>]|\blike|\bin\s*\()\s*)\{\}", re.IGNORECASE)


def conditions(text: str) -> tuple[list[Condition], bool]:
    """What a fragment of WHERE asks for, and whether some of it is not known."""
    whole = NAME.fullmatch(text.strip())
    if whole is not None:
        path = f"{whole[1]}.{whole[2]}" if whole[1] else whole[2]
        return [Condition(path, "=")], False
    if not text.strip() or len(text) > MAX_FRAGMENT:
        return [], bool(text.strip())
    text = COMPARED.sub(r"\1?", text)
    inner = {name for pair in INNER.findall(text) for name in pair if name}
    named = dict.fromkeys(n for n in QUALIFIED.findall(text) if n not in inner)
    tables = [OWN, *list(named)[:MAX_TABLES]]
    query = read_query(f"SELECT * FROM {', '.join(tables)} WHERE {text}", Span(1))
    if query is None:
        return [], True
    found = [
        Condition.of(p, p.column if p.table in ("", OWN) else f"{p.table}.{p.column}")
        for p in query.predicates
        if not p.table.startswith("(") and p.clause is not Clause.SORT
    ]
    return found, query.partial


class Joins(Gathering):
    """`names`: the tables behind aliases, lower case."""

    names: dict[str, str] = msgspec.field(default_factory=dict)
    conditions: list[Condition] = msgspec.field(default_factory=list)
    partial: bool = False


def joined(text: str) -> Joins:
    """What `LEFT JOIN orders o ON o.user_id = users.id` ties together."""
    found = Joins()
    text = text[:MAX_FRAGMENT]
    for join in JOIN.finditer(text):
        table, alias, tied = join["table"], join["alias"] or join["table"], join["tied"]
        found.names[alias.lower()] = table.lower()
        for one, column, other, far in TIE.findall(tied):
            found.conditions.extend(
                Condition(f"{side}.{name}", "=", Clause.JOIN)
                for side, name in ((one, column), (other, far))
            )
    found.partial = not found.names or HOLE in text
    return found


def sorts(text: str) -> list[Condition]:
    """The columns of ORDER BY up to the first that is none."""
    found: list[Condition] = []
    for part in text.split(",")[:MAX_SORTS]:
        match = SORT.fullmatch(part)
        if match is None or match[3].lower() in NOT_SORTED:
            break
        path = f"{match[2]}.{match[3]}" if match[2] else match[3]
        found.append(Condition(path, "sort", Clause.SORT, (match[1] or "").lower()))
    return found


def either(sides: Sequence[Sequence[Condition]], group: int) -> list[Condition]:
    """Conditions of which one side must hold; without effect where a side asks for nothing."""
    if not all(sides):
        return []
    return [
        Condition(
            c.path, c.operator, c.clause, c.function, True, group, number, c.constant, c.model
        )
        for number, side in enumerate(sides, 1)
        for c in side
    ]


def negated(found: Sequence[Condition]) -> list[Condition]:
    """NOT around them: no index is led by it."""
    opposite = {"=": "!=", "in": "not-in", "is-null": "is-not-null", "is-not-null": "is-null"}
    return [
        Condition(
            c.path,
            opposite.get(c.operator, "!="),
            c.clause,
            c.function,
            c.alternative,
            c.group,
            c.branch,
        )
        for c in found
    ]
