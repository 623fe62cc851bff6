"""What names and expressions mean as columns of the tables of one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FOLDING = regex(r"(?i)\s*(lower|upper|date|trim|coalesce|date_trunc|year|month|length)\s*\(")
# What a request brings along may be called like a table: `ctx.session.userId`.
OF_REQUEST = regex(
    r"(?:ctx|context|c|req|request|event|locals|args|input|auth|opts|options|props|this)\??\."
)
PLACED = regex(r"\$\{((?:[\w$]+\.)+[\w$]+)\}")


class Tables(Record, frozen=True):
    """What names stand for in one query: the constant of its table, and those that it joins.

    Without a base it is a relation that is read along: whatever is compared is of its table.
    """

    base: str
    others: tuple[str, ...] = ()
    own: tuple[str, ...] = ()  # names of parameters that stand for the base
    imported: Mapping[str, str] = msgspec.field(default_factory=dict)  # as the module calls them

    def of(self, written: str) -> str | None:
        """The table of `orders.state`; None when no table of the query is meant."""
        if OF_REQUEST.match(written):
            return None
        name = written.rpartition(".")[2]
        if name in self.own or name == self.base or not self.base:
            return self.base
        return name if name in self.others else None


def column_of(reader: JavaScriptReader, node: Node, tables: Tables) -> tuple[str, str, str] | None:
    """(table, attribute, function around it)."""
    inner = bare(node)
    if inner is None:
        return None
    if inner.type == "member_expression":
        holder, _, attribute = reader.text(inner)[:200].rpartition(".")
        table = tables.of(holder)
        return (table, attribute, "") if table is not None else None
    if inner.type == "call_expression":
        holder_ = inner.child_by_field_name("arguments")
        function = inner.child_by_field_name("function")
        if holder_ is None or function is None:
            return None
        if holder_.type == "template_string":
            return placed(reader.text(holder_), tables)
        called = reader.text(function).rpartition(".")[2].lower()
        if called in ("lower", "upper", "coalesce", "date") and holder_.named_children:
            found = column_of(reader, holder_.named_children[0], tables)
            return (found[0], found[1], called) if found is not None else None
    return None


def placed(text: str, tables: Tables) -> tuple[str, str, str] | None:
    """The one column in a piece of SQL: `lower(${users.email})`."""
    match = PLACED.search(text)
    if match is None:
        return None
    holder, _, attribute = match[1].rpartition(".")
    table = tables.of(holder)
    if table is None:
        return None
    folded = FOLDING.match(text[1:])
    between = text[1 : match.start()].strip()
    function = folded[1].lower() if folded is not None else ("expression" if between else "")
    return table, attribute, function


def parameter_of(reader: JavaScriptReader, function: Node) -> str:
    single = function.child_by_field_name("parameter")
    given = function.child_by_field_name("parameters")
    first = single or (given.named_children[0] if given and given.named_children else None)
    inner = first.child_by_field_name("pattern") if first is not None else None
    named = inner or first
    return reader.text(named) if named is not None and named.type == "identifier" else ""
