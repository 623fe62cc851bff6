"""Sequel's own expressions: `Sequel[:a] > 1`, `where { a > 1 }`, `Sequel.desc(:a)`, `Sequel[:t][:a]`.

In a block of `where` bare words are columns; where the block takes a parameter, its methods are.
`rows` is that parameter's name, `BARE` in a block without one, and empty outside of blocks, where
words are variables and symbols are columns only in what Sequel is handed (`SYMBOLS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record.arel import either
from scaleaudit.languages.ruby.active_record.patterns import pattern

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

BARE = "*"
SYMBOLS = ":"
OPERATORS = {
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
    "=~": "=",
    "!~": "!=",
    "==": "=",
    "!=": "!=",
}
PATTERNS = frozenset({"like", "ilike"})
COMPARES = {"is": "=", "in": "in", "not": "!="}  # of ROM's attributes: `orders[:code].is(x)`
MAX_DEPTH = 8


def row_name(reader: RubyReader, block: Node) -> str:
    """What the columns are called on in a block."""
    given = block.child_by_field_name("parameters")
    names = given.named_children if given is not None else []
    return reader.hint(names[0]) if names else BARE


def conditions(
    reader: RubyReader, node: Node, *, rows: str = "", depth: int = 0
) -> list[Condition] | None:
    """What an expression compares; None when it is none of Sequel's."""
    if depth > MAX_DEPTH:
        return None
    if node.type in ("parenthesized_statements", "block_body", "body_statement"):
        inner = node.named_children
        return conditions(reader, inner[0], rows=rows, depth=depth + 1) if len(inner) == 1 else None
    block = node.child_by_field_name("block") if node.type == "call" else None
    if block is not None and reader.hint(node).startswith("Sequel.expr"):
        body = block.child_by_field_name("body")
        named = row_name(reader, block)
        return conditions(reader, body, rows=named, depth=depth + 1) if body is not None else None
    if node.type == "call" and reader.method_name(node) in PATTERNS:
        return like(reader, node, rows)
    if node.type == "call" and reader.method_name(node) in COMPARES:
        return of_attribute(reader, node)
    if node.type != "binary":
        return None
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return None
    if operator.type in ("&", "|"):
        one = conditions(reader, left, rows=rows, depth=depth + 1)
        two = conditions(reader, right, rows=rows, depth=depth + 1)
        if one is None or two is None:
            return None
        return one + two if operator.type == "&" else either(one, two)
    found = column(reader, left, rows=rows)
    if found is None or operator.type not in OPERATORS:
        return None
    word = OPERATORS[operator.type]
    if right.type == "nil":
        word = "is-null" if word == "=" else "is-not-null"
    return [msgspec.structs.replace(found, operator=word)]


def of_attribute(reader: RubyReader, call: Node) -> list[Condition] | None:
    """`orders[:code].is(x)`, `orders[:code].qualified.in(x, y)`."""
    receiver = call.child_by_field_name("receiver")
    found = attribute(reader, receiver) if receiver is not None else None
    if found is None or not found.model:
        return None
    args = reader.positional(call)
    word = COMPARES[reader.method_name(call)]
    if len(args) == 1 and args[0].type == "nil":
        word = "is-null" if word == "=" else "is-not-null"
    return [msgspec.structs.replace(found, operator=word)]


def attribute(reader: RubyReader, node: Node) -> Condition | None:
    """ROM's `orders[:code]`, `orders[:code].qualified`: where it stands, no word is a column."""
    shown = node.type == "call" and reader.method_name(node) == "qualified"
    inner = node.child_by_field_name("receiver") if shown else node
    found = inner is not None and inner.type == "element_reference"
    return column(reader, inner, rows=BARE) if found and inner is not None else None


def like(reader: RubyReader, call: Node, rows: str) -> list[Condition] | None:
    """`Sequel.like(:a, x)`, `Sequel[:a].like(x)`, in a block `a.like(x)`."""
    args = reader.positional(call)
    receiver = call.child_by_field_name("receiver")
    if receiver is not None and reader.hint(receiver) != "Sequel":
        args = [receiver, *args]
    found = column(reader, args[0], rows=rows or SYMBOLS) if args else None
    if found is None:
        return None
    begins = pattern(reader, args[1]) if len(args) > 1 else ""
    exact = begins if begins == "contains" or reader.method_name(call) == "like" else ""
    return [msgspec.structs.replace(found, operator=exact or "search")]


def column(reader: RubyReader, node: Node, *, rows: str = "") -> Condition | None:
    """`Sequel[:a]`, `Sequel[:t][:a]`; in a block of `where` also `a`, `t[:a]` and `lower(a)`."""
    if node.type == "simple_symbol":
        return placed(reader.hint(node)[1:], "") if rows else None
    if node.type == "identifier":
        return placed(reader.hint(node), "") if rows == BARE else None
    if node.type == "call":
        return called(reader, node, rows)
    if node.type != "element_reference" or len(node.named_children) != 2:
        return None
    holder, key = node.named_children
    if key.type != "simple_symbol":
        return None
    name = reader.hint(key)[1:]
    if reader.hint(holder) == "Sequel":
        return placed(name, "")
    outer = column(reader, holder, rows=rows)
    return placed(name, outer.path) if outer is not None and not outer.model else None


def called(reader: RubyReader, call: Node, rows: str) -> Condition | None:
    """`Sequel.qualify(:t, :a)`, `Sequel.function(:lower, :a)`; in a block `lower(a)`, `o.a`."""
    name, args = reader.method_name(call), reader.positional(call)
    receiver = call.child_by_field_name("receiver")
    above = reader.hint(receiver) if receiver is not None else ""
    if above == "Sequel":
        match name, args:
            case (("expr" | "identifier"), [only]):
                return column(reader, only, rows=rows or SYMBOLS)
            case "qualify", [table, last] if table.type == last.type == "simple_symbol":
                return placed(reader.hint(last)[1:], reader.hint(table)[1:])
            case "function", [function, only] if function.type == "simple_symbol":
                return applied(reader, reader.hint(function)[1:], only, rows or SYMBOLS)
            case _:
                return None
    if not rows or above != ("" if rows == BARE else rows):
        return None
    if not args:
        return placed(name, "") if above else None
    return applied(reader, name, args[0], rows) if len(args) == 1 else None


def applied(reader: RubyReader, function: str, node: Node, rows: str) -> Condition | None:
    inner = column(reader, node, rows=rows)
    if inner is None or inner.function or not function.isidentifier():
        return None
    return msgspec.structs.replace(inner, function=function.lower())


def placed(name: str, table: str) -> Condition | None:
    """`orders__code` is what `Sequel[:orders][:code]` was before Sequel 5."""
    before, _, last = name.rpartition("__")
    return Condition(last, "=", model=table or before) if last.isidentifier() else None


def sort(reader: RubyReader, node: Node, *, rows: str = "") -> Condition | None:
    """`Sequel.desc(:a)`, `Sequel[:t][:a]`; in a block of `order` `a.desc`."""
    if node.type == "call" and reader.method_name(node) in ("asc", "desc"):
        receiver = node.child_by_field_name("receiver")
        args = reader.positional(node)
        own = receiver is None or reader.hint(receiver) == "Sequel"
        inner = (args[0] if args else None) if own else receiver
        found = column(reader, inner, rows=rows or SYMBOLS) if inner is not None else None
        if found is None and not own and inner is not None:
            found = attribute(reader, inner)
    else:
        found = column(reader, node, rows=rows)
    if found is None:
        return None
    return msgspec.structs.replace(found, operator="sort", clause=Clause.SORT)
