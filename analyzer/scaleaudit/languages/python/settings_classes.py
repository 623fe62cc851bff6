"""Settings classes of pydantic: fields that environment variables fill."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingRead
from scaleaudit.languages.python.text_calls import known
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.values import Value

SETTINGS_CLASS = regex(rb"\bclass\s+\w+\([^)]*Settings\b")
PREFIX = regex(r"""env_prefix\s*=\s*["']([^"']*)["']""")
MAX_CLASS = 20_000  # characters of a class that are searched for the prefix


def settings_classes(reader: PythonReader) -> Iterator[Fact]:
    """A constant for each field, under the names of the class and of its instances."""
    for node in reader.nodes(SETTINGS_CLASS, "class_definition", b"pydantic"):
        found = PREFIX.search(reader.text(node)[:MAX_CLASS])
        prefix = found[1] if found else ""
        name = reader.definition_name(node)
        names = [name, *instances(reader, name)]
        for field, at, value in fields(reader, node, prefix):
            yield SettingRead(reader.span(at), value.key, name)
            for each in names:
                yield ConstantDefined(reader.span(at), f"{each}.{field}", value)


def fields(reader: PythonReader, node: Node, prefix: str) -> Iterator[tuple[str, Node, Setting]]:
    body = node.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        if statement.type != "expression_statement" or not statement.named_children:
            continue
        assignment = statement.named_children[0]
        left = assignment.child_by_field_name("left")
        if (
            assignment.type != "assignment"
            or left is None
            or left.type != "identifier"
            or assignment.child_by_field_name("type") is None
        ):
            continue
        name = reader.text(left)
        if name == "model_config":
            continue
        key, default = f"{prefix}{name}".upper(), None
        right = assignment.child_by_field_name("right")
        if right is not None and right.type == "call" and reader.callee(right).endswith("Field"):
            key, default = declared(reader, right, key)
        elif right is not None:
            default = known(reader.value(right))
        yield name, assignment, Setting(key, default)


def declared(reader: PythonReader, call: Node, key: str) -> tuple[str, Value | None]:
    """The key and default that `Field(...)` gives."""
    args, keywords, _ = reader.arguments(call)
    for keyword in ("validation_alias", "alias", "env"):
        named = reader.value(keywords[keyword]) if keyword in keywords else None
        if isinstance(named, Literal):
            key = named.text
            break
    given = keywords.get("default") or (args[0] if args else None)
    return key, known(reader.value(given)) if given is not None else None


def instances(reader: PythonReader, name: str) -> Iterator[str]:
    """Module-level objects of the class, and functions that return one."""
    for variable, right in reader.module_values.items():
        if right.type == "call" and reader.callee(right) == name:
            yield variable
    pattern = rf"(?m)^\s*(?:async )?def (\w+)\([^)\n]*\)\s*->\s*[\"']?{re.escape(name)}\b"
    for match in re.finditer(pattern.encode(), reader.content):
        yield match[1].decode()
