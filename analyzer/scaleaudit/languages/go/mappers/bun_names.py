"""What arguments of bun's builders name: models, tables, columns behind placeholders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.mappers import asked
from scaleaudit.languages.go.mappers.destinations import type_behind
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

CAST = regex(r"\(\*\s*([\w.]+)\s*\)\s*\(nil\)")
IDENTIFIER = regex(r"\w+\.(?:Ident|Name|Safe)\(\s*[\"`]([\w.]+)[\"`]\s*\)")
MAX_NAME = 200


def model_of(reader: GoReader, node: Node) -> str:
    cast = CAST.fullmatch(reader.text(node)) if node.end_byte - node.start_byte < 200 else None
    return cast[1] if cast is not None else type_behind(reader, node)


def identifier(reader: GoReader, node: Node) -> str:
    """`users` of `bun.Ident("users")`."""
    if node.end_byte - node.start_byte > MAX_NAME:
        return ""
    match = IDENTIFIER.fullmatch(reader.text(node))
    return match[1] if match is not None else ""


def literal(reader: GoReader, node: Node) -> str:
    known = reader.value(node)
    return known.text if isinstance(known, Literal) else ""


def fragment(reader: GoReader, node: Node, values: list[Node]) -> str | None:
    """The text of an argument, with the names that stand for its placeholders."""
    text = asked.text_of(reader, node)
    if text is None or "?" not in text:
        return text
    parts = text.split("?")
    if len(parts) - 1 > len(values):
        return text
    put = [parts[0]]
    for value, part in zip(values, parts[1:], strict=False):
        put.append(identifier(reader, value) or "?")
        put.append(part)
    return "".join(put)
