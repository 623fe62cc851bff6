"""Conditions of Kysely as text of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.values import pattern_operator
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_arrays import elements
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

HOLE = "{}"
EXISTS = "exists (select 1)"
INNER = regex(r"selectFrom\(\s*[\"'`]([\w.]+)")
TIE = regex(
    r"whereRef\(\s*[\"'`]([\w.]+)[\"'`]\s*,\s*[\"'`]=[\"'`]\s*,\s*(?:\w+\(\s*)?[\"'`]([\w.]+)[\"'`]"
)
MAX_DEPTH = 12
MAX_ARGUMENTS = 8
NAME = regex(r"[\w$.]+(?:->>?.*)?")
OPERATORS = {
    "=", "==", "!=", "<>", ">", ">=", "<", "<=", "in", "not in", "is", "is not", "like",
    "not like", "ilike", "not ilike", "match", "similar to", "@>", "<@", "?", "&&", "~", "~*",
    "is distinct from", "is not distinct from",
}  # fmt: skip
CONSTANT = regex(r"(?:[A-Z]\w*\.)+[A-Z]\w*")
CALLBACKS = {"arrow_function", "function_expression"}
FOLDING = {"lower", "upper", "date", "coalesce", "trim", "cast"}


def quoted(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split(".") if part)


def condition(reader: JavaScriptReader, given: list[Node], depth: int = 0) -> str:
    """The arguments of `where`, `having`, `on` or an expression builder; a hole where unknown."""
    given = given[:MAX_ARGUMENTS]
    if depth > MAX_DEPTH or not given:
        return HOLE
    if len(given) >= 3:
        return _compared(reader, given, depth)
    node = bare(given[0])
    if node is None or len(given) == 2:
        return HOLE
    if node.type in CALLBACKS:
        result = result_of(node)
        return condition(reader, [result], depth + 1) if result is not None else HOLE
    if node.type == "call_expression":
        return _call(reader, node, depth)
    if node.type == "identifier":
        kept = reader.local(reader.text(node), node)
        if kept is not None and kept.type in CALLBACKS | {"call_expression"}:
            return condition(reader, [kept], depth + 1)
    return HOLE


def result_of(function: Node) -> Node | None:
    """What a callback returns, where that is one expression."""
    body = bare(function.child_by_field_name("body"))
    if body is None or body.type != "statement_block":
        return body
    returned = [each for each in body.named_children if each.type == "return_statement"]
    if len(returned) == 1 and returned[0].named_children:
        return bare(returned[0].named_children[0])
    return None


def _compared(reader: JavaScriptReader, given: list[Node], depth: int) -> str:
    operator = string_of(given[1]).lower()
    if operator not in OPERATORS:
        return HOLE
    left = operand(reader, given[0], depth)
    if operator in ("in", "not in"):
        value = bare(given[2])
        if value is not None and value.type in ("arrow_function", "call_expression"):
            return f"{left} {operator} (?)"
        return f"{left} {operator} ({_list(reader, value)})"
    if operator in ("like", "ilike") and pattern_operator(reader, given[2]) == "contains":
        return f"{left} {operator} '%'"
    return f"{left} {operator} {literal(reader, given[2])}"


def operand(reader: JavaScriptReader, node: Node, depth: int = 0) -> str:
    """The left side of a comparison: a column, or a function of one."""
    inner = bare(node)
    if inner is None or depth > MAX_DEPTH:
        return HOLE
    if inner.type == "string":
        text = string_of(inner)
        return quoted(text.partition("->")[0]) if NAME.fullmatch(text) else HOLE
    if inner.type in CALLBACKS:
        result = result_of(inner)
        return operand(reader, result, depth + 1) if result is not None else HOLE
    if inner.type == "call_expression":
        function = inner.child_by_field_name("function")
        holder = inner.child_by_field_name("arguments")
        if function is None or holder is None:
            return HOLE
        if holder.type == "template_string":
            return fragment(reader, holder)
        name = reader.text(function).rpartition(".")[2].partition("<")[0].lower()
        args = holder.named_children[:MAX_ARGUMENTS]
        if name in ("ref", "column") and args:
            return operand(reader, args[0], depth + 1)
        if name == "fn" and len(args) > 1:
            called, listed = string_of(args[0]), bare(args[1])
            columns = listed.named_children if listed is not None else []
            if called.isidentifier() and columns:
                return f"{called}({operand(reader, columns[0], depth + 1)})"
        if name in FOLDING and args:
            return f"{name}({operand(reader, args[0], depth + 1)})"
    return HOLE


def _call(reader: JavaScriptReader, node: Node, depth: int) -> str:
    """`eb.or([...])`, `eb("a", "=", x)`, `sql`...``, `eb(...).and(...)`."""
    function, holder = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or holder is None:
        return HOLE
    if holder.type == "template_string":
        text = fragment(reader, holder)
        return f"({text})" if text else HOLE
    args = [each for each in holder.named_children if each.type != "comment"]
    name, receiver = reader.text(function), None
    if function.type == "member_expression":
        receiver = bare(function.child_by_field_name("object"))
        name = reader.text(function).rpartition(".")[2]
    name = name.partition("<")[0]
    if name == "$castTo" or (name == "as" and receiver is not None):
        return condition(reader, [receiver], depth + 1) if receiver is not None else HOLE
    if name in ("and", "or") and receiver is not None and receiver.type == "call_expression":
        one = condition(reader, [receiver], depth + 1)
        return f"({one} {name} {condition(reader, args, depth + 1)})"
    if name in ("and", "or") and len(args) == 1:
        sides = _sides(reader, args[0], name, depth)
        return f"({f' {name} '.join(sides)})" if sides else HOLE
    if name == "not" and len(args) == 1:
        return f"not ({condition(reader, args, depth + 1)})"
    if name in ("exists", "selectFrom"):
        return _exists(reader.text(holder))
    if name == "between" and len(args) == 3:
        return f"{operand(reader, args[0], depth)} between ? and ?"
    return _compared(reader, args, depth + 1) if len(args) == 3 else HOLE


def _exists(inner: str) -> str:
    """What ties it to the statement around; the one inside is told by itself."""
    table, ties = INNER.search(inner), TIE.findall(inner)[:MAX_ARGUMENTS]
    if table is None or not ties:
        return EXISTS
    # The rows around are chosen by these columns, but through no index on them.
    around = [other if one.partition(".")[0] == table[1] else one for one, other in ties]
    return " and ".join(f"{quoted(each)} ~ ?" for each in around)


def _sides(reader: JavaScriptReader, node: Node, name: str, depth: int) -> list[str]:
    inner = bare(node)
    if inner is not None and inner.type == "object":
        return [
            f"{quoted(each.key)} = {literal(reader, each.value)}"
            for each in shape(reader, inner).members
        ]
    known = elements(reader, node)
    sides = [condition(reader, [each], depth + 1) for each, _ in known.found]
    return [*sides, HOLE] if known.hidden and name == "and" else sides


def literal(reader: JavaScriptReader, node: Node) -> str:
    """A value of the statement where it stands in the source, else a parameter."""
    inner = bare(node)
    if inner is None:
        return "?"
    if inner.type == "null":
        return "null"
    if inner.type in ("true", "false", "number"):
        return reader.text(inner)
    if inner.type == "string":
        return "'" + string_of(inner).replace("'", "''").replace("?", "") + "'"
    if inner.type == "member_expression" and CONSTANT.fullmatch(reader.text(inner)[:120]):
        return f"'{reader.text(inner).rpartition('.')[2]}'"
    if inner.type == "call_expression":
        holder = inner.child_by_field_name("arguments")
        function = inner.child_by_field_name("function")
        called = reader.text(function).rpartition(".")[2] if function is not None else ""
        given = holder.named_children if holder is not None else []
        if called == "ref" and given:
            return operand(reader, given[0])
        if called in ("lit", "val", "literal", "value") and given and inner.id != given[0].id:
            return literal(reader, given[0])
    return "?"


def _list(reader: JavaScriptReader, value: Node | None) -> str:
    if value is not None and value.type == "array" and value.named_children:
        return ", ".join(literal(reader, each) for each in value.named_children[:20])
    return "?"


def fragment(reader: JavaScriptReader, template: Node) -> str:
    """The text of `sql`...``; `${sql.ref("a.b")}` is the column, other values are parameters."""
    parts: list[str] = []
    for child in template.named_children[:60]:
        if child.type == "template_substitution":
            inner = bare(child.named_children[0]) if child.named_children else None
            function = inner.child_by_field_name("function") if inner is not None else None
            called = reader.text(function) if function is not None else ""
            if called.startswith("sql.") and called.endswith((".ref", ".column")):
                parts.append(operand(reader, inner) if inner is not None else HOLE)
            elif called.startswith("sql") and not called.endswith((".lit", ".val")):
                parts.append(HOLE)
            else:
                parts.append(literal(reader, inner) if inner is not None else "?")
        elif child.type == "string_fragment":
            parts.append(reader.text(child))
        elif child.type == "escape_sequence":
            parts.append(reader.text(child)[1:])
    return "".join(parts)


def string_of(node: Node | None) -> str:
    inner = bare(node)
    if inner is None or inner.type not in ("string", "template_string"):
        return ""
    if any(child.type == "template_substitution" for child in inner.named_children):
        return ""
    text = inner.text or b""
    return text[1:-1].decode("utf-8", "replace")
