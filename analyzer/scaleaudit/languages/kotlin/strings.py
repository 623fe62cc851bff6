"""Kotlin's strings with their templates."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from scaleaudit.languages.java.strings import in_annotation, name_value, unescape
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

# The grammar leaves `$name` inside the text where a sign follows it.
SHORT_TEMPLATE = regex(r"\$([A-Za-z_]\w*)")


def string_value(reader: JvmReader, node: Node, depth: int) -> Value:
    """Plain and raw strings; templates become their values."""
    raw = node.type == "multiline_string_literal"
    parts: list[Value] = []
    text = ""
    for child in node.named_children:
        if child.type == "interpolation":
            parts.extend(templates(reader, text, node, depth))
            text = ""
            inner = child.named_children[0] if child.named_children else None
            parts.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
        elif child.type == "escape_sequence":
            parts.extend(
                [*templates(reader, text, node, depth), Literal(unescape(reader.text(child)))]
            )
            text = ""
        else:
            text += reader.text(child)
    parts.extend(templates(reader, text, node, depth))
    value = join(*parts)
    if not isinstance(value, Literal):
        return value
    if raw:
        return Literal(textwrap.dedent(value.text))
    return in_annotation(reader, node, value.text) if "{" in value.text else value


def templates(reader: JvmReader, text: str, node: Node, depth: int) -> list[Value]:
    parts: list[Value] = []
    end = 0
    for match in SHORT_TEMPLATE.finditer(text):
        parts.append(Literal(text[end : match.start()]))
        parts.append(name_value(reader, node, match[1], depth + 1))
        end = match.end()
    return [*parts, Literal(text[end:])]
