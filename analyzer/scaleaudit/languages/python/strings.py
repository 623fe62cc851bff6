"""Python string literals and the expressions that build strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

PERCENT_HOLE = re.compile(r"%(?:\([^)]*\))?[-+ #0]*\d*(?:\.\d+)?[sdrfixg]")
BRACE_HOLE = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
SIMPLE_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", "\\'": "'", '\\"': '"', "\\\n": ""}
# Functions that return the environment variable (or setting) that their first argument names.
ENVIRONMENT_READERS = re.compile(
    r"^(os\.environ\.get|os\.getenv|environ\.get|getenv|os\.environ\.pop|config|decouple\.config"
    r"|env|env\.(str|url|db|db_url|cache|cache_url|search_url|email_url)|environ\.Env"
    r"|dj_database_url\.config)$"
)
PASS_THROUGH = {"str", "urljoin", "urllib.parse.urljoin", "os.path.join", "posixpath.join", "Path"}


def string_value(reader: Reader, node: Node, depth: int) -> Value:
    """A plain, raw, byte or f-string; placeholders of f-strings become their values."""
    start = reader.text(node.children[0]) if node.children else ""
    raw = "r" in start.lower()
    parts: list[Value] = []
    for child in node.children:
        if child.type == "string_content":
            parts.extend(content_parts(reader, child, raw))
        elif child.type == "interpolation":
            inner = child.child_by_field_name("expression")
            parts.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
    return join(*parts)


def content_parts(reader: Reader, node: Node, raw: bool) -> list[Value]:
    text = reader.text(node)
    if raw or "\\" not in text:
        return [Literal(text.replace("{{", "{").replace("}}", "}") if "{{" in text else text)]
    for written, meant in SIMPLE_ESCAPES.items():
        text = text.replace(written, meant)
    return [Literal(text)]


def percent(template: Value, operand: Node, reader: Reader, depth: int) -> Value:
    """`"..%s.." % x`: each hole filled with the operand, or the members of a tuple."""
    if not isinstance(template, Literal):
        return UNKNOWN
    operands = list(operand.named_children) if operand.type == "tuple" else [operand]
    return fill(template.text, PERCENT_HOLE, operands, reader, depth)


def braces(template: Value, operands: list[Node], reader: Reader, depth: int) -> Value:
    """`"..{}..".format(x)`; named holes stay unknown."""
    if not isinstance(template, Literal):
        return UNKNOWN
    return fill(template.text, BRACE_HOLE, operands, reader, depth)


def fill(
    text: str, hole: re.Pattern[str], operands: list[Node], reader: Reader, depth: int
) -> Value:
    parts: list[Value] = []
    end = 0
    left = list(operands)
    for match in hole.finditer(text):
        parts.append(Literal(text[end : match.start()]))
        if match[0] in ("{{", "}}"):
            parts.append(Literal(match[0][0]))
        elif left and match[0] in ("{}", "%s", "%d"):
            parts.append(reader.value(left.pop(0), depth + 1))
        else:
            parts.append(Unknown(match[0]))
        end = match.end()
    parts.append(Literal(text[end:]))
    return join(*parts)


def call_value(reader: Reader, node: Node, depth: int) -> Value:
    """Environment reads, `"".format()`, and functions that hand their text on."""
    function = node.child_by_field_name("function")
    if function is None:
        return UNKNOWN
    callee = reader.callee(node)
    args, keywords, _ = reader.arguments(node)
    if ENVIRONMENT_READERS.match(callee) and (args or "default" in keywords):
        key = reader.value(args[0], depth + 1) if args else Literal("DATABASE_URL")
        given = keywords.get("default") or (args[1] if len(args) > 1 else None)
        if isinstance(key, Literal):
            return Setting(key.text, known(reader.value(given, depth + 1)) if given else None)
        return UNKNOWN
    if callee.endswith("?.format") or (
        function.type == "attribute" and callee.rpartition(".")[2] == "format"
    ):
        template = function.child_by_field_name("object")
        if template is not None:
            return braces(reader.value(template, depth + 1), args, reader, depth)
    last = callee.rpartition(".")[2]
    if callee in PASS_THROUGH and args:
        parts = [reader.value(arg, depth + 1) for arg in args]
        return join(*(p for part in parts for p in (Literal("/"), part)[part is parts[0] :]))
    receiver = function.child_by_field_name("object")
    if last in ("rstrip", "strip", "lstrip", "lower") and receiver is not None:
        return reader.value(receiver, depth + 1)
    return Unknown(reader.text(node)[:80])


def known(value: Value) -> Value | None:
    """A default, or None when the source says nothing usable."""
    return None if isinstance(value, Unknown) else value


def name_value(reader: Reader, node: Node, depth: int) -> Value:
    """An identifier or attribute: a local's one value, a field of the class, or a name."""
    text = reader.text(node)
    if len(text) > 200 or "(" in text or "[" in text:
        return Unknown(text[:80])
    if node.type == "identifier":
        assigned = reader.local(text, node)
        if assigned is not None:
            return reader.value(assigned, depth + 1)
    if text.startswith(("self.", "cls.")):
        own = reader.class_around(node)
        if own is not None:
            return Name(f"{reader.definition_name(own)}.{text.partition('.')[2]}")
    return Name(text)
