"""Statements that go-sqlbuilder builds line by line, on a builder that every call changes.

`sb := sqlbuilder.NewSelectBuilder()`, `sb.From("orders")`, `sb.Where(sb.Equal("code", c))`, `sb.Build()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition
from scaleaudit.languages.go.mappers import asked, fragments, table_builders
from scaleaudit.languages.go.mappers.builders import column
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.links import Chain, Link, arguments, name_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import QueryFound
    from scaleaudit.languages.go.mappers.gorm_calls import Asked
    from scaleaudit.languages.go.reader import GoReader

WORTH = b"github.com/huandu/go-sqlbuilder"
ENDS = frozenset({"Build", "BuildWithFlavor", "String"})
ENDED = regex(rb"\.\s*(?:Build(?:WithFlavor)?|String)\(")
CALLED = {
    "SelectFrom": "From", "SelectFromForTag": "From", "DeleteFrom": "Delete", "InsertInto": "Insert",
    "UpdateForTag": "Update", "InsertIntoForTag": "Insert", "InsertIgnoreInto": "Insert",
}  # fmt: skip
OPERATORS = {
    "Equal": "=", "E": "=", "EQ": "=", "NotEqual": "!=", "NE": "!=", "NEQ": "!=",
    "GreaterThan": ">", "G": ">", "GT": ">", "GreaterEqualThan": ">=", "GE": ">=", "GTE": ">=",
    "LessThan": "<", "L": "<", "LT": "<", "LessEqualThan": "<=", "LE": "<=", "LTE": "<=",
    "In": "in", "NotIn": "not-in", "Between": "between", "NotBetween": "!=",
    "Like": "search", "ILike": "search", "NotLike": "search", "NotILike": "search",
    "IsNull": "is-null", "IsNotNull": "is-not-null",
}  # fmt: skip
JOINS = {"Join": 0, "JoinWithOption": 1}  # arguments before the table
MAX_DEPTH = 8


def queries(reader: GoReader) -> Iterator[QueryFound]:
    if WORTH not in reader.content:
        return
    for chain in Chains(reader, ENDS, lasting=True).ending(ENDED, ENDS):
        links = [replace(link, name=CALLED.get(link.name, link.name)) for link in chain.links]
        yield from table_builders.told(reader, Chain(chain.root, links), take)


def take(reader: GoReader, link: Link, found: Asked) -> str:
    """One call on the builder; the verb of the statement, where it tells."""
    name, args = link.name, link.args
    if name == "Where":
        for arg in args:
            table_builders.narrowed(found, *condition(reader, arg, 0))
        return ""
    if name in JOINS:
        joined(reader, args[JOINS[name] :], found)
        return ""
    if name in ("OrderByDesc", "OrderByAsc"):
        name, link = "OrderBy", replace(link, name="OrderBy")
    if name in ("Having", "SQL", "With", "BuilderAs") or (name == "From" and len(args) > 1):
        found.partial = True
    return table_builders.take(reader, link, found)


def condition(reader: GoReader, node: Node, depth: int) -> tuple[list[Condition], bool]:
    """What one argument asks, and whether some of it is not known."""
    name = name_of(reader, node) if node.type == "call_expression" else ""
    args = arguments(reader, node) if name else []
    if name in ("And", "Or", "Not") and args and depth < MAX_DEPTH:
        sides = [condition(reader, arg, depth + 1) for arg in args]
        partial = any(lost for _, lost in sides)
        parts = [side for side, _ in sides]
        if name == "Or" and len(parts) > 1:
            return fragments.either(parts, node.start_byte), partial
        every = [each for side in parts for each in side]
        return fragments.negated(every) if name == "Not" else every, partial
    if name in OPERATORS and args:
        text = asked.text_of(reader, args[0])
        return ([Condition(column(text), OPERATORS[name])], False) if text else ([], True)
    text = asked.text_of(reader, node)
    return asked.of_fragment(reader, text, []) if text is not None else ([], True)


def joined(reader: GoReader, args: list[Node], found: Asked) -> None:
    """`Join("customers c", "c.id = o.customer_id")`: a table and what ties it."""
    texts = [asked.text_of(reader, arg) for arg in args]
    known = [text for text in texts if text]
    if len(known) < 2 or len(known) < len(texts):
        found.partial = True
        return
    joins = fragments.joined(f"JOIN {known[0]} ON {' AND '.join(known[1:])}")
    found.named.update(joins.names)
    found.conditions.extend(joins.conditions)
    found.partial = found.partial or joins.partial
