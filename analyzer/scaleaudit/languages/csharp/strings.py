"""C# strings and the expressions that build texts, addresses and settings."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.csharp.reader import CSharpReader

HOLE = regex(r"\{(\d+)[^{}]*\}")
CONFIGURATION = regex(r"^_?config(?:uration)?$", re.IGNORECASE)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
# Constructors and calls whose text is that of their first argument.
SAME_AS_FIRST = {"Uri", "UriBuilder", "MongoUrl", "FileInfo", "RestRequest", "String"}
# Calls that hand on the text of what they are called on.
SAME_AS_RECEIVER = {"ToString", "Trim", "TrimEnd", "TrimStart", "AbsoluteUri", "Value"}
# What EF Core makes of holes in these: parameters, never part of the text.
PARAMETERISED = {"FromSql", "FromSqlInterpolated", "ExecuteSql", "ExecuteSqlAsync", "SqlQuery",
                 "ExecuteSqlInterpolated", "ExecuteSqlInterpolatedAsync"}  # fmt: skip
OBJECT_QUERIES = {"CreateQuery", "QueryDefinition", "CreateFilter"}  # NHibernate, Cosmos DB


def string_value(reader: CSharpReader, node: Node, depth: int) -> Value:
    """Plain, verbatim, raw and interpolated strings."""
    match node.type:
        case "string_literal":
            return Literal(plain_text(reader, node))
        case "verbatim_string_literal":
            return Literal(reader.text(node)[2:].removesuffix('"').replace('""', '"'))
        case "raw_string_literal":
            content = next((c for c in node.named_children if c.type == "raw_string_content"), None)
            return Literal(textwrap.dedent(reader.text(content)).strip("\n") if content else "")
        case _:
            return interpolated(reader, node, depth)


def interpolated(reader: CSharpReader, node: Node, depth: int) -> Value:
    """`$"{a}/b"` and its verbatim and raw forms."""
    parts: list[Value] = []
    verbatim = "@" in reader.text(node)[:3]
    for child in node.named_children:
        if child.type == "interpolation":
            inner = next((c for c in child.named_children if c.type != "interpolation_brace"), None)
            parts.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
        elif child.type == "escape_sequence":
            parts.append(Literal(unescaped(reader.text(child))))
        elif child.type == "string_content":
            text = reader.text(child).replace("{{", "{").replace("}}", "}")
            parts.append(Literal(text.replace('""', '"') if verbatim else text))
    return join(*parts)


def plain_text(reader: CSharpReader, node: Node) -> str:
    return "".join(
        unescaped(reader.text(c)) if c.type == "escape_sequence" else reader.text(c)
        for c in node.named_children
        if c.type in ("string_literal_content", "escape_sequence")
    )


def unescaped(text: str) -> str:
    if text[1:2] in ("u", "x", "U"):
        try:
            return chr(int(text[2:], 16))
        except (ValueError, OverflowError):
            return text
    return ESCAPES.get(text[1:], text[1:])


def call_value(reader: CSharpReader, node: Node, depth: int) -> Value:
    """The text that a call gives: settings, formats, paths."""
    links = reader.chain(node)
    name = links[-1].name
    owner = links[-2].name if len(links) > 1 else ""
    args = reader.arguments_of(node)
    if name == "GetEnvironmentVariable" and args:
        return setting(reader, args, depth)
    if name == "GetConnectionString" and args:
        key = reader.value(args[0], depth + 1)
        return Setting(f"ConnectionStrings:{key.text}") if isinstance(key, Literal) else UNKNOWN
    if name in ("GetValue", "GetRequiredValue") and args:
        return setting(reader, args, depth)
    if name == "nameof" and args:
        return Literal(reader.text(args[0]).rpartition(".")[2])
    if name == "Format" and owner.lower() == "string" and args:
        return formatted(reader, args, depth)
    if name == "Concat" and owner.lower() == "string":
        return join(*(reader.value(arg, depth + 1) for arg in args))
    if name == "Combine" and owner == "Path":
        values = [reader.value(arg, depth + 1) for arg in args]
        return join(*(p for i, v in enumerate(values) for p in (Literal("/"), v)[i == 0 :]))
    receiver = reader.receiver(node)
    if name in SAME_AS_RECEIVER and receiver is not None:
        return reader.value(receiver, depth + 1)
    return Unknown(reader.text(node)[:80])


def setting(reader: CSharpReader, args: list[Node], depth: int) -> Value:
    key = reader.value(args[0], depth + 1)
    if not isinstance(key, Literal):
        return UNKNOWN
    default = reader.value(args[1], depth + 1) if len(args) > 1 else None
    return Setting(key.text, None if isinstance(default, Unknown) else default)


def formatted(reader: CSharpReader, args: list[Node], depth: int) -> Value:
    template = reader.value(args[0], depth + 1)
    if not isinstance(template, Literal):
        return template
    parts: list[Value] = []
    end = 0
    for match in HOLE.finditer(template.text):
        parts.append(Literal(template.text[end : match.start()]))
        at = int(match[1][:4]) + 1
        parts.append(reader.value(args[at], depth + 1) if at < len(args) else UNKNOWN)
        end = match.end()
    return join(*parts, Literal(template.text[end:]))


def indexed(reader: CSharpReader, node: Node, depth: int) -> Value:
    """`configuration["Billing:Url"]`."""
    of = node.child_by_field_name("expression")
    name = reader.text(of).rpartition(".")[2] if of is not None else ""
    keys = reader.arguments_of(node)
    if CONFIGURATION.match(name) and len(keys) == 1:
        return setting(reader, keys, depth)
    return Unknown(reader.text(node)[:80])


def name_value(reader: CSharpReader, node: Node, depth: int) -> Value:
    """A local's one value, a constant of this file, or a constant elsewhere."""
    text = reader.text(node)
    if not re.fullmatch(r"[\w.]{1,200}", text):
        return Unknown(text[:80])
    if "." not in text:
        assigned = reader.local(text, node)
        if assigned is not None:
            return reader.value(assigned, depth + 1)
    full = reader.field(text.removeprefix("this."), node)
    if full is not None:
        return Name(full)
    first, dot, last = text.rpartition(".")
    if last in SAME_AS_RECEIVER:
        return Unknown(text)
    named = dot and first[:1].isupper() and last[:1].isupper()
    return Name(text) if named else Unknown(text)


def statement(reader: CSharpReader, node: Node) -> Value:
    """The text of a statement in SQL; unknown for other query languages."""
    value = reader.value(node)
    for above in reader.ancestors(node):
        if above.type in reader.CALLS:
            name = reader.chain(above)[-1].name
            if name in OBJECT_QUERIES:
                return UNKNOWN
            if name in PARAMETERISED and isinstance(value, Join):
                return join(*(p if isinstance(p, Literal) else Literal("?") for p in value.parts))
            if name.endswith("Raw") and isinstance(value, Literal):
                return Literal(HOLE.sub("?", value.text))
            break
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return join(value, UNKNOWN) if grows(reader, node) else value


ASSIGNED = regex(rb"([A-Za-z_]\w*)\s*=\s*\(*\s*$")


def grows(reader: CSharpReader, node: Node) -> bool:
    """Whether more text is added to the variable later in the same function."""
    match = ASSIGNED.search(reader.content[max(0, node.start_byte - 120) : node.start_byte])
    around = reader.function_around(node)
    if match is None or around is None:
        return False
    word = re.escape(match[1])
    pattern = rb"\b" + word + rb"\s*(?:\+=|=\s*" + word + rb"\s*\+|\.\s*Append)"
    return re.search(pattern, reader.content[node.end_byte : around.end_byte]) is not None
