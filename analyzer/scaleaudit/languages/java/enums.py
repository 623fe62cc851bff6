"""Texts that the constants of an enum carry: `ORDERS("/orders")`, read as `Paths.ORDERS.getPath()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link
    from scaleaudit.values import Value

ONE_WORD = regex(r"[^\s]{1,200}")  # a path, an address, a topic; not a label for people
CONSTANT = regex(r"[A-Z][A-Z0-9_]*")
TYPE = regex(r"[A-Z]\w*")
OWN = {"ordinal", "hashCode", "getClass", "getDeclaringClass", "describeConstable"}


def enum_text(reader: JvmReader, node: Node) -> Iterator[ConstantDefined]:
    """The one text that a constant is made of."""
    name, given = node.child_by_field_name("name"), node.child_by_field_name("arguments")
    if name is None or given is None:
        return
    value = reader.value(given.named_children[0])
    if isinstance(value, Literal) and ONE_WORD.fullmatch(value.text):
        path = reader.class_path(node)
        full = f"{path}.{reader.text(name)}" if path else reader.text(name)
        yield ConstantDefined(reader.span(node), full, value)


def asked_of_enum(links: list[Link]) -> Value | None:
    """What `Paths.ORDERS.getPath()` gives: the text that the constant carries, else nothing."""
    *before, constant, asked = [link.name for link in links]
    if not before or not CONSTANT.fullmatch(constant) or asked in OWN:
        return None
    if any(link.node is not None for link in links[:-1]) or not TYPE.fullmatch(before[-1]):
        return None
    if asked == "name":
        return Literal(constant)
    return Name(".".join([*before, constant]))
