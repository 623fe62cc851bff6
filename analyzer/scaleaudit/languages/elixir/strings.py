"""What Elixir's expressions are as texts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.syntax import (
    arguments,
    operator,
    parts,
    piped,
    text_or_atom,
    unwrapped,
    word,
)
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

READS = frozenset({"get_env", "fetch_env!", "fetch_env"})
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "0": "\0"}
# `env!("PORT", :integer)`, of a library that reads files of settings
SETTINGS = frozenset({"env!", "env"})


def value_of(reader: ElixirReader, node: Node, depth: int) -> Value:
    if depth > MAX_NESTING:
        return UNKNOWN
    node = unwrapped(node)
    if node.type in ("string", "sigil"):
        return text_of(reader, node, depth)
    if node.type == "identifier":
        made = reader.local(word(node), node)
        return reader.value(made, depth + 1) if made is not None else UNKNOWN
    if node.type == "binary_operator":
        sign = operator(node)
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return UNKNOWN
        if sign == b"<>":
            return join(reader.value(left, depth + 1), reader.value(right, depth + 1))
        if sign == b"||":
            found = reader.value(left, depth + 1)
            other = reader.value(right, depth + 1)
            if isinstance(found, Setting) and found.default is None:
                return Setting(found.key, other)
            return found
        if sign == b"|>":
            return reader.value(piped(node)[0], depth + 1)
        return UNKNOWN
    if node.type == "unary_operator" and word(node).startswith("@"):
        return Name(word(node)[1:])
    if node.type == "call":
        owner, name = parts(node)
        given, _ = arguments(node)
        if given and ((owner == "System" and name in READS) or (not owner and name in SETTINGS)):
            key = text_or_atom(given[0])
            default = reader.value(given[1], depth + 1) if len(given) > 1 else None
            return Setting(key, default) if key else UNKNOWN
    return UNKNOWN


def text_of(reader: ElixirReader, node: Node, depth: int) -> Value:
    found: list[Value] = []
    for child in node.named_children:
        if child.type == "quoted_content":
            found.append(Literal(word(child)))
        elif child.type == "escape_sequence":
            sign = word(child)[1:]
            found.append(Literal(ESCAPES.get(sign, sign)))
        elif child.type == "interpolation":
            inner = child.named_children[0] if child.named_children else None
            found.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
    whole = join(*found) if found else Literal("")
    if isinstance(whole, Literal) and whole.text.startswith("\n"):
        return Literal(textwrap.dedent(whole.text[1:]))
    return whole
