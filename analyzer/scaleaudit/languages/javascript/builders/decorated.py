"""Classes with decorators: what stands on a class and on each of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.chains import arguments
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
MEMBERS = frozenset(
    {
        "public_field_definition",
        "field_definition",
        "method_definition",
        "abstract_method_signature",
    }
)
MAX_NESTED = 3  # decorators in lists of decorators
MAX_CLASSES = 200  # of one file
MAX_MEMBERS = 400  # of one class
PROPERTY = regex(r"\.\s*([\w$]+)\s*[)}]?\s*$")
CLASS_NAME = regex(r"(?:\(\s*\w*\s*\)|\w+)\s*=>\s*\(?\s*(?:require\([^)]*\)\.)?([\w$.]+)\s*\)?\s*$")
TEXT_TYPES = {
    "string": "VARCHAR", "number": "INT", "boolean": "BOOLEAN", "bigint": "BIGINT", "Date": "TIMESTAMP",
}  # fmt: skip


class Decorator(Gathering):
    name: str
    args: list[Node]
    node: Node


class Member(Gathering):
    name: str
    type: str  # as annotated, without `| null`
    node: Node
    decorators: dict[str, Decorator] = msgspec.field(default_factory=dict)
    written: list[Decorator] = msgspec.field(default_factory=list)  # each, also of one name


class Decorated(Gathering):
    """A class; `bases` as written, without type arguments."""

    name: str
    node: Node
    abstract: bool
    bases: tuple[str, ...]
    decorators: list[Decorator]
    members: list[Member]

    def decorator(self, *names: str) -> Decorator | None:
        return next((each for each in self.decorators if each.name in names), None)


def classes(reader: JavaScriptReader) -> Iterator[Decorated]:
    """The classes of the module, those in namespaces left out."""
    for _, child in zip(range(20 * MAX_CLASSES), reader.root.named_children, strict=False):
        node: Node | None = child
        decorators = [each for each in child.named_children if each.type == "decorator"]
        if child.type == "export_statement":
            node = child.child_by_field_name("declaration") or child.child_by_field_name("value")
        if node is None or node.type not in CLASSES:
            continue
        if node.id != child.id:
            decorators += [each for each in node.named_children if each.type == "decorator"]
        yield Decorated(
            reader.definition_name(node),
            node,
            node.type.startswith("abstract"),
            bases(reader, node),
            [found for each in decorators for found in decorations(reader, each)],
            list(members(reader, node)),
        )


def bases(reader: JavaScriptReader, node: Node) -> tuple[str, ...]:
    """`extends Base<X>` to `Base`; `extends Mixin(Base)` to both."""
    for child in node.named_children:
        if child.type != "class_heritage":
            continue
        clause = child.named_children[0] if child.named_children else None
        value = clause.child_by_field_name("value") if clause is not None else None
        value = value or clause
        if value is None or value.type == "implements_clause":
            return ()
        if value.type == "call_expression":
            function = value.child_by_field_name("function")
            given = [reader.text(each) for each in arguments(value) if each.type == "identifier"]
            return tuple([reader.text(function)] if function is not None else []) + tuple(given)
        return (reader.text(value).partition("<")[0].strip(),)
    return ()


def decorations(reader: JavaScriptReader, node: Node, depth: int = 0) -> Iterator[Decorator]:
    """A decorator, and those in a list that it takes: `@When("flag", [Index(), Column({...})])`."""
    call = node.named_children[0] if node.type == "decorator" and node.named_children else node
    if call.type != "call_expression":
        yield Decorator(reader.text(call).rpartition(".")[2], [], node)
        return
    function = call.child_by_field_name("function")
    args = arguments(call)
    name = reader.text(function).rpartition(".")[2] if function is not None else ""
    yield Decorator(name, args, node)
    for each in args:
        if each.type == "array" and depth < MAX_NESTED:
            for inner in each.named_children[:10]:
                if inner.type == "call_expression":
                    yield from decorations(reader, inner, depth + 1)


def members(reader: JavaScriptReader, node: Node) -> Iterator[Member]:
    body = node.child_by_field_name("body")
    waiting: list[Node] = []
    for child in body.named_children[:MAX_MEMBERS] if body is not None else ():
        if child.type == "decorator":
            waiting.append(child)
            continue
        if child.type in MEMBERS:
            named = child.child_by_field_name("name") or child.child_by_field_name("property")
            own = [each for each in child.named_children if each.type == "decorator"]
            found = [d for each in (*waiting, *own) for d in decorations(reader, each)]
            annotation = child.child_by_field_name("type")
            kind = reader.text(annotation).lstrip(": ") if annotation is not None else ""
            if named is not None:
                yield Member(
                    reader.text(named).strip("'\"#"),
                    kind,
                    child,
                    {each.name: each for each in reversed(found)},
                    found,
                )
        if child.type != "comment":
            waiting = []


def settings(reader: JavaScriptReader, args: list[Node]) -> dict[str, Node]:
    """The direct members of the first literal object among the arguments.

    Those of an object of this file that is spread into it are its own.
    """
    for each in args:
        literal = options.literal_of(reader, each, "object")
        if literal is not None:
            found: dict[str, Node] = {}
            _gather(reader, literal, found, 0)
            return found
    return {}


def _gather(reader: JavaScriptReader, literal: Node, into: dict[str, Node], depth: int) -> None:
    for child in literal.named_children[: options.MAX_MEMBERS]:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is not None and value is not None:
            into[reader.text(key).strip("'\"`")] = bare(value) or value
        elif child.type == "shorthand_property_identifier":
            into[reader.text(child)] = child
        elif child.type == "spread_element" and child.named_children and depth < MAX_NESTED:
            spread = options.literal_of(reader, child.named_children[0], "object")
            if spread is not None:
                _gather(reader, spread, into, depth + 1)


def says(reader: JavaScriptReader, node: Node | None) -> bool:
    """Whether an option is switched on."""
    return node is not None and reader.text(node)[:10] not in ("false", "undefined", "null")


def text_of(reader: JavaScriptReader, node: Node | None) -> str:
    node = bare(node)
    if node is None:
        return ""
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else ""


def texts_of(reader: JavaScriptReader, node: Node | None) -> list[str]:
    """The texts of a list; none where one is not known."""
    listed = options.literal_of(reader, node, "array") if node is not None else None
    given = [each for each in (listed.named_children if listed else ()) if each.type != "comment"]
    found = [text_of(reader, each) for each in given]
    return found if all(found) else []


def class_of(reader: JavaScriptReader, node: Node | None) -> str:
    """`() => Order`, `(type) => Order`, `Order`, `"Order"` to the class's name."""
    node = bare(node)
    if node is None:
        return ""
    if node.type in ("string", "template_string"):
        return text_of(reader, node)
    text = reader.text(node)[:200]
    if node.type in ("identifier", "member_expression"):
        return text
    match = CLASS_NAME.fullmatch(text.strip())
    return match[1] if match is not None else ""


