"""What variables and fields of a PHP file stand for: one assignment, or a declared type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import QueryCursor

from scaleaudit.languages.php.class_names import CALLS, class_name, created
from scaleaudit.languages.reader import Binding
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

PARAMETERS = {"simple_parameter", "property_promotion_parameter"}
DOCUMENTED = regex(r"@var\s+(?:null\|)?\\?([A-Z][\w\\]*)(?:\|null)?(?=\s|\*)")
MAX_COMMENT = 1_000
MAX_HOPS = 6  # variables that lead to variables
MAX_FUNCTIONS = 6  # closures around a place that are looked through for a variable


def assigned(reader: PhpReader, name: str, node: Node) -> Node | None:
    """The one expression that a variable is given in the function (or script) around a node."""
    if reader.assignments is None and not _mentioned(reader, name):
        return None
    around = reader.function_around(node)
    values = _assignments(reader).get((around.id if around is not None else 0, name), [])
    if len(values) != 1 or values[0].start_byte <= node.start_byte < values[0].end_byte:
        return None
    return values[0]


def last_assigned(reader: PhpReader, name: str, node: Node) -> Node | None:
    """What a variable was given last before a node, in the order of the file."""
    around = reader.function_around(node)
    values = _assignments(reader).get((around.id if around is not None else 0, name), [])
    before = [value for value in values if value.end_byte <= node.start_byte]
    return max(before, key=lambda value: value.start_byte, default=None)


def _mentioned(reader: PhpReader, name: str) -> bool:
    """Whether anything is assigned to a variable anywhere: the bytes tell it faster than the tree."""
    written = rf"{re.escape(name)}\s*(?:=(?![=>])|\?\?=)".encode()
    return re.search(written, reader.content) is not None


def _assignments(reader: PhpReader) -> dict[tuple[int, str], list[Node]]:
    if reader.assignments is None:
        found: dict[tuple[int, str], list[Node]] = {}
        if reader.on_demand is not None:
            for _, match in QueryCursor(reader.on_demand).matches(reader.root):
                name = match["name"][0]
                around = reader.function_around(name)
                if name.type == "member_access_expression":
                    own = reader.class_around(name)
                    key = own.id if own is not None else 0
                else:
                    key = around.id if around is not None else 0
                found.setdefault((key, reader.text(name)), []).append(match["value"][0])
        reader.assignments = found
    return reader.assignments


def variable(reader: PhpReader, name: str, node: Node) -> Binding | None:
    """The type of a variable: from its parameter, or from the object it is given."""
    at = node
    for _ in range(MAX_FUNCTIONS):
        value = assigned(reader, name, at)
        if value is not None:
            return _made(reader, value)
        around = reader.function_around(at)
        if around is None:
            return None
        for parameter in parameters(around):
            named = parameter.child_by_field_name("name")
            if named is not None and reader.text(named) == name:
                return _typed(reader, parameter)
        if around.type not in ("anonymous_function", "arrow_function"):
            return None
        at = around
    return None


def field(reader: PhpReader, name: str, node: Node) -> Binding | None:
    """The type of `$this->name`: from its assignment, its promoted parameter, or its declaration."""
    own = reader.class_around(node)
    if own is None:
        return None
    values = _assignments(reader).get((own.id, f"$this->{name}"), [])
    for value in values[:4]:
        bound = _made(reader, value)
        if bound is not None and bound.made_by is not None:
            return bound
    typed = _fields(reader, own).get(f"${name}")
    known = _typed(reader, typed) or _documented(reader, typed) if typed is not None else None
    if known is not None:
        return known
    return _made(reader, values[0]) if len(values) == 1 else None


def field_class(reader: PhpReader, own: Node, name: str) -> str:
    """The full name of the class of `$this->name`, where a declaration says it or `new` makes it."""
    typed = _fields(reader, own).get(f"${name}")
    known = _typed(reader, typed) or _documented(reader, typed) if typed is not None else None
    if known is not None:
        return known.type
    if not _mentioned(reader, f"$this->{name}"):
        return ""
    for value in fields_assigned(reader, own, name)[:2]:
        if value.type == "object_creation_expression":
            return created(reader, value)
        if value.type != "variable_name":
            continue
        around = reader.function_around(value)
        for parameter in parameters(around) if around is not None else ():
            named = parameter.child_by_field_name("name")
            bound = _typed(reader, parameter)
            if named is not None and bound is not None and reader.text(named) == reader.text(value):
                return bound.type
    return ""


def fields_assigned(reader: PhpReader, own: Node, name: str) -> list[Node]:
    """All that `$this->name` is given in a class."""
    return _assignments(reader).get((own.id, f"$this->{name}"), [])


def _fields(reader: PhpReader, own: Node) -> dict[str, Node]:
    known = reader.typed_fields.get(own.id)
    if known is None:
        known = reader.typed_fields[own.id] = dict(_declared(reader, own))
    return known


def _declared(reader: PhpReader, own: Node) -> Iterator[tuple[str, Node]]:
    body = own.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        if member.type == "property_declaration":
            for element in member.named_children:
                name = element.child_by_field_name("name")
                if element.type == "property_element" and name is not None:
                    yield reader.text(name), member
        elif member.type == "method_declaration":
            for parameter in parameters(member):
                name = parameter.child_by_field_name("name")
                if parameter.type == "property_promotion_parameter" and name is not None:
                    yield reader.text(name), parameter


def parameters(function: Node) -> list[Node]:
    holder = function.child_by_field_name("parameters")
    children = holder.named_children if holder is not None else []
    return [child for child in children if child.type in PARAMETERS]


def named_parameters(reader: PhpReader, function: Node) -> dict[str, Node]:
    """`$name` -> the parameter, in order."""
    named = [(each.child_by_field_name("name"), each) for each in parameters(function)]
    return {reader.text(name): each for name, each in named if name is not None}


def _typed(reader: PhpReader, declared: Node) -> Binding | None:
    written = declared.child_by_field_name("type")
    if written is None:
        return None
    text = reader.text(written).lstrip("?")
    return Binding(class_name(reader, text)) if text.replace("\\", "").isidentifier() else None


def _documented(reader: PhpReader, declared: Node) -> Binding | None:
    """The class that a comment gives a property: `@var Orders`."""
    comment = declared.prev_named_sibling
    if comment is None or comment.type != "comment":
        return None
    named = DOCUMENTED.search(reader.text(comment)[:MAX_COMMENT])
    return Binding(class_name(reader, named[1])) if named is not None else None


def _made(reader: PhpReader, value: Node) -> Binding | None:
    if reader.hops >= MAX_HOPS:
        return None
    reader.hops += 1
    try:
        if value.type == "variable_name":  # $this->client = $client
            return variable(reader, reader.text(value), value)
        if value.type not in CALLS:
            return None
        site = reader.site(value)
    finally:
        reader.hops -= 1
    unknown = site.callee.startswith(("?", "this.", "self."))
    return None if unknown else Binding(site.callee, site)
