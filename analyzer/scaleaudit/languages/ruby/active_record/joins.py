"""Joins of a chain, and the relations that it reads along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record.fragments import fragment_text, joined

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

MAX_LOADS = 12


def symbols(reader: RubyReader, call: Node) -> list[str]:
    args = reader.positional(call)
    return [reader.hint(each)[1:] for each in args if each.type == "simple_symbol"]


def joining(reader: RubyReader, call: Node, found: Relation) -> None:
    """`joins(:author, comments: :user)`, `joins("JOIN a ON ...")`."""
    holder = call.child_by_field_name("arguments")
    if reader.method_name(call) == "references":
        return
    for each in holder.named_children if holder is not None else ():
        if each.type in ("pair", "hash", "simple_symbol", "array", "symbol_array"):
            found.loads += relation_paths(reader, each, "", 0)[: MAX_LOADS - len(found.loads)]
            continue
        text = fragment_text(reader, each)
        found.joined = True
        if text is not None and "join" in text.lower():
            told, hidden = joined(text)
            found.add(told)
            found.partial = found.partial or hidden
        elif each.type not in ("comment", "block_argument"):
            found.partial = True


def relation_paths(reader: RubyReader, node: Node, prefix: str, depth: int) -> list[str]:
    if depth > 4:
        return []
    match node.type:
        case "simple_symbol" | "hash_key_symbol" | "bare_symbol":
            return [prefix + reader.hint(node).strip(":")]
        case "array" | "hash" | "symbol_array":
            return [
                p for c in node.named_children for p in relation_paths(reader, c, prefix, depth + 1)
            ]
        case "pair":
            key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            own = relation_paths(reader, key, prefix, depth + 1) if key is not None else []
            if not own or value is None:
                return own
            return own + relation_paths(reader, value, f"{own[0]}.", depth + 1)
        case _:
            return []


def table_join(reader: RubyReader, call: Node, found: Relation) -> bool:
    """Sequel's `join(:users, id: :user_id)`; false when it is another method of this name."""
    args, options, _ = reader.arguments(call)
    if not args or args[0].type != "simple_symbol":
        return False
    table = reader.hint(args[0])[1:].rpartition("__")[2]
    for theirs, own in options.items():
        found.add([Condition(theirs, "=", Clause.JOIN, model=table)])
        if own.type == "simple_symbol":
            found.add([Condition(reader.hint(own)[1:], "=", Clause.JOIN)])
    return True
