"""Conditions written as SQL inside a builder's call: `where("order.email = :email")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.javascript.builders.conditions import Either
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from scaleaudit.facts import Predicate
    from scaleaudit.languages.javascript.builders.conditions import Part

HOLE = "{}"
ROOT = "zzroot"  # the table of columns without one, where no other is named
MAX_FRAGMENT = 4_000
NAME = r"[A-Za-z_]\w*|\"[^\"\n]{1,60}\"|`[^`\n]{1,60}`"
COLUMN = rf"(?:(?:{NAME})\.){{0,2}}(?:{NAME})"
VALUE = r"\(?\s*(?::(?:\.\.\.)?\w+|\?|\$\d+|'(?P<text>[^']*)'|(?P<number>\d+)|true|false)\s*\)?"
SIMPLE = regex(
    rf"\s*(?P<column>{COLUMN})\s*(?:(?P<operator>=|!=|<>|<=|>=|<|>|\bNOT\s+IN\b|\bIN\b|\bI?LIKE\b)\s*{VALUE}"
    r"|(?P<null>\bIS\s+(?:NOT\s+)?NULL\b))\s*",
    re.IGNORECASE,
)
QUALIFIED = regex(r"(?<![\w.:'\"`])([A-Za-z_]\w*)\.(\"?[A-Za-z_]\w*\"?)(?!\s*\()")
QUOTED = regex(r"[\"`]([A-Za-z_]\w*)[\"`]\s*\.")
WORD = regex(r"[A-Za-z_]\w*")
SPREAD = regex(r":\.\.\.(\w+)")
TEXT = regex(r"'(?:[^']|'')*'")
# Where nothing but a value can stand: `= '${x}'`, `>= ${x}`, `IN (${x})`.
FILLED = regex(
    r"(?P<before>(?:[=<>]|\b(?:I?LIKE|BETWEEN|AND|IN\s*\())\s*)(?:'\{\}'|\{\}(?![\w.{\"`(]))",
    re.IGNORECASE,
)
# `INTERVAL '${days} days'`: how much is a value.
SPAN = regex(r"(?<=\bINTERVAL ')\{\}(?=[^'{}]{0,40}')", re.IGNORECASE)
BETWEEN = regex(r"\bBETWEEN\s+\S+\s*$", re.IGNORECASE)
OPERATORS = {"<>": "!=", "not in": "not-in"}


def read_fragment(text: str) -> list[Part] | None:
    """The conditions of a piece of a WHERE, as `alias.column` or `column` in the case written.

    None where it cannot be read or a part of it is not known (`{}`).
    """
    if len(text) > MAX_FRAGMENT:
        return None
    if HOLE in text:
        text = FILLED.sub(_given, SPAN.sub("1", text))
    simple = _simple(text)
    if simple is not None:
        return list(simple)
    return _parsed(text)


def _given(match: re.Match[str]) -> str:
    """A value in place of a hole; after AND only where a range goes on."""
    word = match["before"].strip().lower()
    if word == "and" and BETWEEN.search(match.string, 0, match.start()) is None:
        return match[0]
    return f"{match['before']}:given"


def _simple(text: str) -> list[Condition] | None:
    """One comparison after the other, joined by AND."""
    found: list[Condition] = []
    for piece in re.split(r"(?i)\band\b", text):
        match = SIMPLE.fullmatch(piece)
        if match is None:
            return None
        operator = OPERATORS.get(
            " ".join((match["operator"] or "").lower().split()), (match["operator"] or "").lower()
        )
        constant = match["text"] is not None or match["number"] is not None
        if match["null"]:
            operator = "is-not-null" if "not" in match["null"].lower() else "is-null"
        elif operator in ("like", "ilike"):
            begins = (match["text"] or "")[:1]
            if begins in ("%", "_"):
                operator = "contains"
            else:
                operator = "like" if operator == "like" and begins else "search"
        found.append(Condition(unquoted(match["column"]), operator, constant=constant))
    return found


def unquoted(column: str) -> str:
    """`"order"."status"`, `public.orders.id` to the last two names."""
    return ".".join(part.strip('"`') for part in column.split(".")[-2:])


def _parsed(text: str) -> list[Part] | None:
    plain = TEXT.sub("''", text)
    aliases = dict.fromkeys(
        [match[1] for match in QUALIFIED.finditer(plain)]
        + [match[1] for match in QUOTED.finditer(plain)]
    )
    spelled = {word.lower(): word for word in WORD.findall(plain)}
    text = SPREAD.sub(r":\1", text)
    quoted = "".join(
        piece if piece.startswith("'") else QUALIFIED.sub(r'"\1".\2', piece)
        for piece in re.split(r"('(?:[^']|'')*')", text)
    )
    tables = ", ".join(f'"{alias}"' for alias in aliases) or ROOT
    query = read_query(f"SELECT * FROM {tables} WHERE {quoted}", Span(1), partial=HOLE in text)
    if query is None or query.partial:
        return None
    known = {alias.lower(): alias for alias in aliases}
    found: list[Part] = []
    groups: dict[int, Either] = {}
    for predicate in query.predicates:
        if predicate.table and predicate.table != ROOT and predicate.table not in known:
            continue  # of a subquery
        condition = _condition(predicate, known, spelled)
        if not predicate.alternative or not predicate.group:
            found.append(condition)
            continue
        either = groups.get(predicate.group)
        if either is None:
            either = groups[predicate.group] = Either([])
            found.append(either)
        while len(either.sides) < predicate.branch:
            either.sides.append([])
        either.sides[predicate.branch - 1].append(condition)
    return found


def _condition(predicate: Predicate, known: dict[str, str], spelled: dict[str, str]) -> Condition:
    column = spelled.get(predicate.column, predicate.column)
    alias = known.get(predicate.table, "")
    return Condition(
        f"{alias}.{column}" if alias else column,
        predicate.operator,
        predicate.clause if alias else Clause.FILTER,
        predicate.function,
        alternative=predicate.alternative and not predicate.group,
        constant=predicate.constant,
    )
