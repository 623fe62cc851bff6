"""Tables by their names: Sequel's `DB[:orders]` and `DB.from(:orders)`, ROM's `relations[:orders]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.own_tables import of_source
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.active_record.words import HANDLES

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader


def of_database(reader: RubyReader, node: Node) -> bool:
    return HANDLES.fullmatch(reader.hint(node)) is not None


def from_table(reader: RubyReader, call: Node) -> list[Relation]:
    """Sequel's `DB.from(:orders)`."""
    args = reader.positional(call)
    return table(reader, args[0]) if len(args) == 1 else []


def table(reader: RubyReader, named: Node) -> list[Relation]:
    """What the brackets name: a symbol, one that a constant holds, or `Sequel[:shop][:orders]`."""
    if named.type in ("constant", "scope_resolution"):
        named = reader.constant_node(reader.constant_name(named)) or named
    if named.type == "element_reference" and reader.hint(named).startswith("Sequel["):
        name = of_source(reader, named)
    else:
        name = reader.hint(named)[1:] if named.type == "simple_symbol" else ""
    last = name.rpartition("__")[2]
    return [Relation(table=last.lower(), certain=True, state="relation")] if last else []
