"""What attributes are compared with, and how: `state: [1, 2]`, `"orders.paid_at" => nil`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.ruby.active_record import sequel
from scaleaudit.languages.ruby.active_record.fragments import (
    HOLE,
    MODEL,
    OWN,
    fragment_text,
    model_of,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.ruby.reader import RubyReader

TEXTS = frozenset({"string", "call", "constant"})
KEYS = frozenset({"simple_symbol", "hash_key_symbol", "delimited_symbol", "string"})
LISTS = frozenset({"array", "string_array", "symbol_array"})
LITERALS = frozenset({"integer", "float", "string", "simple_symbol", "true", "false", "constant",
                      "scope_resolution", "string_array", "symbol_array"})  # fmt: skip
GIVES_LIST = regex(
    r"^(?:map|pluck|ids|collect|keys|uniq|to_a|select|flatten|compact|values|split|\w+_ids)$"
)


def named(reader: RubyReader, key: Node | None) -> tuple[str, str]:
    """The attribute that a key of a hash names, and the model or table where the key names one."""
    if key is None:
        return "", ""
    if key.type == "element_reference":
        placed = sequel.column(reader, key)
        return (placed.path, placed.model) if placed is not None else ("", "")
    text = fragment_text(reader, key) if key.type in TEXTS else None
    if text is None:
        if key.type == "call" and reader.method_name(key) == "table_name":
            receiver = key.child_by_field_name("receiver")
            return "", reader.constant_name(receiver) if receiver is not None else ""
        if key.type not in KEYS:
            return "", ""  # whatever a variable or an expression holds
        text = reader.hint(key).strip("\"':")
        if key.type != "string" and "__" in text.strip("_"):  # Sequel's `orders__code`
            table, _, column = text.rpartition("__")
            return column, table
    if HOLE in text:
        return "", ""
    text = text.replace("`", "").replace('"', "")
    table, _, column = text.rpartition(".")
    if table.startswith(MODEL):
        return column, model_of(table)
    return column, ("" if table == OWN else table)


def compared(
    reader: RubyReader, value: Node | None, *, negated: bool
) -> Iterator[tuple[str, bool]]:
    """(operator, whether with something that stands there)."""
    kind = value.type if value is not None else ""
    if kind == "nil":
        yield ("is-not-null" if negated else "is-null"), False
    elif value is not None and (kind in LISTS or gives_list(reader, value)):
        fixed = kind != "array" or all(c.type in LITERALS | {"nil"} for c in value.named_children)
        yield ("not-in" if negated else "in"), kind in LISTS and fixed
    elif value is not None and kind == "range":
        begin, end = value.child_by_field_name("begin"), value.child_by_field_name("end")
        operator = (
            "between"
            if begin is not None and end is not None
            else ">="
            if begin is not None
            else "<="
        )
        yield ("!=" if negated else operator), False
    else:
        fixed = value is not None and kind in LITERALS and (kind != "string" or plain(value))
        yield ("!=" if negated else "="), fixed


def plain(node: Node) -> bool:
    return not any(child.type == "interpolation" for child in node.named_children)


def gives_list(reader: RubyReader, value: Node) -> bool:
    return value.type == "call" and GIVES_LIST.match(reader.method_name(value)) is not None


OPPOSITES = {
    "=": "!=",
    "in": "not-in",
    "is-null": "is-not-null",
    "is-not-null": "is-null",
    "!=": "=",
}


def opposite(known: list[Condition]) -> list[Condition]:
    return [msgspec.structs.replace(c, operator=OPPOSITES.get(c.operator, "!=")) for c in known]
