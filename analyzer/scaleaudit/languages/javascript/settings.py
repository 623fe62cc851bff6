"""Reads of settings: the environment itself, and the libraries and functions that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

ENVIRONMENTS = {"process.env", "import.meta.env", "Bun.env"}
# Objects of node-config, nconf, convict and NestJS that look a setting up by its key.
SETTING_READERS = regex(
    r"(?:^|[./?])(?:config|conf|nconf|convict|[cC]onfigService|ConfigService"
    r"|NestFactory\.create\.get)\.get(OrThrow)?$"  # `app.get(ConfigService).get("KEY")`
)


def environment_read(reader: JavaScriptReader, node: Node) -> Setting | None:
    """`process.env.KEY`, `process.env["KEY"]`, `import.meta.env.KEY`."""
    holder = node.child_by_field_name("object")
    if holder is None or holder.type != "member_expression":
        return None
    if reader.text(holder).replace("?", "") not in ENVIRONMENTS:
        return None
    name = node.child_by_field_name("property")
    if name is not None:
        return Setting(reader.text(name))
    index = node.child_by_field_name("index")
    if index is not None and index.type == "string":
        return Setting(reader.text(index)[1:-1])
    return None


def with_default(first: Value, second: Value) -> Value:
    """`process.env.A || process.env.B || "text"`."""
    if isinstance(first, Setting):
        if first.default is None:
            return Setting(first.key, None if isinstance(second, Unknown) else second)
        return Setting(first.key, with_default(first.default, second))
    if isinstance(first, Unknown) and isinstance(second, Setting):
        return second
    return first


def setting_read(
    reader: JavaScriptReader, node: Node, callee: str, args: list[Node], depth: int
) -> Value | None:
    """`config.get("a.b")`, `env.get("A").default("x")`, `required("A")` of the file itself."""
    if not args:
        if not callee.startswith("env-var."):
            return None
        inner = node.child_by_field_name("function")
        inner = bare(inner.child_by_field_name("object")) if inner is not None else None
        return reader.value(inner, depth + 1) if inner is not None else None
    if callee.startswith("env-var.") and callee.endswith(".default"):
        inner = node.child_by_field_name("function")
        inner = inner.child_by_field_name("object") if inner is not None else None
        first = reader.value(inner, depth + 1) if inner is not None else UNKNOWN
        return with_default(first, reader.value(args[0], depth + 1))
    own = callee.removeprefix("?.")
    position = reader.environment_functions.get(own, 0)
    known = own in reader.environment_functions
    if not (known or callee in ("env-var.get", "Deno.env.get") or SETTING_READERS.search(callee)):
        return None
    key = reader.value(args[position], depth + 1) if position < len(args) else UNKNOWN
    if not isinstance(key, Literal):
        return None
    if key.text in reader.declared_settings:
        return reader.declared_settings[key.text]
    if known:
        reader.settings.setdefault(key.text, reader.span(node))
    given = reader.value(args[position + 1], depth + 1) if position + 1 < len(args) else UNKNOWN
    # A second argument is a default, unless it holds options.
    return Setting(key.text, given if isinstance(given, Literal | Setting | Name | Join) else None)
