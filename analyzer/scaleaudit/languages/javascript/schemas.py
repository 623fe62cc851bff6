"""Settings that a schema declares: envalid, zod, t3-env, convict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_KEYS = 300  # of one schema
MAX_DEPTH = 5
T3 = regex(r"^@t3-oss/env-\w+\.createEnv$")
SECTIONS = ("server", "client", "shared", "runtimeEnv")


def validates(reader: JavaScriptReader, node: Node) -> bool:
    """A call that makes a checked copy of the environment: `cleanEnv(process.env, ...)`."""
    callee = reader.named(node)[0]
    if callee == "convict" or T3.match(callee):
        return True
    holder = node.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    return bool(args) and reader.text(args[0]) == "process.env"


def settings_of(reader: JavaScriptReader, node: Node, name: str) -> Iterator[Fact]:
    """The keys as constants, so that other files can say `env.KEY`."""
    callee = reader.named(node)[0]
    if callee == "convict":
        _convict(reader, node)
        return
    reader.environment_objects.add(name)
    for schema in _schemas(reader, node, sections=bool(T3.match(callee))):
        for child in schema.named_children[:MAX_KEYS]:
            key = child.child_by_field_name("key") if child.type == "pair" else None
            given = child.child_by_field_name("value")
            if key is None:
                continue
            word = reader.text(key).strip("'\"")
            dotted = f"{name}.{word}"
            if dotted in reader.constants:
                continue
            default = _default(reader, given) if given is not None else None
            setting = Setting(word, None if isinstance(default, Unknown) else default)
            reader.settings.setdefault(word, reader.span(child))
            reader.constants[dotted] = setting
            yield ConstantDefined(reader.span(child), dotted, setting)


def _schemas(reader: JavaScriptReader, node: Node, *, sections: bool) -> list[Node]:
    """The literal objects that name the keys: an argument, or what made the object parsed with."""
    holder = node.child_by_field_name("arguments")
    given = holder.named_children if holder is not None else []
    literals = [options.literal_of(reader, child, "object") for child in given]
    found = next((each for each in literals if each is not None), None)
    if found is None:
        function = node.child_by_field_name("function")
        made_by = bare(function.child_by_field_name("object")) if function is not None else None
        if made_by is not None and made_by.type == "identifier":
            name = reader.text(made_by)
            made_by = scopes.local(reader, name, made_by) or reader.declared.get(name)
        args = reader.arguments(made_by)[0] if made_by is not None else []
        found = next((each for each in args[:1] if each.type == "object"), None)
    if found is None or not sections:
        return [found] if found is not None else []
    inner = [options.member(reader, found, section) for section in SECTIONS]
    return [each for each in inner if each is not None and each.type == "object"]


def _default(reader: JavaScriptReader, node: Node) -> Value | None:
    """`url({default: "x"})` of envalid, `z.string().default("x")` of zod."""
    at: Node | None = bare(node)
    for _ in range(MAX_DEPTH):
        if at is None or at.type != "call_expression":
            return None
        args, keywords, _ = reader.arguments(at)
        if "default" in keywords:
            return reader.value(keywords["default"])
        function = at.child_by_field_name("function")
        name = function.child_by_field_name("property") if function is not None else None
        if name is not None and args and reader.text(name) == "default":
            return reader.value(args[0])
        at = bare(function.child_by_field_name("object")) if function is not None else None
    return None


def _convict(reader: JavaScriptReader, node: Node) -> None:
    """Remembers what `config.get("db.host")` reads: `{env: "DB_HOST", default: "localhost"}`."""
    for start in reader.arguments(node)[0][:1]:
        open_objects = [("", start, 0)]
        while open_objects and len(reader.declared_settings) < MAX_KEYS:
            prefix, literal, depth = open_objects.pop()
            if literal.type != "object":
                continue
            variable = options.member(reader, literal, "env")
            if variable is not None and prefix:
                given = options.member(reader, literal, "default")
                default = reader.value(given) if given is not None else None
                key = reader.text(variable).strip("'\"`")
                reader.declared_settings[prefix] = Setting(
                    key, None if isinstance(default, Unknown) else default
                )
                reader.settings.setdefault(key, reader.span(variable))
                continue
            for child in literal.named_children[:MAX_KEYS] if depth < MAX_DEPTH else ():
                key_node = child.child_by_field_name("key") if child.type == "pair" else None
                inner = bare(child.child_by_field_name("value"))
                if key_node is not None and inner is not None and inner.type == "object":
                    word = reader.text(key_node).strip("'\"")
                    dotted = f"{prefix}.{word}" if prefix else word
                    open_objects.append((dotted, inner, depth + 1))