def property_of(reader: JavaScriptReader, node: Node | None) -> str:
    """`(item) => item.order`, `"order"` to the attribute's name."""
    node = bare(node)
    if node is None or node.type == "object":
        return ""
    if node.type in ("string", "template_string"):
        return text_of(reader, node)
    match = PROPERTY.search(reader.text(node)[:200].replace("!", "").replace("?", ""))
    return match[1] if match is not None else ""


def properties_of(reader: JavaScriptReader, node: Node | None) -> list[str]:
    """`["a", "b"]`, `(order) => [order.a, order.b]`, `"a"` to the attributes' names."""
    node = bare(node)
    if node is None:
        return []
    if node.type == "array":
        found = [text_of(reader, e) or property_of(reader, e) for e in node.named_children]
        return found if all(found) else []
    if node.type == "arrow_function":
        body = bare(node.child_by_field_name("body"))
        if body is not None and body.type == "array":
            found = [property_of(reader, each) for each in body.named_children]
            return found if all(found) else []
    one = property_of(reader, node)
    return [one] if one else []


def annotated_type(kind: str) -> str:
    """`string | null` to VARCHAR; empty for types that say nothing."""
    plain = [part.strip() for part in kind.split("|") if part.strip() not in ("null", "undefined")]
    return TEXT_TYPES.get(plain[0], "") if len(plain) == 1 else ""
