"""Loops of migrations over lists that stand in the file: `%i[users teams].each do |table| ... end`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.blocks import words

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_ROUNDS = 60  # of one loop
HELD = frozenset({"identifier", "constant"})
TEXTS = frozenset({"string", "delimited_symbol"})


def rounds(reader: RubyReader, call: Node) -> list[dict[str, str]]:
    """What the parameters of a block stand for in each round; empty when the list is not known."""
    listed, block = call.child_by_field_name("receiver"), call.child_by_field_name("block")
    given = block.child_by_field_name("parameters") if block is not None else None
    names = [reader.hint(each) for each in given.named_children] if given is not None else []
    if listed is None or not names:
        return []
    if listed.type in HELD:
        name = reader.hint(listed)
        held = reader.constant_node(name) if listed.type == "constant" else None
        listed = held or reader.local(name, listed) or listed
    for _ in range(2):
        if listed.type == "call" and reader.method_name(listed) == "freeze":
            listed = listed.child_by_field_name("receiver") or listed
    if listed.type == "hash" and len(names) == 2:
        return pairs(reader, listed, names)
    if not listed.type.endswith("array"):
        return []
    found: list[dict[str, str]] = []
    for each in listed.named_children[:MAX_ROUNDS]:
        values = words(reader, each)
        if len(values) == len(names):
            found.append(dict(zip(names, values, strict=True)))
    if not found and len(names) == 1:  # a list of words in one piece
        found = [{names[0]: value} for value in words(reader, listed)[:MAX_ROUNDS]]
    return found


def pairs(reader: RubyReader, node: Node, names: list[str]) -> list[dict[str, str]]:
    """`{ users: :email }.each do |table, column|`"""
    found: list[dict[str, str]] = []
    for pair in node.named_children[:MAX_ROUNDS]:
        value = pair.child_by_field_name("value") if pair.type == "pair" else None
        key = pair.child_by_field_name("key") if pair.type == "pair" else None
        told = words(reader, value)
        if key is not None and len(told) == 1:
            found.append({names[0]: reader.hint(key).strip("\"':"), names[1]: told[0]})
    return found


def texts(reader: RubyReader, node: Node | None, names: dict[str, str]) -> list[str]:
    """Names that stand there, or that the loop around gives: `table`, `:"#{table}_id"`."""
    if node is None:
        return []
    if node.type == "identifier":
        known = names.get(reader.hint(node))
        held = None if known else reader.local(reader.hint(node), node)
        if held is not None:
            return words(reader, held)  # `key = %i[shop_id number]`
        return [known] if known else []
    if names and node.type == "array":
        return [text for each in node.named_children for text in texts(reader, each, names)]
    if names and node.type in TEXTS and any(c.type == "interpolation" for c in node.named_children):
        told = spelled(reader, node, names)
        return [told] if told else []
    return words(reader, node)


def spelled(reader: RubyReader, node: Node, names: dict[str, str]) -> str:
    """A text with the names of the loop in their places; empty when it has other holes."""
    found = ""
    for child in node.named_children:
        if child.type == "interpolation":
            inner = child.named_children
            known = names.get(reader.hint(inner[0])) if len(inner) == 1 else None
            if not known:
                return ""
            found += known
        else:
            found += reader.text(child)
    return found
