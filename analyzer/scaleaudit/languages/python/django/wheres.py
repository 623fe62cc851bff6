"""The condition of a partial index, `Q(active=True) & ~Q(kind="x")`, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.lookups import lookup
from scaleaudit.languages.python.django.nodes import arguments_of, bare, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

COMPARED = {"=": "=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
MAX_DEPTH = 12
UNREADABLE = "?"  # stands for a condition that nothing in sight repeats


def sql_of(reader: PythonReader, node: Node) -> str:
    return _sql(reader, node, 0)


def _sql(reader: PythonReader, node: Node, depth: int) -> str:
    node = bare(node)
    if depth > MAX_DEPTH:
        return UNREADABLE
    if node.type == "binary_operator":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        word = {"&": "AND", "|": "OR"}.get(reader.text(operator) if operator is not None else "")
        if left is None or right is None or word is None:
            return UNREADABLE
        one, two = _sql(reader, left, depth + 1), _sql(reader, right, depth + 1)
        return f"({one} OR {two})" if word == "OR" else f"{one} AND {two}"
    if node.type == "unary_operator":
        inner = node.child_by_field_name("argument")
        return f"NOT ({_sql(reader, inner, depth + 1)})" if inner is not None else UNREADABLE
    if node.type != "call" or reader.callee(node).rpartition(".")[2] != "Q":
        return UNREADABLE
    given = arguments_of(reader, node)
    if given.spread or given.starred:
        return UNREADABLE
    parts = [_sql(reader, each, depth + 1) for each in given.given]
    parts += [compared(reader, name, value) for name, value in given.named.items()]
    return " AND ".join(parts) or UNREADABLE


def compared(reader: PythonReader, name: str, value: Node) -> str:
    found = lookup(name)
    if found is None or found.function or "." in found.path:
        return UNREADABLE
    column = found.path
    if found.operator == "is-null":
        return f"{column} IS NULL" if value.type == "true" else f"{column} IS NOT NULL"
    if value.type == "none" and found.operator == "=":
        return f"{column} IS NULL"
    if found.operator == "in":
        members = [written(reader, each) for each in value.named_children]
        return f"{column} IN ({', '.join(members)})"
    sign = COMPARED.get(found.operator)
    return f"{column} {sign} {written(reader, value)}" if sign else UNREADABLE


def written(reader: PythonReader, value: Node) -> str:
    text = text_of(reader, value)
    if text is not None:
        return "'" + text.replace("'", "''") + "'"
    if value.type in ("true", "false", "integer", "float"):
        return reader.hint(value).upper()
    last = reader.hint(value).rpartition(".")[2]
    return f"'{last}'" if last.isidentifier() else "?"
