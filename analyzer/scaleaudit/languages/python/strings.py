"""Python string literals and the expressions that build strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.functions import parameter
from scaleaudit.languages.python.tables import entry, loop_elements
from scaleaudit.languages.python.text_calls import fill, known
from scaleaudit.languages.text_choices import is_small
from scaleaudit.regex import regex
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Parameter,
    Setting,
    Unknown,
    Value,
    join,
    one_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_HOSTS = 16  # of a list of hosts that is read as one address
MAX_DOTTED = 200
MAX_BOUND = 5  # times that one local name is bound
SETTINGS_CALL = regex(r"^\w*(settings|config)\w*\(\)", re.IGNORECASE)
PERCENT_HOLE = regex(r"%(?:\([^)]*\))?[-+ #0]*\d*(?:\.\d+)?[sdrfixg]")
IN_CAPITALS = regex(r"_?[A-Z][A-Z0-9_]*")
ESCAPE = regex(r"\\(\r\n|[\s\S])")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": "", "\r\n": "", "\\": "\\", "'": "'", '"': '"'}


def string_value(reader: PythonReader, node: Node, depth: int) -> Value:
    """A plain, raw, byte or f-string; placeholders of f-strings become their values."""
    prefix = reader.text(node.children[0]).lower() if node.children else ""
    parts: list[Value] = []
    for child in node.children:
        if child.type == "string_content":
            parts.append(Literal(content(reader.text(child), "r" in prefix, "f" in prefix)))
        elif child.type == "interpolation":
            inner = child.child_by_field_name("expression")
            parts.append(reader.value(inner, depth + 1) if inner is not None else UNKNOWN)
    return join(*parts)


def content(text: str, raw: bool, formatted: bool) -> str:
    if formatted:
        text = text.replace("{{", "{").replace("}}", "}")
    if raw or "\\" not in text:
        return text
    return ESCAPE.sub(lambda match: ESCAPED.get(match[1], match[0]), text)


def binary(reader: PythonReader, node: Node, depth: int) -> Value:
    """Sums, `%` and pathlib's `/`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return UNKNOWN
    first = reader.value(left, depth + 1)
    match operator.type:
        case "+":
            return join(first, reader.value(right, depth + 1))
        case "%" if isinstance(first, Literal):
            operands = list(right.named_children) if right.type == "tuple" else [right]
            named = reader.members(right)
            return fill(first.text, PERCENT_HOLE, operands, named, reader, depth)
        case "/":
            return join(first, Literal("/"), reader.value(right, depth + 1))
        case _:
            return UNKNOWN


