"""MikroORM's entities: classes with decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact, ScopeDefined
from scaleaudit.facts.orm import OWN_NAME
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import (
    Decorator,
    Member,
    annotated_type,
    class_of,
    classes,
    properties_of,
    property_of,
    says,
    settings,
    text_of,
)
from scaleaudit.languages.javascript.migrations.columns import sql_type
from scaleaudit.languages.javascript.mikroorm.where import Where
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "mikroorm"
MARK = regex(rb"@(?:Entity|PrimaryKey|Property|ManyToOne|OneToMany|OneToOne|ManyToMany)\b")
COLUMNS = ("PrimaryKey", "SerializedPrimaryKey", "Property", "Enum")
RELATIONS = {
    "ManyToOne": "belongs-to", "OneToMany": "has-many", "OneToOne": "has-one",
    "ManyToMany": "many-to-many",
}  # fmt: skip


class Entity(Gathering):
    fields: list[FieldFact] = msgspec.field(default_factory=list)
    relations: list[RelationFact] = msgspec.field(default_factory=list)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)


def entities(reader: JavaScriptReader) -> Iterator[Fact]:
    if MARK.search(reader.content) is None:
        return
    for found in classes(reader):
        table = found.decorator("Entity")
        entity = Entity()
        for member in found.members:
            _member(reader, member, entity)
        if table is None and not (entity.fields or entity.relations):
            continue
        given = settings(reader, table.args) if table is not None else {}
        for each in found.decorators:
            entity.indexes.extend(_index(reader, each))
        at = reader.span(found.node)
        yield ModelDefined(
            at,
            found.name,
            FRAMEWORK,
            table=text_of(reader, given.get("tableName") or given.get("collection")),
            bases=found.bases,
            abstract=table is None or says(reader, given.get("abstract")),
            fields=tuple(entity.fields),
            relations=tuple(entity.relations),
            indexes=tuple(entity.indexes),
        )
        for each in found.decorators:
            if each.name == "Filter":
                yield from _filter(reader, each, found.name)


def _filter(reader: JavaScriptReader, decorator: Decorator, owner: str) -> Iterator[ScopeDefined]:
    """`@Filter({ name, cond: { deletedAt: null }, default: true })`."""
    given = settings(reader, decorator.args)
    condition = given.get("cond")
    if condition is None or not says(reader, given.get("default")) or condition.type != "object":
        return
    conditions = flat(Where(reader).variants(condition)[0])
    if conditions:
        yield ScopeDefined(
            reader.span(decorator.node),
            FRAMEWORK,
            owner,
            text_of(reader, given.get("name")) or "filter",
            tuple(conditions),
            always=True,
        )


def _index(reader: JavaScriptReader, decorator: Decorator) -> Iterator[IndexFact]:
    """`@Index({ properties: ["a", "b"] })`, `@Unique({ properties: ["a"] })`."""
    if decorator.name not in ("Index", "Unique"):
        return
    given = settings(reader, decorator.args)
    columns = properties_of(reader, given.get("properties"))
    if columns:
        yield IndexFact(
            tuple(columns),
            text_of(reader, given.get("name")),
            decorator.name == "Unique",
            method="fulltext" if text_of(reader, given.get("type")) == "fulltext" else "",
            at=reader.span(decorator.node),
        )


def _member(reader: JavaScriptReader, member: Member, entity: Entity) -> None:
    own = member.decorators
    relation = next((name for name in RELATIONS if name in own), "")
    indexed = any(name.endswith("Index") for name in own)
    if relation:
        _relation(reader, member, relation, indexed, entity)
        return
    column = next((name for name in COLUMNS if name in own), "")
    if not column:
        column = next((name for name in own if name.endswith("Property")), "")
    if not column:
        return
    given = settings(reader, own[column].args)
    if "persist" in given and not says(reader, given["persist"]):
        return
    kind = given.get("columnType") or given.get("type")
    written = sql_type(text_of(reader, kind) or reader.text(kind)[:80]) if kind is not None else ""
    if column == "Enum":
        written = "ENUM"
    primary = "PrimaryKey" in column or says(reader, given.get("primary"))
    entity.fields.append(
        FieldFact(
            member.name,
            text_of(reader, given.get("fieldName") or given.get("name")),
            written or annotated_type(member.type),
            says(reader, given.get("nullable"))
            or "?" in reader.text(member.node)[:200].partition(":")[0],
            indexed or says(reader, given.get("index")),
            "Unique" in own or says(reader, given.get("unique")),
            primary,
            says(reader, given.get("autoincrement")) or (primary and "number" in member.type),
            reader.span(member.node),
        )
    )


def _relation(
    reader: JavaScriptReader, member: Member, name: str, indexed: bool, entity: Entity
) -> None:
    args = member.decorators[name].args
    given = settings(reader, args)
    if "persist" in given and not says(reader, given["persist"]):
        return
    named: Node | None = given.get("entity")
    if named is None and args and args[0].type != "object":
        named = args[0]
    target = class_of(reader, named) or _annotated(member.type)
    kind = RELATIONS[name]
    mapped = given.get("mappedBy")
    if mapped is None and name == "OneToMany" and len(args) > 1 and args[1].type != "object":
        mapped = args[1]
    owner = name == "OneToOne" and mapped is None
    if owner:
        kind = "belongs-to"
    through = text_of(reader, given.get("pivotTable")) or class_of(reader, given.get("pivotEntity"))
    if name == "ManyToMany" and not through and makes_table(reader, args, given):
        through = OWN_NAME
    column = text_of(reader, given.get("fieldName") or given.get("joinColumn") or given.get("name"))
    inverse = property_of(reader, mapped) or property_of(reader, given.get("inversedBy"))
    entity.relations.append(
        RelationFact(
            member.name,
            target,
            kind,
            column if kind in ("belongs-to", "many-to-many") else "",
            inverse,
            through,
            nullable=says(reader, given.get("nullable")),
            indexed=indexed or says(reader, given.get("index")),
            unique=owner or says(reader, given.get("unique")) or "Unique" in member.decorators,
            primary=says(reader, given.get("primary")) or "PrimaryKey" in member.decorators,
            at=reader.span(member.node),
            other_column=text_of(reader, given.get("inverseJoinColumn")),
        )
    )


def makes_table(reader: JavaScriptReader, args: list[Node], given: dict[str, Node]) -> bool:
    """Of the two sides of a relation the one that owns the table between."""
    if says(reader, given.get("owner")):
        return True
    told = len(args) > 1 and args[1].type != "object"
    return "mappedBy" not in given and not told


def _annotated(kind: str) -> str:
    """`Rel<Author>`, `Ref<Author>`, `Author | null` to `Author`."""
    plain = kind.partition("|")[0].strip()
    inner = plain.partition("<")[2].partition(">")[0] or plain
    return inner if inner.isidentifier() else ""
