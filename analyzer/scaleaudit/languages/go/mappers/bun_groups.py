"""Functions that put conditions into parentheses: `WhereGroup(func(q *pg.Query) ... { return q.Where(...), nil })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import mentions
from scaleaudit.languages.go.mappers.links import Link, arguments, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

PLAIN = {
    "expression_statement",
    "assignment_statement",
    "short_var_declaration",
    "return_statement",
}
MAX_STATEMENTS = 40
MAX_LINKS = 40


def links_inside(reader: GoReader, given: Node) -> list[Link] | None:
    """The calls that a function always makes on the query it is handed; None where a branch decides."""
    body = given.child_by_field_name("body") if given.type == "func_literal" else None
    name = parameter(reader, given) if body is not None else ""
    if body is None or not name:
        return None
    inner = body.named_children
    statements = inner[0].named_children if inner and inner[0].type == "statement_list" else inner
    found: list[Link] = []
    for count, statement in enumerate(statements):
        if not mentions(reader, statement, name):
            continue
        if statement.type not in PLAIN or count >= MAX_STATEMENTS:
            return None
        links = on_query(reader, value_of(statement), name)
        if links is None:
            return None
        found.extend(links)
    return found


def parameter(reader: GoReader, function: Node) -> str:
    holder = function.child_by_field_name("parameters")
    first = holder.named_children[0] if holder is not None and holder.named_children else None
    names = first.children_by_field_name("name") if first is not None else []
    return reader.text(names[0]) if len(names) == 1 else ""


def value_of(statement: Node) -> Node | None:
    """What is made in a line: the right side, what is given back, the call alone."""
    value = statement.child_by_field_name("right") or next(iter(statement.named_children), None)
    if value is not None and value.type == "expression_list":
        value = next(iter(value.named_children), None)
    return value


def on_query(reader: GoReader, value: Node | None, name: str) -> list[Link] | None:
    """The calls of `q.Where(a).WhereOr(b)` in their order; None for what does not begin with `q`."""
    links: list[Link] = []
    at = value
    while at is not None and at.type == "call_expression" and len(links) < MAX_LINKS:
        links.append(Link(name_of(reader, at), arguments(reader, at), at))
        function = at.child_by_field_name("function")
        at = function.child_by_field_name("operand") if function is not None else None
    begins = at is not None and at.type == "identifier" and reader.text(at) == name
    return links[::-1] if begins else None
