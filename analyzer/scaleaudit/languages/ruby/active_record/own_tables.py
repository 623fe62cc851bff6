"""The table that a model's class names: `self.table_name = "..."`, `Sequel::Model(:orders)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ModelDefined
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.ruby.active_record.fragments import fragment_text
from scaleaudit.languages.ruby.active_record.words import FRAMEWORK
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.declarations import Holder
    from scaleaudit.languages.ruby.reader import RubyReader

OWN_TABLE = regex(
    rb"(?m)^[ \t]*+(?:self\.table_name[ \t]*=(?!=)|set_table_name[ (])[ \t]*(.{1,200})$"
)
PREFIX = regex(
    rb"def (?:self\.)?table_name_prefix(?:\(\))?\s+[\"'](\w+)[\"']|self\.table_name_prefix[ \t]*=[ \t]*[\"'](\w+)[\"']"
)
DATA_SET = regex(
    rb"(?m)^[ \t]*+set_dataset[ (][ \t]*(?:(?:self\.)?(?:\w+::)*(?:DB|db)\[)?:(?:\w+__)?([a-z_]\w*)"
)
MAX_BODY = 400_000
MAX_CHAIN = 8


def own_table(reader: RubyReader, holder: Holder) -> str:
    """The table that the class itself names."""
    above = holder.node.child_by_field_name("superclass")
    given = above.named_children[0] if above is not None and above.named_children else None
    if given is not None and given.type == "call":
        args = reader.positional(given)
        named = of_source(reader, args[0]) if args else ""
        if named:
            return named
    if b"set_dataset" in reader.content:
        return of_data_set(reader, holder)
    if b"table_name" not in reader.content:
        return ""
    end = min(holder.node.end_byte, holder.node.start_byte + MAX_BODY)
    for match in OWN_TABLE.finditer(reader.content, holder.node.start_byte, end):
        node = reader.leaf_at(match.start(1))
        if node is None or reader.holder_around(node) is not holder:
            continue
        for _ in range(4):
            if node is None or node.type in ("string", "simple_symbol", "chained_string"):
                break
            node = node.parent
        text = (
            fragment_text(reader, node)
            if node is not None and node.type != "simple_symbol"
            else None
        )
        name = (
            text if text is not None else reader.hint(node).strip(":") if node is not None else ""
        )
        name = name.rpartition(".")[2]
        if name.isidentifier():
            return name.lower()
    return ""


def of_source(reader: RubyReader, node: Node, depth: int = 0) -> str:
    """The table of what a class is made of: `:orders`, `DB[:orders].where(...)`, `Sequel[:shop][:orders]`.

    The schema is left out, also where it comes behind: `Sequel[:orders].qualify(:shop)`.
    """
    if node.type in ("simple_symbol", "string"):
        return reader.hint(node).strip(":\"'")
    if depth > MAX_CHAIN:
        return ""
    if node.type == "element_reference":
        return of_source(reader, node.named_children[-1], depth + 1)
    receiver = node.child_by_field_name("receiver") if node.type == "call" else None
    if receiver is None:
        return ""
    args = reader.positional(node)
    own = receiver.type in ("constant", "scope_resolution", "identifier")
    if own and reader.method_name(node) in ("from", "qualify", "identifier"):
        return of_source(reader, args[-1], depth + 1) if args else ""
    return "" if own else of_source(reader, receiver, depth + 1)


def of_data_set(reader: RubyReader, holder: Holder) -> str:
    """Sequel's `set_dataset :orders`, `set_dataset DB[:orders].order(:id)`."""
    for match in DATA_SET.finditer(reader.content, holder.node.start_byte, holder.node.end_byte):
        node = reader.leaf_at(match.start(1))
        if node is not None and reader.holder_around(node) is holder:
            return match[1].decode().rpartition("__")[2].lower()
    return ""


def prefixed(reader: RubyReader, holder: Holder) -> str:
    """The usual name behind the prefix that a module of this file gives."""
    match = PREFIX.search(reader.content) if b"table_name_prefix" in reader.content else None
    if match is None or "." not in holder.name:
        return ""
    prefix = (match[1] or match[2]).decode()
    return prefix + plural(underscored(holder.name.rpartition(".")[2]))


def prefixes(reader: RubyReader) -> Iterator[ModelDefined]:
    """What modules put before the tables of their classes, which stand in files of their own."""
    if b"table_name_prefix" not in reader.content:
        return
    for match in PREFIX.finditer(reader.content):
        node = reader.leaf_at(match.start())
        holder = reader.holder_around(node) if node is not None else None
        if holder is not None and holder.node.type == "module":
            yield ModelDefined(
                at=reader.span(holder.node),
                framework=FRAMEWORK,
                name=holder.name,
                abstract=True,
                default_table=(match[1] or match[2]).decode(),
            )
