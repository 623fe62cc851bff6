"""Conditions that are gathered in a variable, piece by piece, before a query is handed them all.

`where := sq.And{}`, `where = append(where, sq.Eq{"code": code})`, `.Where(where)`; the same in a list of
`sq.Sqlizer`, `goqu.Expression` or texts. A piece of a branch counts where the branch is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import ALWAYS, branches, declared, later
from scaleaudit.languages.go.mappers.links import Link
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

KIND = regex(
    r"^(?:\w+\.)?(?:(And)|(Or))$|^\[\](?:\w+\.)*(?:Sqlizer|Expression|\w*Condition|Eq|BoolExpression|string)$"
)
MAX_PARTS = 60


class Part(Record, frozen=True):
    """One condition of the list, and the branches in which it is added."""

    node: Node
    choices: Choices


class Gathered(Record, frozen=True):
    """`any_of`: one of the parts is enough. `whole`: no other part was put in."""

    parts: list[Part]
    any_of: bool
    whole: bool


def with_parts(reader: GoReader, link: Link) -> list[Link]:
    """A call of the chain as many calls, one for each part of the list that it is handed."""
    if link.name != "Where" or len(link.args) != 1:
        return [link]
    found = gathered(reader, link.args[0])
    if found is None or found.any_of or not found.whole:
        return [link]
    return [
        Link(link.name, [part.node], part.node, link.choices | part.choices) for part in found.parts
    ]


def gathered(reader: GoReader, given: Node) -> Gathered | None:
    """The parts of a list of conditions; None for what is no variable of one."""
    if given.type == "variadic_argument" and given.named_children:
        given = given.named_children[0]
    if given.type != "identifier":
        return None
    name = reader.text(given)
    start = declared(reader, name, given)
    if start is None or start.parameter or start.index or start.adds:
        return None
    kind = KIND.search(_kind(reader, start))
    if kind is None:
        return None
    parts = [Part(each, ALWAYS) for each in _elements(start.value)]
    whole = True
    for each in later(reader, start, given):
        added = _appended(reader, each.value, name)
        if added is None or len(parts) > MAX_PARTS:
            whole = False
            continue
        choices = branches(reader, each.node, given)
        parts.extend(Part(node, choices) for node in added)
    return Gathered(parts, kind[2] is not None, whole)


def _kind(reader: GoReader, start: Definition) -> str:
    """The type of a list, as it is written where the list begins."""
    node = start.type
    value = start.value
    if node is None and value is not None:
        node = value.child_by_field_name("type")
        if value.type == "call_expression" and reader.text(value).startswith("make("):
            given = value.child_by_field_name("arguments")
            node = given.named_children[0] if given is not None and given.named_children else None
    return reader.text(node)[:80] if node is not None else ""


def _elements(value: Node | None) -> list[Node]:
    body = value.child_by_field_name("body") if value is not None else None
    if value is None or value.type != "composite_literal" or body is None:
        return []
    return [
        each.named_children[0] if each.type == "literal_element" and each.named_children else each
        for each in body.named_children
        if each.type != "comment"
    ][:MAX_PARTS]


def _appended(reader: GoReader, value: Node | None, name: str) -> list[Node] | None:
    """What `append(name, a, b)` adds; None for anything else."""
    function = value.child_by_field_name("function") if value is not None else None
    if value is None or function is None or reader.text(function) != "append":
        return None
    holder = value.child_by_field_name("arguments")
    given = [a for a in holder.named_children if a.type != "comment"] if holder is not None else []
    if not given or reader.text(given[0]) != name:
        return None
    if any(each.type == "variadic_argument" for each in given):
        return None
    return given[1:]
