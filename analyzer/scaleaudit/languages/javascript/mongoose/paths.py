"""What a schema of Mongoose says of each path of its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, RelationFact
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.literal_objects import Member
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.source import Span

TYPES = {
    "String": "STRING", "Number": "DOUBLE", "Boolean": "BOOLEAN", "Date": "TIMESTAMP",
    "ObjectId": "OBJECTID", "Mixed": "DOCUMENT", "Map": "DOCUMENT", "Buffer": "BINARY",
    "Decimal128": "DECIMAL", "Object": "DOCUMENT", "string": "STRING", "number": "DOUBLE",
    "boolean": "BOOLEAN",
}  # fmt: skip
MAX_DEPTH = 4  # documents inside one another
MAX_PATHS = 400  # of one schema
SET = regex(r"true|1|-1|[\"'](?:text|hashed|2dsphere)[\"']|\{|\[")


class Paths(Gathering):
    fields: list[FieldFact] = msgspec.field(default_factory=list)
    relations: list[RelationFact] = msgspec.field(default_factory=list)

    def add_timestamps(self, at: Span) -> None:
        known = {field.name for field in self.fields}
        for name in ("createdAt", "updatedAt"):
            if name not in known:
                self.fields.append(FieldFact(name, type="TIMESTAMP", at=at))


def read_paths(reader: JavaScriptReader, schema: Node, into: Paths) -> None:
    for member in shape(reader, schema).members:
        read_path(reader, member.key, member.value, into)


def _members(reader: JavaScriptReader, node: Node) -> Iterator[tuple[str, Node]]:
    for member in shape(reader, node).members:
        yield member.key, member.value


def read_path(
    reader: JavaScriptReader,
    name: str,
    written: Node | None,
    into: Paths,
    hint: str = "",
    depth: int = 0,
) -> None:
    """One path: `String`, `{ type: String, index: true, ref: "User" }`, `[{...}]`.

    What a document inside it has are paths too: `address.city`, also of each in a list.
    """
    value = bare(written)
    given: dict[str, Node] = {}
    listed = value is not None and value.type == "array"
    if value is not None and value.type == "array" and value.named_children:
        value = bare(value.named_children[0])
    if value is not None and value.type == "object":
        given = {member.key: member.value for member in shape(reader, value).members}
    told = bare(given.get("type"))
    if told is not None and told.type == "object" and "type" in dict(_members(reader, told)):
        told = None  # a path that is called so: `{ type: { type: String }, coordinates: [Number] }`
    kind = told if told is not None else value
    if kind is not None and kind.type == "array":
        listed = True
        kind = bare(kind.named_children[0]) if kind.named_children else None
        if kind is not None and kind.type == "object":
            inner = {member.key: member.value for member in shape(reader, kind).members}
            given = {**inner, **given}
            kind = bare(inner.get("type"))
    options = bool(hint) and "type" not in given  # a decorator's, on a member that has a type
    below = inner_paths(reader, kind) if depth < MAX_DEPTH and not options else []
    if below and "type" not in given:
        given = {}
    word = reader.text(kind)[:200].rpartition(".")[2] if kind is not None else ""
    type_ = TYPES.get(word, TYPES.get(hint, "DOCUMENT" if "type" not in given else ""))
    if "enum" in given:
        type_ = "ENUM"
    unique = _set(reader, given.get("unique"))
    indexed = _set(reader, given.get("index")) or "expires" in given
    nullable = not _set(reader, given.get("required"))
    at = reader.span(written) if written is not None else None
    reference = bare(given.get("ref"))
    target = reader.text(reference).strip("'\"`") if reference is not None else ""
    place = at if at is not None else FieldFact("").at
    if target and not listed and not depth:
        into.relations.append(
            RelationFact(
                name, target.removesuffix(".name").removesuffix(".modelName"), "belongs-to", name, nullable=nullable,
                indexed=indexed, unique=unique, at=place, constrained=False,
            )
        )  # fmt: skip
        return
    into.fields.append(
        FieldFact(
            name=name,
            type="ARRAY" if listed else "DOCUMENT" if below else type_,
            nullable=nullable,
            indexed=indexed,
            unique=unique,
            at=place,
        )
    )

    for member in below if len(into.fields) < MAX_PATHS else ():
        read_path(reader, f"{name}.{member.key}", member.value, into, depth=depth + 1)


def inner_paths(reader: JavaScriptReader, kind: Node | None) -> list[Member]:
    """What a document in a path has: written there, under `type`, or as a schema of its own."""
    if kind is None:
        return []
    if kind.type == "object":
        return shape(reader, kind).members
    if kind.type == "identifier":
        kind = bare(reader.declared.get(reader.text(kind))) or kind
    if kind.type == "new_expression":
        constructor = kind.child_by_field_name("constructor")
        args, _, _ = reader.arguments(kind)
        if constructor is not None and reader.text(constructor).endswith("Schema") and args:
            return shape(reader, args[0]).members
    return []


def _set(reader: JavaScriptReader, node: Node | None) -> bool:
    return node is not None and SET.match(reader.text(node)[:20]) is not None
