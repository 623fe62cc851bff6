"""Members of classes, in both languages of the JVM: attributes with their annotations, methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader

MAX_MEMBERS = 2_000
GETTER = regex(r"(?:get|is)([A-Z]\w*)")
KOTLIN_TYPES = frozenset({"user_type", "nullable_type"})
SKIPPED_WORDS = frozenset({"static", "transient"})


class Attribute(Gathering):
    """`type` is as written, with its arguments; `annotations` are by their last name."""

    name: str
    type: str
    node: Node
    annotations: dict[str, CallSite]
    getter: bool = False
    optional: bool = True  # Kotlin: the type has a question mark; Java: anything but a primitive


def attributes(reader: JvmReader, kind: Node) -> Iterator[Attribute]:
    """The attributes that a class keeps, and its getters that carry annotations."""
    members = [*reader.members(kind), *parameters(kind)]
    for member in members[:MAX_MEMBERS]:
        match member.type:
            case "field_declaration" | "formal_parameter":
                yield from java_field(reader, member)
            case "method_declaration":
                yield from java_getter(reader, member)
            case "property_declaration" | "class_parameter":
                yield from kotlin_property(reader, member)
            case _:
                pass


def parameters(kind: Node) -> Iterator[Node]:
    """The attributes of a record, and those of a constructor that belongs to the class's head."""
    holder = kind.child_by_field_name("parameters")
    if holder is not None:
        yield from holder.named_children
    for child in kind.named_children:
        if child.type == "primary_constructor":
            for inner in child.named_children:
                yield from inner.named_children


def java_field(reader: JvmReader, member: Node) -> Iterator[Attribute]:
    type_node = member.child_by_field_name("type")
    first = member.children[0] if member.children else None
    words = {each.type for each in first.children} if first is not None else set()
    if type_node is None or words & SKIPPED_WORDS:
        return
    annotations = annotations_by_name(reader, member)
    primitive = type_node.type in ("integral_type", "floating_point_type", "boolean_type")
    for declarator in member.children_by_field_name("declarator") or [member]:
        name = reader.definition_name(declarator)
        yield Attribute(name, reader.text(type_node), member, annotations, optional=not primitive)


def java_getter(reader: JvmReader, member: Node) -> Iterator[Attribute]:
    match = GETTER.fullmatch(reader.definition_name(member))
    type_node = member.child_by_field_name("type")
    if match is None or type_node is None:
        return
    annotations = annotations_by_name(reader, member)
    annotations.pop("Override", None)
    if annotations:
        name = match[1] if match[1][:2].isupper() else match[1][0].lower() + match[1][1:]
        primitive = type_node.type in ("integral_type", "floating_point_type", "boolean_type")
        yield Attribute(name, reader.text(type_node), member, annotations, True, not primitive)


def kotlin_property(reader: JvmReader, member: Node) -> Iterator[Attribute]:
    kinds = {child.type for child in member.children}
    if member.type == "class_parameter" and not kinds & {"val", "var"}:
        return
    if "getter" in kinds and "=" not in kinds:
        return
    holder = next((c for c in member.named_children if c.type == "variable_declaration"), member)
    written = next((c for c in holder.named_children if c.type in KOTLIN_TYPES), None)
    text = reader.text(written) if written is not None else ""
    yield Attribute(
        reader.definition_name(member),
        text.rstrip("?"),
        member,
        annotations_by_name(reader, member),
        optional=text.endswith("?") or not text,
    )


def annotations_by_name(reader: JvmReader, member: Node) -> dict[str, CallSite]:
    return {site.name: site for site in reader.annotations_of(member)}


def has_body(method: Node) -> bool:
    return method.child_by_field_name("body") is not None or any(
        child.type == "function_body" for child in method.named_children
    )


def returned_type(reader: JvmReader, method: Node) -> str:
    """As written; empty where it is inferred, or nothing is returned."""
    found = method.child_by_field_name("type")
    if found is None:
        found = next((c for c in method.named_children if c.type in KOTLIN_TYPES), None)
    text = reader.text(found) if found is not None else ""
    return "" if text in ("void", "Unit") else text
