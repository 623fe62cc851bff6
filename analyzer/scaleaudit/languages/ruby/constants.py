"""Constants and settings of the application that hold (part of) an address or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_CONSTANT = 2_000  # bytes of an expression
TEXTS = frozenset(
    [
        "string",
        "chained_string",
        "binary",
        "simple_symbol",
        "call",
        "element_reference",
        "constant",
        "scope_resolution",
        "heredoc_beginning",
        "parenthesized_statements",
    ]
)
# `config.x.billing_url = ENV["BILLING_URL"]`
CONFIGURED = regex(rb"\bconfig\.((?:x\.)?\w+(?:\.\w+){0,3})[ \t]*=(?![=~>])")
MAX_SETTINGS = 300
URL = regex(r"://|^[\w.-]+:\d{2,5}$")


def constants(reader: RubyReader) -> Iterator[ConstantDefined]:
    for name, right in reader.constants.items():
        if right.type in TEXTS and right.end_byte - right.start_byte <= MAX_CONSTANT:
            value = reader.value(right)
            if worth_keeping(value):
                yield ConstantDefined(reader.span(right), name, value)
    yield from settings(reader)


def settings(reader: RubyReader) -> Iterator[ConstantDefined]:
    """What `Rails.configuration` hands on: only texts from the environment, and addresses."""
    if b"config." not in reader.content:
        return
    for _, match in zip(range(MAX_SETTINGS), CONFIGURED.finditer(reader.content), strict=False):
        right = assigned_at(reader, match.start(1))
        if right is None or right.end_byte - right.start_byte > MAX_CONSTANT:
            continue
        value = reader.value(right)
        text = value.text if isinstance(value, Literal) else ""
        if isinstance(value, Setting | Join) or URL.search(text):
            yield ConstantDefined(reader.span(right), f"config.{match[1].decode()}", value)


def assigned_at(reader: RubyReader, offset: int) -> Node | None:
    """The right side of the assignment whose left side stands at a byte."""
    node = reader.leaf_at(offset)
    if node is None:
        return None
    for above in reader.ancestors(node):
        if above.type == "assignment":
            right = above.child_by_field_name("right")
            return right if right is not None and right.start_byte > offset else None
        if above.type != "call":
            return None
    return None


def worth_keeping(value: Value) -> bool:
    match value:
        case Setting() | Name():
            return True
        case Literal(text=text):
            return 0 < len(text) <= MAX_CONSTANT
        case Join(parts=parts):
            return any(isinstance(part, Setting | Name | Literal) for part in parts)
        case Parameter() | OneOf() | Unknown():
            return False
