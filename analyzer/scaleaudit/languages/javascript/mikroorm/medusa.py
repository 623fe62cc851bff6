"""Medusa's data models, which become MikroORM's entities: `model.define("region", {...})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    Condition,
    FieldFact,
    IndexFact,
    ModelDefined,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.inflection import camelized, underscored
from scaleaudit.languages.javascript.builders.chains import Call, call_at, chain, climb
from scaleaudit.languages.javascript.builders.decorated import (
    class_of,
    says,
    settings,
    text_of,
    texts_of,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.source import Span

FRAMEWORK = "mikroorm"
START = regex(rb"(?<![\w$.])model\s*\.\s*define\s*(\()")
MARK = b"medusa"
MAX_MODELS = 50
TYPES = {
    "id": "VARCHAR", "text": "VARCHAR", "number": "INT", "bigNumber": "DECIMAL", "float": "FLOAT",
    "boolean": "BOOLEAN", "dateTime": "TIMESTAMP", "json": "JSONB", "enum": "ENUM", "array": "ARRAY",
    "autoincrement": "INT",
}  # fmt: skip
RELATIONS = {
    "belongsTo": "belongs-to", "hasMany": "has-many", "hasOne": "has-one",
    "manyToMany": "many-to-many",
}  # fmt: skip
TIMES = ("created_at", "updated_at", "deleted_at")


def data_models(reader: JavaScriptReader) -> Iterator[Fact]:
    if MARK not in reader.content:
        return
    for _, match in zip(range(MAX_MODELS), START.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(1))
        if call is not None:
            yield from _model(reader, call)


def _model(reader: JavaScriptReader, call: Node) -> Iterator[Fact]:
    holder = call.child_by_field_name("arguments")
    args = [each for each in (holder.named_children if holder else ()) if each.type != "comment"]
    if len(args) < 2:
        return
    given = settings(reader, args[:1])
    name = text_of(reader, given.get("name")) or text_of(reader, args[0])
    table = text_of(reader, given.get("tableName")) or underscored(name)
    if not name:
        return
    at = reader.span(call)
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    indexes: list[IndexFact] = []
    for key, node in settings(reader, [args[1]]).items():
        links = chain(reader, node).calls if node.type == "call_expression" else []
        if links and links[0].name in RELATIONS:
            relations.append(_relation(reader, key, links, reader.span(node)))
        elif links and links[0].name in TYPES:
            words = {link.name for link in links}
            fields.append(
                FieldFact(
                    key,
                    "",
                    TYPES[links[0].name],
                    "nullable" in words,
                    "index" in words,
                    "unique" in words,
                    "primaryKey" in words,
                    links[0].name == "autoincrement",
                    reader.span(node),
                )
            )
    fields += [FieldFact(each, "", "TIMESTAMP", each == TIMES[-1], at=at) for each in TIMES]
    for link in climb(reader, call)[0]:
        if link.name == "indexes" and link.args:
            indexes.extend(_index(reader, each) for each in link.args[0].named_children)
    owner = camelized(name.replace("-", "_"))
    yield ModelDefined(
        at,
        owner,
        FRAMEWORK,
        table=table,
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(each for each in indexes if each.columns),
    )
    deleted = (Condition(TIMES[-1], "is-null"),)
    yield ScopeDefined(at, FRAMEWORK, owner, TIMES[-1], deleted, always=True)


def _relation(reader: JavaScriptReader, name: str, links: list[Call], at: Span) -> RelationFact:
    kind, args, _ = links[0]
    given = settings(reader, args[1:])
    words = {link.name for link in links}
    through = text_of(reader, given.get("pivotTable")) or class_of(reader, given.get("pivotEntity"))
    return RelationFact(
        name,
        class_of(reader, args[0]) if args else "",
        RELATIONS[kind],
        f"{name}_id" if kind == "belongsTo" else text_of(reader, given.get("joinColumn")),
        text_of(reader, given.get("mappedBy")),
        through,
        nullable="nullable" in words,
        indexed=kind == "belongsTo",
        at=at,
        other_column=text_of(reader, given.get("inverseJoinColumn")),
    )


def _index(reader: JavaScriptReader, node: Node) -> IndexFact:
    given = settings(reader, [node])
    where = text_of(reader, given.get("where"))
    return IndexFact(
        tuple(texts_of(reader, given.get("on"))),
        text_of(reader, given.get("name")),
        says(reader, given.get("unique")),
        where=where,
        at=reader.span(node),
    )