def either(reader: PythonReader, node: Node, depth: int) -> Value:
    """`os.getenv("X") or "default"`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return UNKNOWN
    first = reader.value(left, depth + 1)
    return with_default(first, reader.value(right, depth + 1))


def with_default(first: Value, second: Value) -> Value:
    """`first or second`: the second is what a setting defaults to."""
    if isinstance(first, Setting):
        if first.default is None:
            return Setting(first.key, known(second))
        if isinstance(first.default, Setting) and first.default.default is None:
            return Setting(first.key, Setting(first.default.key, known(second)))
    if isinstance(first, Parameter) and first.default is None:
        default = None if isinstance(second, Unknown | Parameter) else second
        return Parameter(first.function, first.name, first.position, default)
    return first


def conditional(reader: PythonReader, node: Node, depth: int) -> Value:
    """`a if condition else b`: the setting that is asked for with a default, or either."""
    inner = [child for child in node.named_children if child.type != "comment"]
    if len(inner) != 3:
        return Unknown(reader.hint(node))
    return alternatives([reader.value(inner[0], depth + 1), reader.value(inner[2], depth + 1)])


def alternatives(values: list[Value]) -> Value:
    """What is bound in one branch or another; a text beside a setting is its default."""
    settings = [value for value in values if isinstance(value, Setting)]
    texts = [value for value in values if isinstance(value, Literal) and value.text]
    if len(settings) == 1 and settings[0].default is None and len(values) == 2 and texts:
        return Setting(settings[0].key, texts[0])
    return one_of(value for value in values if not isinstance(value, Unknown))


def with_own_texts(reader: PythonReader, value: Value) -> Value:
    """The value with the texts of constants that the same file defines: `f"... FROM {TABLE}"`."""
    if isinstance(value, Join):
        return join(*(with_own_texts(reader, part) for part in value.parts))
    if not isinstance(value, Name) or not IN_CAPITALS.fullmatch(value.name):
        return value
    made = reader.module_values.get(value.name)
    if made is None or made.type != "string":
        return value
    once = sum(each.dotted == value.name for each in reader.assignments) == 1
    found = reader.value(made) if once else value
    return found if isinstance(found, Literal) and is_small(found) else value


def subscript(reader: PythonReader, node: Node, depth: int) -> Value:
    """`os.environ["X"]`, `config["X"]`, and one piece of a split text."""
    holder, key = node.child_by_field_name("value"), node.child_by_field_name("subscript")
    if holder is None or key is None:
        return UNKNOWN
    name = reader.value(key, depth + 1)
    short = holder.end_byte - holder.start_byte <= MAX_DOTTED
    if isinstance(name, Literal) and key.type == "string" and short:
        dotted = reader.text(holder)
        if dotted in ("os.environ", "environ"):
            return Setting(name.text)
    found = entry(reader, node, depth)
    return Unknown(reader.hint(node)) if found is None else found


def hosts(reader: PythonReader, node: Node, depth: int) -> Value:
    """A list of servers as one address, with commas; `("host", 80)` is one server."""
    children = reader.each(node)
    if node.type == "tuple" and len(children) == 2 and children[1].type == "integer":
        return join(reader.value(children[0], depth + 1), Literal(":"), reader.value(children[1]))
    parts: list[Value] = []
    for child in children:
        server = reader.members(child)
        if "host" in server:
            parts += [Literal(","), reader.value(server["host"], depth + 1)]
            if "port" in server:
                parts += [Literal(":"), reader.value(server["port"], depth + 1)]
        else:
            parts += [Literal(","), reader.value(child, depth + 1)]
    return join(*parts[1:])


def local_value(reader: PythonReader, assigned: Node, depth: int) -> Value:
    """The value of a local's one assignment; asked once, for locals may be sums of locals."""
    if assigned.id not in reader.local_values:
        reader.local_values[assigned.id] = UNKNOWN  # what a local made of itself is
        value = reader.value(assigned, depth + 1)
        reader.local_values[assigned.id] = value if is_small(value) else UNKNOWN
    return reader.local_values[assigned.id]


def name_value(reader: PythonReader, node: Node, depth: int) -> Value:
    """An identifier or attribute: a local's one value, a field of the class, or a name."""
    if node.end_byte - node.start_byte > MAX_DOTTED:
        return Unknown(reader.hint(node))
    # `get_settings().url` is a name too: the field of the one object that the function returns.
    text = reader.text(node)
    if SETTINGS_CALL.search(text):
        text = text.replace("()", "")
    if "(" in text or "[" in text or "\n" in text:
        return Unknown(reader.hint(node))
    if node.type == "identifier":
        if text in reader.standing:
            return Literal(reader.standing[text])
        assigned = reader.local(text, node)
        if assigned is not None:
            return local_value(reader, assigned, depth)
        found = inner_name(reader, text, node, depth)
        if found is not None:
            return found
    if text.startswith(("self.", "cls.")):
        own = reader.class_around(node)
        if own is not None:
            return Name(f"{reader.definition_name(own)}.{text.partition('.')[2]}")
    return Name(text)


def inner_name(reader: PythonReader, text: str, node: Node, depth: int) -> Value | None:
    """A name of the function around: bound several times, a parameter, or what a loop runs over."""
    around = reader.function_around(node)
    bound = reader.assigned_here(text, node)
    if 1 < len(bound) <= MAX_BOUND:
        values = [local_value(reader, each, depth) for each in bound]
        own = parameter(reader, text, node)
        return alternatives([*values, own] if own is not None else values)
    looped = loop_elements(reader, text, node)
    if looped:
        values = [reader.value(each, depth + 1) for each in looped]
        return one_of(value for value in values if not isinstance(value, Unknown))
    if around is not None and reader.hides(text, node):
        return parameter(reader, text, node) or Unknown(text)
    return None
