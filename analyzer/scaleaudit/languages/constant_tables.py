"""Tables that a statement names by constants of other files: `"SELECT id FROM " . TABLE_ORDERS`.

The statement is read as if the constant were the table's name; then the table is told as
`${table_orders}`, which the linker spells out (`linking/named_tables.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import QueryFound
    from scaleaudit.values import Value

CONSTANT = regex(r"(?:[A-Za-z]\w{0,60}\.)?[A-Z][A-Z0-9_]{2,60}")
EXPECTED = regex(r"\b(?:from|join|into|update|table|using)[\s(]*[\s(`\"]$", re.IGNORECASE)
CLAUSE = regex(
    r"\b(?:select|from|join|on|using|where|group|order|set|having|values|limit|into|update)\b",
    re.IGNORECASE,
)
ENDED = regex(r"[\s,;.)`\"]|$")
MAX_BEFORE = 4_000  # characters that are looked through for the beginning of a list


def with_constants(value: Value) -> tuple[Value, dict[str, str]]:
    """The statement with such constants for names, and by these, in lower case, what to tell."""
    if not isinstance(value, Join):
        return value, {}
    named: dict[str, str] = {}
    before = ""
    for at, part in enumerate(value.parts):
        if isinstance(part, Literal):
            before += part.text
            continue
        after = value.parts[at + 1] if at + 1 < len(value.parts) else Literal("")
        if (
            isinstance(part, Name)
            and CONSTANT.fullmatch(part.name)
            and isinstance(after, Literal)
            and ENDED.match(after.text)
            and is_expected(before[-MAX_BEFORE:])
        ):
            named[part.name] = "${" + part.name.lower().replace(".", ":") + "}"
        before += "x"
    if not named:
        return value, {}
    parts = (
        Literal(spelled(part.name)) if isinstance(part, Name) and part.name in named else part
        for part in value.parts
    )
    return join(*parts), {spelled(name).lower(): mark for name, mark in named.items()}


def spelled(name: str) -> str:
    """A word of SQL: the class of a constant is no schema."""
    return name.replace(".", "_")


def is_expected(before: str) -> bool:
    """Whether a statement that begins so goes on with the name of a table."""
    if EXPECTED.search(before) is not None:
        return True
    if not before.rstrip('`" \n').endswith(","):
        return False
    word, between = "", before
    for clause in CLAUSE.finditer(before):
        word, between = clause[0].lower(), before[clause.end() :]
    opened, closed = between.count("("), between.count(")")
    match word:
        case "from" | "join":
            return closed <= opened  # not `EXTRACT(DAY FROM day), ...`
        case "on":
            return closed == opened
        case "update":
            return "=" not in between  # not `ON DUPLICATE KEY UPDATE day = 1, ...`
        case _:
            return False


def with_marks(query: QueryFound, marks: dict[str, str]) -> QueryFound:
    """The query with the marks of its constants for the names that they were read as."""
    if not marks:
        return query

    def marked(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(marks.get(name, name) for name in names)

    return replace(
        query,
        reads=marked(query.reads),
        writes=marked(query.writes),
        inserts=marked(query.inserts),
        predicates=tuple(
            replace(each, table=marks[each.table]) if each.table in marks else each
            for each in query.predicates
        ),
    )
