"""Classes that a context may keep in tables: their properties, keys and attributes.

Which of them are entities a context says, in another file; the linker puts both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.csharp.ef.types import COLUMNS, written_type
from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

PROPERTY = regex(rb"\{\s*(?:get|init)\s*;")
# Classes that carry data elsewhere than to a table.
OTHERWISE = regex(
    r"(?:Dtos?|DTO|ViewModel|Vm|Request|Response|RequestModel|ResponseModel|Command|Query|Options|Settings|Config"
    r"|Configuration|Event|EventArgs|Args|Controller|Handler|Validator|Exception|Tests?|Service|Result"
    r"|Params|Parameters|Payload|Input|Output|Page|Component|Notification|Factory|Extensions|Mapper|Context)$"
)
SERVED = (b"Microsoft.AspNetCore.Mvc", b"MediatR", b"FluentValidation")
# A class of the same name as its base, or of one in another namespace, with nothing of its own; an
# abstract one, by which others inherit a key.
DERIVED = regex(
    rb"\bclass\s+(\w+)\s*:\s*(?:\w+\.)*\1\b|\babstract\s+(?:partial\s+)?class\s+\w+\s*:"
)
MAX_BARE = 4_000  # bytes of a file with such a class
MAX_CLASSES = 200  # of one file
MAX_PROPERTIES = 300  # of one class
CLASSES = {"class_declaration", "record_declaration"}


def entities(reader: CSharpSyntax) -> Iterator[ModelDefined]:
    bare = PROPERTY.search(reader.content) is None
    if bare and (len(reader.content) > MAX_BARE or DERIVED.search(reader.content) is None):
        return
    for count, node in enumerate(classes(reader)):
        if count >= MAX_CLASSES:
            return
        name = reader.definition_name(node)
        marks = attributes(reader, node)
        certain = bool(marks.keys() & {"Table", "Index", "PrimaryKey", "Owned", "Keyless"})
        if not certain and (OTHERWISE.search(name) or has_any(reader.content, SERVED)):
            continue
        if any(reader.plain(base).endswith("Attribute") for base in reader.base_names(node)):
            continue  # what is written in brackets; an attribute of a product is an entity
        found = entity(reader, node, name, marks)
        if found is not None:
            yield found


def classes(reader: CSharpSyntax) -> Iterator[Node]:
    """Classes and records, of namespaces and of other classes."""
    waiting = [reader.root]
    for _ in range(2_000):
        if not waiting:
            return
        at = waiting.pop(0)
        for child in at.named_children:
            if child.type in CLASSES:
                yield child
                body = child.child_by_field_name("body")
                if body is not None and PROPERTY.search(reader.content, body.start_byte):
                    waiting.append(body)
            elif child.type in ("namespace_declaration", "file_scoped_namespace_declaration"):
                body = child.child_by_field_name("body")
                waiting.append(body if body is not None else child)


def entity(
    reader: CSharpSyntax, node: Node, name: str, marks: dict[str, list[Node]]
) -> ModelDefined | None:
    body = node.child_by_field_name("body")
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    members = body.named_children if body is not None else []
    declared = [m for m in members if m.type == "property_declaration"][:MAX_PROPERTIES]
    properties = [m for m in declared if is_kept(reader, m)]
    names = {reader.definition_name(each) for each in properties}
    for each in properties:
        add_property(reader, each, name, names, fields, relations)
    bases = tuple(base_name(reader, base) for base in reader.base_names(node))
    between = bool(bases) and any(reader.text(c) == "abstract" for c in node.named_children)
    if not fields and not relations and name not in bases and not between:
        return None
    keys = [text for arg in marks.get("PrimaryKey", ()) if (text := named(reader, arg))]
    if keys:
        fields = [with_key(field, primary=field.name in keys) for field in fields]
    return ModelDefined(
        reader.span(node), name, "ef", table=text_of(reader, marks.get("Table")),
        bases=bases,
        abstract=True, fields=tuple(fields), relations=tuple(relations),
        indexes=tuple(indexes(reader, node)),
    )  # fmt: skip


def with_key(field: FieldFact, *, primary: bool) -> FieldFact:
    return FieldFact(
        field.name, field.column, field.type, field.nullable, field.indexed, field.unique, primary,
        primary and field.auto_increment, field.at,
    )  # fmt: skip


def base_name(reader: CSharpSyntax, node: Node) -> str:
    inner = node.named_children[0] if node.type == "primary_constructor_base_type" else node
    return reader.plain(inner)


def is_kept(reader: CSharpSyntax, node: Node) -> bool:
    """A property with a getter and a setter that instances have."""
    modifiers = {reader.text(c) for c in node.named_children if c.type == "modifier"}
    accessors = node.child_by_field_name("accessors")
    if "static" in modifiers or accessors is None or "NotMapped" in attributes(reader, node):
        return False
    text = reader.text(accessors)[:300]
    written = "set" in text or "init" in text
    declared = node.child_by_field_name("type")
    if not written and declared is not None:  # a reference may be kept in a field behind it
        kind, many, _ = written_type(reader, declared)
        written = many or (kind not in COLUMNS and f"{kind} {kind}" in reader.text(node))
    return "public" in modifiers and written


def add_property(
    reader: CSharpSyntax, node: Node, owner: str, names: set[str],
    fields: list[FieldFact], relations: list[RelationFact],
) -> None:  # fmt: skip
    name = reader.definition_name(node)
    declared = node.child_by_field_name("type")
    kind, many, nullable = (
        written_type(reader, declared) if declared is not None else ("", False, False)
    )
    if not kind and not many:
        return
    marks = attributes(reader, node)
    at = reader.span(node)
    column = text_of(reader, marks.get("Column"))
    if many and kind not in COLUMNS:
        if kind:
            inverse = text_of(reader, marks.get("InverseProperty"))
            key = text_of(reader, marks.get("ForeignKey"))
            relations.append(RelationFact(name, kind, "has-many", key, inverse, at=at))
        return
    if many:
        fields.append(FieldFact(name, column, "BLOB" if kind == "byte" else "", True, at=at))
        return
    if kind not in COLUMNS and kind[:1].isupper() and not column:
        own = text_of(reader, marks.get("ForeignKey"))
        key = next((k for k in (own, f"{name}Id", f"{name}ID") if k and k in names), "")
        relations.append(
            RelationFact(name, kind, "belongs-to", key or f"{name}Id", text_of(reader, marks.get("InverseProperty")),
                         nullable=nullable, indexed=True, at=at)
        )  # fmt: skip
        return
    primary = "Key" in marks or name.lower() in ("id", f"{owner.lower()}id")
    required = "Required" in marks or (kind in COLUMNS and kind not in ("string", "String", "Uri"))
    fields.append(
        FieldFact(
            name, column, COLUMNS.get(kind, ""), nullable or not (required or primary), False, False,
            primary, primary and COLUMNS.get(kind) in ("INT", "BIGINT"), at,
        )
    )  # fmt: skip


def attributes(reader: CSharpSyntax, node: Node) -> dict[str, list[Node]]:
    """The arguments of each attribute, by its name."""
    found: dict[str, list[Node]] = {}
    for holder in node.named_children:
        if holder.type != "attribute_list":
            continue
        for each in holder.named_children:
            if each.type == "attribute":
                found.setdefault(reader.callee(each), []).extend(reader.arguments(each)[0])
    return found


def indexes(reader: CSharpSyntax, node: Node) -> Iterator[IndexFact]:
    """`[Index(nameof(A), nameof(B), IsUnique = true)]`, each by itself."""
    for holder in node.named_children:
        if holder.type != "attribute_list":
            continue
        for each in holder.named_children:
            if each.type != "attribute" or reader.callee(each) != "Index":
                continue
            given, options, _ = reader.arguments(each)
            columns = tuple(text for arg in given if (text := named(reader, arg)))
            if columns and len(columns) == len(given):
                unique = options.get("IsUnique")
                yield IndexFact(
                    columns, unique=unique is not None and reader.text(unique) == "true",
                    at=reader.span(each),
                )  # fmt: skip


def named(reader: CSharpSyntax, node: Node) -> str:
    """A property named by `nameof(A)` or by its text."""
    if node.type == "invocation_expression" and reader.callee(node) == "nameof":
        given = reader.arguments_of(node)
        return reader.text(given[0]).rpartition(".")[2] if given else ""
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else ""


def text_of(reader: CSharpSyntax, arguments: list[Node] | None) -> str:
    return named(reader, arguments[0]) if arguments else ""
