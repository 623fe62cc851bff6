"""TypeORM's entities without classes: `new EntitySchema({...})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.javascript.builders.decorated import (
    class_of,
    properties_of,
    property_of,
    says,
    settings,
    text_of,
)
from scaleaudit.languages.javascript.migrations.columns import sql_type
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"
SCHEMA = regex(rb"new\s+EntitySchema\s*(?:<[^()\n]{1,200}>)?\s*(\()")
MAX_SCHEMAS = 50
KINDS = {
    "many-to-one": "belongs-to", "one-to-many": "has-many", "one-to-one": "has-one",
    "many-to-many": "many-to-many",
}  # fmt: skip


def entity_schemas(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if b"typeorm" not in reader.content:
        return
    for _, match in zip(range(MAX_SCHEMAS), SCHEMA.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        holder = leaf.parent if leaf is not None else None
        if holder is not None and holder.type == "arguments" and holder.named_children:
            yield from schema(reader, holder.named_children[0])


def schema(reader: JavaScriptReader, literal: Node) -> Iterator[ModelDefined]:
    """`new EntitySchema({ name, tableName, columns, relations, indices, uniques })`."""
    given = settings(reader, [literal])
    name = text_of(reader, given.get("name")) or class_of(reader, given.get("target"))
    if not name or "columns" not in given:
        return
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    indexes: list[IndexFact] = []
    for key, node in settings(reader, [given["columns"]]).items():
        spec = settings(reader, [node])
        kind = spec.get("type")
        fields.append(
            FieldFact(
                key,
                text_of(reader, spec.get("name")),
                sql_type(text_of(reader, kind) or reader.text(kind)) if kind is not None else "",
                says(reader, spec.get("nullable")),
                False,
                says(reader, spec.get("unique")),
                says(reader, spec.get("primary")),
                says(reader, spec.get("generated")),
                reader.span(node),
            )
        )
    for key, node in settings(reader, [given["relations"]]).items() if "relations" in given else ():
        spec = settings(reader, [node])
        kind_name = text_of(reader, spec.get("type"))
        relation = KINDS.get(kind_name, "")
        join = settings(reader, [spec["joinColumn"]]) if "joinColumn" in spec else {}
        if relation == "has-one" and "joinColumn" in spec:
            relation = "belongs-to"
        column = text_of(reader, join.get("name"))
        if relation == "belongs-to":
            column = column or f"{key}Id"
        if relation:
            relations.append(
                RelationFact(
                    key,
                    class_of(reader, spec.get("target")),
                    relation,
                    column,
                    property_of(reader, spec.get("inverseSide")),
                    unique=kind_name == "one-to-one",
                    implied=True,
                    at=reader.span(node),
                )
            )
    for group in ("indices", "uniques"):
        listed = given.get(group)
        for node in listed.named_children if listed is not None else ():
            spec = settings(reader, [node])
            columns = properties_of(reader, spec.get("columns"))
            if columns:
                indexes.append(
                    IndexFact(
                        tuple(columns),
                        text_of(reader, spec.get("name")),
                        group == "uniques" or says(reader, spec.get("unique")),
                        where=text_of(reader, spec.get("where")),
                        at=reader.span(node),
                    )
                )
    yield ModelDefined(
        reader.span(literal),
        name,
        FRAMEWORK,
        table=text_of(reader, given.get("tableName")),
        managers=kept_as(reader, literal),
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes),
    )


def kept_as(reader: JavaScriptReader, literal: Node) -> tuple[str, ...]:
    """The constant that a schema is kept in, by which repositories are asked for."""
    for above in reader.ancestors(literal):
        if above.type == "variable_declarator":
            name = above.child_by_field_name("name")
            return (reader.text(name),) if name is not None and name.type == "identifier" else ()
        if above.type not in ("arguments", "new_expression", "as_expression"):
            return ()
    return ()
