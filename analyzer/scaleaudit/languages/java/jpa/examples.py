"""Queries by the examples that MyBatis Generator makes: `example.createCriteria().andCodeEqualTo(x)`.

The class of an example is named after its table, and its methods after the columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Predicate, QueryFound
from scaleaudit.inflection import underscored
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.java.jpa.flow import mentions, variable_of
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_EXAMPLES = 300  # of one file
MAX_TEXT = 200
START = regex(rb"\bnew\s+([A-Z]\w*)Example\s*\(\s*\)")
CRITERION = regex(r"and([A-Z]\w*?)(IsNull|IsNotNull|EqualTo|NotEqualTo|GreaterThanOrEqualTo|GreaterThan"
                  r"|LessThanOrEqualTo|LessThan|NotLike|Like|NotIn|In|NotBetween|Between)")  # fmt: skip
OPERATORS = {
    "IsNull": "is-null", "IsNotNull": "is-not-null", "EqualTo": "=", "NotEqualTo": "!=",
    "GreaterThan": ">", "GreaterThanOrEqualTo": ">=", "LessThan": "<", "LessThanOrEqualTo": "<=",
    "Like": "search", "NotLike": "!=", "In": "in", "NotIn": "not-in", "Between": "between",
    "NotBetween": "!=",
}  # fmt: skip
# PageHelper cuts the next statement of the thread; `selectOne...` wants one row.
CUT_OFF = regex(r"\b(?:startPage|offsetPage|selectOneByExample\w*)\s*\(|\bRowBounds\b")
COUNTS = regex(r"countByExample\(")


class Sides(Gathering):
    """The criteria of an example: several are alternatives."""

    sides: list[list[tuple[str, str, Node, int]]]
    lost: bool = False


def example_queries(reader: JvmReader) -> Iterator[QueryFound]:
    if not reader.says(b"ByExample", b"Example()"):
        return
    for told, match in enumerate(START.finditer(reader.content)):
        if told >= MAX_EXAMPLES:
            return
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        variable = variable_of(reader, node) if node is not None else ""
        if node is None or not variable:
            continue
        found = Sides([])
        for mention in mentions(reader, variable, node):
            names = [reader.chain(call)[-1].name for call in mention.calls]
            if names and names[0] in ("createCriteria", "or"):
                side: list[tuple[str, str, Node, int]] = []
                found.sides.append(side)
                criteria(reader, mention.calls[1:], mention.branch, side, found)
                held = variable_of(reader, mention.calls[-1])
                for later in mentions(reader, held, mention.calls[-1]) if held else ():
                    if later.handed_on:
                        found.lost = True
                    criteria(reader, later.calls, later.branch or mention.branch, side, found)
        if len(found.sides) == 1:
            around = reader.function_around(node)
            text = reader.text(around)[:20_000] if around is not None else ""
            yield from told_example(reader, match[1].decode(), node, found, text)


def criteria(
    reader: JvmReader,
    calls: list[Node],
    branch: int,
    side: list[tuple[str, str, Node, int]],
    found: Sides,
) -> None:
    for call in calls:
        name = reader.chain(call)[-1].name
        match = CRITERION.fullmatch(name)
        if match is not None:
            side.append((underscored(match[1]), OPERATORS[match[2]], call, branch))
        elif name.startswith(("and", "add")):
            found.lost = True


def told_example(
    reader: JvmReader, name: str, node: Node, found: Sides, text: str
) -> Iterator[QueryFound]:
    """What always holds by itself, and with each branch."""
    table = underscored(name)
    always = [each for each in found.sides[0] if not each[3]]
    branches = dict.fromkeys(each[3] for each in found.sides[0] if each[3])
    variants = [always] if always else []
    variants += [[*always, *(e for e in found.sides[0] if e[3] == b)] for b in branches]
    for variant in variants:
        last = variant[-1][2]
        yield QueryFound(
            reader.span(last),
            excerpt(reader.content, last, MAX_TEXT),
            (table,),
            predicates=tuple(
                Predicate(table, column, operator, Clause.FILTER)
                for column, operator, _, _ in variant
            ),
            limited=CUT_OFF.search(text) is not None,
            aggregate=COUNTS.search(text) is not None,
            partial=found.lost,
            in_loop=reader.in_loop(node),
            library="mybatis",
            scope=reader.scope(node),
        )
