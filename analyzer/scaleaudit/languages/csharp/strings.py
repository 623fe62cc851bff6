"""C# strings and the expressions that build texts, addresses and settings."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from scaleaudit.languages.csharp import members, settings
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.csharp.reader import CSharpReader

# The .NET Framework's settings: ConfigurationManager.AppSettings["X"]
FRAMEWORK_SETTINGS = regex(r"\bConfigurationManager\.(AppSettings|ConnectionStrings)$")
HOLE = regex(r"\{(\d+)[^{}]*\}")
CONFIGURATIONS = {
    "IConfiguration",
    "IConfigurationRoot",
    "IConfigurationSection",
    "ConfigurationManager",
}
MAX_MEMBERS = 8  # of a chain
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
# Constructors and calls whose text is that of their first argument.
SAME_AS_FIRST = {
    "Uri",
    "RestClientOptions",
    "UriBuilder",
    "MongoUrl",
    "FileInfo",
    "RestRequest",
    "String",
}
# Calls that hand on the text of what they are called on.
SAME_AS_RECEIVER = {"ToString", "Trim", "TrimEnd", "TrimStart", "AbsoluteUri", "Value",
                    "ConnectionString"}  # fmt: skip
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
    read = settings.call_of_configuration(reader, node, name, depth)
    if read is not None:
        return read
    if name == "Parse" and owner in ("ConfigurationOptions", "MongoUrl") and args:
        return reader.value(args[0], depth + 1)
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


HOST_KEYS = ("Host", "Server", "DataSource", "Data Source")
DATABASE_KEYS = ("Database", "InitialCatalog")


def built(reader: CSharpReader, node: Node, depth: int) -> Value:
    """`new NpgsqlConnectionStringBuilder { Host = x }` as the text that it makes."""
    args, keywords, _ = reader.arguments(node)
    host = next((keywords[key] for key in HOST_KEYS if key in keywords), None)
    if host is None:
        return reader.value(args[0], depth + 1) if args else UNKNOWN
    database = next((keywords[key] for key in DATABASE_KEYS if key in keywords), None)
    parts = [Literal("Host="), reader.value(host, depth + 1)]
    if database is not None:
        parts += [Literal(";Database="), reader.value(database, depth + 1)]
    return join(*parts)


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
    """`configuration["Billing:Url"]`, `configuration.GetSection("Billing")["Url"]`."""
    of = node.child_by_field_name("expression")
    keys = reader.arguments_of(node)
    section = settings.section_of(reader, of) if len(keys) == 1 else None
    held = FRAMEWORK_SETTINGS.search(reader.text(of)[-60:]) if of is not None else None
    if held is not None and len(keys) == 1:
        section = "ConnectionStrings" if held[1] == "ConnectionStrings" else ""
    if section is None and of is not None and len(keys) == 1:
        kind = settings.declared_type(reader, reader.text(of)[:80])
        section = "" if kind in CONFIGURATIONS else None
    if section is not None:
        key = settings.key_text(reader, keys[0], depth)
        return Setting(settings.below(section, key)) if key else UNKNOWN
    return Unknown(reader.text(node)[:80])


def name_value(reader: CSharpReader, node: Node, depth: int) -> Value:
    """A local's one value, a constant of this file, a setting, or a constant elsewhere."""
    text = reader.text(node)[:300].replace("!", "").replace("?.", ".")
    if not re.fullmatch(r"[\w.]{1,200}", text):
        return member_of_call(reader, node, depth) or Unknown(text[:80])
    if "." not in text or text.startswith("this."):
        own = text.removeprefix("this.")
        assigned = reader.local(own, node) if "." not in text else None
        assigned = assigned or members.given(reader, own, node)
        if assigned is not None and reader.field(own, node) is None:
            return reader.value(assigned, depth + 1)
    full = reader.field(text.removeprefix("this."), node)
    if full is not None:
        return Name(full)
    first, dot, last = text.rpartition(".")
    named = dot and first[:1].isupper() and last[:1].isupper()
    if dot and (not named or "." not in first):
        bound = settings.of_options(reader, text, node, depth)
        if bound is not None:
            return bound
    if last in SAME_AS_RECEIVER:
        inner = node.child_by_field_name("expression")
        return reader.value(inner, depth + 1) if inner is not None and dot else Unknown(text)
    return Name(text) if named else Unknown(text)


def member_of_call(reader: CSharpReader, node: Node, depth: int) -> Value | None:
    """`section.Get<Options>().Url`, `provider.GetRequiredService<IOptions<T>>().Value.Url`."""
    rest: list[str] = []
    at: Node | None = node
    while at is not None and at.type in ("member_access_expression", "postfix_unary_expression"):
        if at.type == "postfix_unary_expression":
            at = at.named_children[0] if at.named_children else None
            continue
        name = at.child_by_field_name("name")
        inner = at.child_by_field_name("expression")
        if name is None or inner is None or len(rest) > MAX_MEMBERS:
            return None
        if inner.type == "invocation_expression" and reader.text(name) == "Value":
            section = settings.section_of(reader, inner)
            if section:
                return Setting(section)
        if inner.type == "element_access_expression" and reader.text(name) in SAME_AS_RECEIVER:
            return reader.value(inner, depth + 1)
        bound = settings.bound_here(reader, inner, depth)
        if bound is not None:
            return settings.bound_value(bound, [reader.text(name), *rest])
        rest.insert(0, reader.text(name))
        at = inner
    if at is not None and len(rest) == 1 and rest[0] in SAME_AS_RECEIVER:
        return reader.value(at, depth + 1)
    return None


def statement(reader: CSharpReader, node: Node) -> Value:
    """The text of a statement in SQL; unknown for other query languages."""
    value = reader.value(node)
    for above in reader.ancestors(node):
        if above.type in reader.CALLS:
            name = reader.chain(above)[-1].name
            if name in OBJECT_QUERIES or (name == "Sql" and migrates(reader, above)):
                return UNKNOWN
            if name in PARAMETERISED and isinstance(value, Join):
                return join(*(p if isinstance(p, Literal) else Literal("?") for p in value.parts))
            if name.endswith("Raw") and isinstance(value, Literal):
                return Literal(HOLE.sub("?", value.text))
            break
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return join(value, UNKNOWN) if grows(reader, node) else value


def migrates(reader: CSharpReader, call: Node) -> bool:
    """A helper of migrations: what it runs, it runs once."""
    if b"MigrationBuilder" not in reader.content:
        return False
    around = reader.function_around(call)
    given = around.child_by_field_name("parameters") if around is not None else None
    return given is not None and "MigrationBuilder" in reader.text(given)


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
