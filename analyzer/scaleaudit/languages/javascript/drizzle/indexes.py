"""Indexes and keys that Drizzle declares beside the columns: `(t) => [index("x").on(t.a)]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import Step, method_name
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

PLACED = regex(r"\$\{(?:\w+\.)*(\w+)\}")
KEYS = {"index": "", "uniqueIndex": "unique", "unique": "unique", "primaryKey": "primary"}
MAX_CALLS = 20  # on one column


def returned(given: Node) -> Node | None:
    """The object or list that a table is given, or that its function returns: `(t) => ({...})`."""
    body = bare(given.child_by_field_name("body")) if given.type == "arrow_function" else given
    if body is not None and body.type == "statement_block":
        last = [each for each in body.named_children if each.type == "return_statement"][-1:]
        body = bare(last[0].named_children[0]) if last and last[0].named_children else None
    return body


def declared_indexes(
    reader: JavaScriptReader, extras: Node, columns: dict[str, str]
) -> Iterator[IndexFact]:
    """What the third argument returns, as an object or an array."""
    body = returned(extras)
    if body is None or body.type not in ("object", "array"):
        return
    values = (
        [member.value for member in shape(reader, body).members]
        if body.type == "object"
        else body.named_children
    )
    for value in values[:100]:
        index = _index(reader, bare(value), columns)
        if index is not None:
            yield index


def _index(
    reader: JavaScriptReader, node: Node | None, columns_: dict[str, str]
) -> IndexFact | None:
    """`uniqueIndex("name").on(t.a, t.b.desc()).where(sql`...`)`, `primaryKey({ columns: [t.a] })`."""
    kind, name, method, where = "", "", "", ""
    columns: list[Node] = []
    at, whole = node, node
    for _ in range(MAX_CALLS):
        if at is None or at.type != "call_expression":
            break
        function = at.child_by_field_name("function")
        step = Step(method_name(reader, at), at)
        if step.name in ("on", "onOnly"):
            columns = step.arguments
        elif step.name == "using" and step.arguments:
            method, columns = reader.text(step.arguments[0]).strip("'\"`"), step.arguments[1:]
        elif step.name == "where" and step.arguments:
            written = reader.text(step.arguments[0])[:400].partition("`")[2].rpartition("`")[0]
            where = PLACED.sub(lambda match: columns_.get(match[1], match[1]), written)
        elif function is not None and not step.name:
            kind = reader.text(function)
            for given in step.arguments:
                if given.type == "string":
                    name = reader.text(given)[1:-1]
                elif given.type == "object":
                    columns = _listed(reader, given) or columns
        at = bare(function.child_by_field_name("object")) if function is not None else None
    named = tuple(each for each in (_attribute(reader, column) for column in columns) if each)
    if kind not in KEYS or whole is None or not named or len(named) < len(columns):
        return None
    return IndexFact(
        columns=named,
        name=name,
        unique=KEYS[kind] == "unique",
        primary=KEYS[kind] == "primary",
        where=where,
        method=method,
        at=reader.span(whole),
    )


def _listed(reader: JavaScriptReader, options: Node) -> list[Node]:
    for member in shape(reader, options).members:
        inner = bare(member.value)
        if member.key == "columns" and inner is not None and inner.type == "array":
            return [each for each in inner.named_children if each.type != "comment"]
    return []


def _attribute(reader: JavaScriptReader, node: Node) -> str:
    """`t.email`, `t.email.desc()`; an expression of SQL in parentheses."""
    at = bare(node)
    for _ in range(MAX_CALLS):
        if at is None or at.type != "call_expression":
            break
        holder, function = at.child_by_field_name("arguments"), at.child_by_field_name("function")
        if holder is not None and holder.type == "template_string":
            return "(" + PLACED.sub(r"\1", reader.text(holder)[1:-1]) + ")"
        called = reader.text(function) if function is not None else ""
        given = holder.named_children if holder is not None else []
        if called in ("lower", "upper") and given:
            return f"({called}({_attribute(reader, given[0])}))"
        at = bare(function.child_by_field_name("object")) if function is not None else None
    if at is None or at.type != "member_expression":
        return ""
    return reader.text(at).rpartition(".")[2]
