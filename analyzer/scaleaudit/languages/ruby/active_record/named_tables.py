"""Tables by their names: Sequel's `DB[:orders]` and `DB.from(:orders)`, ROM's `relations[:orders]`.

The name may be put together: `db[:"#{PREFIX}orders"]`, `db[TABLES.fetch(:order)]`, `table(:order)`
where the file has a method of that name which gives back `db[TABLES.fetch(which)]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.bodies import last_expression
from scaleaudit.languages.ruby.active_record.own_tables import of_source
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.active_record.words import HANDLES

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Bound = tuple[str, str]  # a parameter, and the name that it holds

MAX_DEPTH = 5
NOTHING: Bound = ("", "")
CONSTANTS = frozenset({"constant", "scope_resolution"})
MADE_OF_PARTS = frozenset({"simple_symbol", "delimited_symbol", "string"})
AS_IT_IS = frozenset({"to_sym", "to_s", "freeze"})


def of_database(reader: RubyReader, node: Node) -> bool:
    return HANDLES.fullmatch(reader.hint(node)) is not None


def from_table(reader: RubyReader, call: Node) -> list[Relation]:
    """Sequel's `DB.from(:orders)`."""
    args = reader.positional(call)
    return table(reader, args[0]) if len(args) == 1 else []


def looked_up(reader: RubyReader, holder: Node, named: Node) -> list[Relation]:
    """`DB[:orders]`; nothing for what is no database."""
    return table(reader, named) if of_database(reader, holder) else []


def table(reader: RubyReader, named: Node, bound: Bound = NOTHING) -> list[Relation]:
    """What the brackets name; a text alone is a statement."""
    if named.type == "string":
        return []
    last = spelled(reader, named, bound).rpartition("__")[2]
    return [Relation(table=last.lower(), certain=True, state="relation")] if last else []


def by_method(reader: RubyReader, call: Node) -> list[Relation]:
    """`table(:order)`, of a method of the file that gives back the data set of the name it is handed."""
    methods = reader.definitions(reader.method_name(call))
    args = reader.positional(call)
    given = methods[0].child_by_field_name("parameters") if len(methods) == 1 else None
    if given is None or len(given.named_children) != 1 or len(args) != 1:
        return []
    last = last_expression(methods[0])
    if last is None or last.type != "element_reference" or len(last.named_children) != 2:
        return []
    holder, named = last.named_children
    if not of_database(reader, holder):
        return []
    value = spelled(reader, args[0], NOTHING)
    return table(reader, named, (reader.hint(given.named_children[0]), value)) if value else []


def spelled(reader: RubyReader, node: Node, bound: Bound, depth: int = 0) -> str:
    """The name that an expression stands for; empty when it is not all known."""
    if depth > MAX_DEPTH:
        return ""
    if node.type in MADE_OF_PARTS:
        return of_parts(reader, node, bound, depth)
    if node.type == "identifier":
        name = reader.hint(node)
        if name == bound[0]:
            return bound[1]
        held = reader.local(name, node)
        return spelled(reader, held, bound, depth + 1) if held is not None else ""
    if node.type in CONSTANTS:
        held = reader.constant_node(reader.constant_name(node))
        return spelled(reader, held, bound, depth + 1) if held is not None else ""
    if node.type == "element_reference":
        if reader.hint(node).startswith("Sequel["):
            return of_source(reader, node)
        holder, *keys = node.named_children
        return of_hash(reader, holder, keys, bound, depth)
    receiver = node.child_by_field_name("receiver") if node.type == "call" else None
    if receiver is None:
        return ""
    if reader.method_name(node) in AS_IT_IS:
        return spelled(reader, receiver, bound, depth + 1)
    if reader.method_name(node) == "fetch":
        return of_hash(reader, receiver, reader.positional(node)[:1], bound, depth)
    return ""


def of_parts(reader: RubyReader, node: Node, bound: Bound, depth: int) -> str:
    if node.type == "simple_symbol":
        return reader.hint(node)[1:]
    found = ""
    for each in node.named_children:
        inner = each.named_children
        part = reader.hint(each)
        if each.type == "interpolation":
            part = spelled(reader, inner[0], bound, depth + 1) if len(inner) == 1 else ""
        if not part:
            return ""
        found += part
    return found if found.isidentifier() else ""


def of_hash(reader: RubyReader, holder: Node, keys: list[Node], bound: Bound, depth: int) -> str:
    """`TABLES[:order]`, where the constant of the file holds a hash."""
    key = spelled(reader, keys[0], bound, depth + 1) if len(keys) == 1 else ""
    held = reader.constant_node(reader.constant_name(holder)) if holder.type in CONSTANTS else None
    if held is not None and held.type == "call" and reader.method_name(held) in AS_IT_IS:
        held = held.child_by_field_name("receiver")
    for pair in held.named_children if key and held is not None and held.type == "hash" else ():
        one, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if one is not None and value is not None and reader.hint(one).strip(":\"'") == key:
            return spelled(reader, value, bound, depth + 1)
    return ""
