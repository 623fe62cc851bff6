"""Names that a Python module binds once to a text: addresses, topics, settings."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.values import Value

WORTH_KEEPING = regex(r"://|^projects/|^[\w.-]+:\d{2,5}$")
CONSTANT = regex(r"^_?[A-Z][A-Z0-9_]*$")
MAX_CONSTANT = 500  # characters
TEXT_MAKERS = regex(
    r"env|\.(format|get|pop|config|[lr]?strip|lower|split|join|url|str|(topic|subscription|queue)_path)$|\bURL\.create$|^(config|str|Path|urljoin)$",
    re.IGNORECASE,
)
TEXTS = frozenset(
    {
        "string",
        "concatenated_string",
        "binary_operator",
        "boolean_operator",
        "subscript",
        "call",
        "identifier",
        "attribute",
        "parenthesized_expression",
    }
)


def constants(reader: PythonReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """Constants of the module, of its classes, of instances of these, and fields set to texts."""
    of_class: dict[str, list[ConstantDefined]] = {}
    times = Counter(each.dotted for each in reader.assignments if each.conditional)
    for each in reader.assignments:
        right = each.right
        if each.conditional and times[each.dotted] > 1:
            continue
        kind = right.type
        if kind not in TEXTS or (kind == "call" and not may_be_text(reader, right)):
            continue
        if (
            kind == "string"
            and not CONSTANT.match(each.name)
            and b":" not in right_text(reader, right)
        ):
            continue  # neither a name that others use, nor an address
        value = reader.value(right)
        if worth_keeping(each.name, value):
            fact = ConstantDefined(reader.span(each.node), each.dotted, value)
            if each.owner:
                of_class.setdefault(each.owner, []).append(fact)
            yield fact
    yield from instances(reader, of_class)
    for node in captures.get("field", ()):
        left, written = node.child_by_field_name("left"), node.child_by_field_name("right")
        own = reader.class_around(node)
        if left is None or written is None or own is None:
            continue
        value = reader.value(written)
        if not isinstance(value, Unknown | Name) and worth_keeping("", value):
            name = f"{reader.definition_name(own)}.{reader.text(left)[len('self.') :]}"
            yield ConstantDefined(reader.span(node), name, value)


def right_text(reader: PythonReader, node: Node) -> bytes:
    return reader.content[node.start_byte : node.end_byte]


def may_be_text(reader: PythonReader, call: Node) -> bool:
    """Most calls in class bodies make fields and relations; only a few names make texts."""
    function = call.child_by_field_name("function")
    if function is None or function.end_byte - function.start_byte > MAX_CONSTANT:
        return False
    return TEXT_MAKERS.search(reader.text(function)) is not None


def instances(
    reader: PythonReader, of_class: dict[str, list[ConstantDefined]]
) -> Iterator[ConstantDefined]:
    """`config = Config()`: what `Config.URL` says, `config.URL` says too."""
    for name, right in reader.module_values.items():
        if right.type == "call":
            for fact in of_class.get(reader.callee(right), ()):
                last = fact.name.rpartition(".")[2]
                yield ConstantDefined(reader.span(right), f"{name}.{last}", fact.value)


def worth_keeping(name: str, value: Value) -> bool:
    """A constant that others may use as (part of) an address, a topic or a setting."""
    match value:
        case Setting():
            return True
        case Literal(text=text):
            return 0 < len(text) <= MAX_CONSTANT and bool(
                WORTH_KEEPING.search(text) or CONSTANT.match(name)
            )
        case Join(parts=parts):
            return any(
                isinstance(part, Setting | Name)
                or (isinstance(part, Literal) and "://" in part.text)
                for part in parts
            )
        case Name():
            return bool(CONSTANT.match(name))
        case Unknown():
            return False
