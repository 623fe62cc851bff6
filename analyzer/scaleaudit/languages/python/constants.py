"""Names that a Python module binds once to a text: addresses, topics, settings."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.python.functions import returned
from scaleaudit.languages.python.strings import alternatives
from scaleaudit.languages.python.tables import members
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.bindings import Assignment
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.values import Value

WORTH_KEEPING = regex(r"://|^projects/|^[\w.-]+:\d{2,5}$")
CONSTANT = regex(r"^_?[A-Z][A-Z0-9_]*$")
CONFIG_SET = regex(rb"\.config\[['\"]\w+['\"]\]\s*=(?!=)")
MAX_BRANCHES = 4
MAX_CONSTANT = 500  # characters
TEXT_MAKERS = regex(
    r"env|\.(format|get|pop|config|[lr]?strip|lower|split|join|url|str|(topic|subscription|queue)_path)$|\bURL\.create$|^(config|str|Path|urljoin)$",
    re.IGNORECASE,
)
TEXTS = frozenset(
    {
        "conditional_expression",
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
    times = Counter(each.dotted for each in reader.assignments)
    conditional = {each.dotted for each in reader.assignments if each.conditional}
    for each in reader.assignments:
        right = each.right
        if conditional and times[each.dotted] > 1 and each.dotted in conditional:
            continue
        if right.type == "dictionary":
            for name, at, value in members(reader, right, each.dotted):
                fact = ConstantDefined(reader.span(at), name, value)
                if each.owner:
                    of_class.setdefault(each.owner, []).append(fact)
                yield fact
            continue
        kind = right.type
        if kind not in TEXTS or (kind == "call" and not may_be_text(reader, right)):
            continue
        if (
            kind == "string"
            and not CONSTANT.match(each.name)
            and not names_app(each)
            and b":" not in right_text(reader, right)
        ):
            continue  # neither a name that others use, nor an address
        value = reader.value(right)
        if worth_keeping(each.name, value) or names_app(each):
            fact = ConstantDefined(reader.span(each.node), each.dotted, value)
            if each.owner:
                of_class.setdefault(each.owner, []).append(fact)
            yield fact
    yield from branched(reader, times, conditional)
    yield from table_settings(reader)
    for fact in returned(reader):
        owner = fact.name.rpartition(".")[0]
        if owner:
            of_class.setdefault(owner, []).append(fact)
        yield fact
    for node in captures.get("field", ()):
        left, written = node.child_by_field_name("left"), node.child_by_field_name("right")
        own = reader.class_around(node)
        if left is None or written is None or own is None:
            continue
        name = f"{reader.definition_name(own)}.{reader.text(left)[len('self.') :]}"
        if written.type == "dictionary":
            entries = [(key, at, value) for key, at, value in members(reader, written, name)]
        else:
            entries = [(name, node, reader.value(written))]
        for dotted, at, value in entries:
            if isinstance(value, Parameter) or worth_keeping("X", value):
                fact = ConstantDefined(reader.span(at), dotted, value)
                of_class.setdefault(reader.definition_name(own), []).append(fact)
                yield fact
    yield from instances(reader, of_class)


def names_app(each: Assignment) -> bool:
    """`class OrdersConfig(AppConfig): label = "orders"`, which stands in front of Django's tables."""
    return each.name == "label" and each.owner.removesuffix("Config") not in ("", each.owner)


def branched(
    reader: PythonReader, times: Counter[str], conditional: set[str]
) -> Iterator[ConstantDefined]:
    """`url = getenv("X")`, and further down `if not url: url = "http://..."`."""
    if not conditional:
        return
    for dotted in [
        name for name, count in times.items() if 1 < count <= MAX_BRANCHES and name in conditional
    ]:
        several = [each for each in reader.assignments if each.dotted == dotted]
        if any(each.right.type not in TEXTS for each in several):
            continue
        value = alternatives([reader.value(each.right) for each in several])
        if worth_keeping(several[0].name, value):
            yield ConstantDefined(reader.span(several[0].node), dotted, value)


def table_settings(reader: PythonReader) -> Iterator[ConstantDefined]:
    """`app.config["ORDERS_URL"] = ...`, as Flask keeps its settings."""
    for node in reader.nodes(CONFIG_SET, "assignment", b".config["):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or left.type != "subscript":
            continue
        key = left.child_by_field_name("subscript")
        value = reader.value(right)
        if key is not None and key.type == "string" and worth_keeping("X", value):
            yield ConstantDefined(reader.span(node), reader.text(key).strip("\"'"), value)


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
                rest = fact.name.partition(".")[2]
                yield ConstantDefined(reader.span(right), f"{name}.{rest}", fact.value)


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
        case OneOf(choices=choices):
            return any(worth_keeping(name, each) for each in choices)
        case Parameter() | Unknown():
            return False
