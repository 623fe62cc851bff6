"""Texts that calls of JavaScript join: `util.format`, `path.join`, `new URL`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.values import UNKNOWN, Literal, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_PARTS = 200  # of one format


def formatted(reader: JavaScriptReader, args: list[Node], depth: int) -> Value:
    """`util.format("http://orders%s", domain)`."""
    template = reader.value(args[0], depth + 1)
    if not isinstance(template, Literal):
        return UNKNOWN
    pieces = template.text.split("%s")
    parts: list[Value] = [Literal(pieces[0])]
    for at, piece in enumerate(pieces[1:MAX_PARTS], 1):
        parts += [reader.value(args[at], depth + 1) if at < len(args) else UNKNOWN, Literal(piece)]
    return join(*parts)


def path_of(reader: JavaScriptReader, args: list[Node], depth: int) -> Value:
    parts: list[Value] = []
    for arg in args:
        part = reader.value(arg, depth + 1)
        if parts and not (isinstance(part, Literal) and part.text.startswith("/")):
            parts.append(Literal("/"))
        parts.append(part)
    return join(*parts)


def made(reader: JavaScriptReader, node: Node, depth: int) -> Value | None:
    """`new URL(path, base)`; None for any other object."""
    holder = node.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    if not args or reader.callee(node).rpartition(".")[2] != "URL":
        return None
    path = reader.value(args[0], depth + 1)
    if len(args) < 2 or (isinstance(path, Literal) and "://" in path.text):
        return path
    base = reader.value(args[1], depth + 1)
    slash = isinstance(path, Literal) and path.text.startswith("/")
    if isinstance(base, Literal) and base.text.endswith("/") and slash:
        base = Literal(base.text[:-1])
    return (
        join(base, path) if slash or isinstance(base, Literal) else join(base, Literal("/"), path)
    )
