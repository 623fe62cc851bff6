"""Attributes and options of Sequelize's models, the same for every way to declare one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import (
    Condition,
    FieldFact,
    IndexFact,
    ModelDefined,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.inflection import plural, singular, underscored
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import (
    class_of,
    says,
    settings,
    text_of,
)
from scaleaudit.languages.javascript.migrations.columns import sql_type
from scaleaudit.languages.javascript.migrations.partial import condition_text
from scaleaudit.languages.javascript.sequelize.scopes import named_scopes
from scaleaudit.languages.javascript.sequelize.where import Where
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
RELATIONS = {
    "belongsTo": "belongs-to", "hasMany": "has-many", "hasOne": "has-one",
    "belongsToMany": "many-to-many",
}  # fmt: skip


class Draft(Gathering):
    """What is known of one model."""

    name: str
    at: Node
    table: str = ""
    default_table: str = ""
    bases: tuple[str, ...] = ()
    abstract: bool = False
    snake: bool = False  # columns in snake case
    fields: dict[str, FieldFact] = msgspec.field(default_factory=dict)
    relations: list[RelationFact] = msgspec.field(default_factory=list)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    uniques: dict[str, list[str]] = msgspec.field(default_factory=dict)  # named keys of several
    deleted: str = ""
    scope: list[Condition] = msgspec.field(default_factory=list)
    scopes: list[ScopeDefined] = msgspec.field(default_factory=list)


def add_attribute(reader: JavaScriptReader, draft: Draft, name: str, node: Node) -> None:
    """`{type: DataTypes.STRING, allowNull: false, unique: true}`, or a type alone."""
    given = settings(reader, [node])
    kind = given.get("type") if given else node
    if kind is not None and reader.text(kind).rpartition(".")[2].startswith("VIRTUAL"):
        return
    unique = given.get("unique")
    key = text_of(reader, unique) if unique is not None and unique.type == "string" else ""
    if unique is not None and unique.type == "object":
        key = text_of(reader, settings(reader, [unique]).get("name"))
    if key:
        draft.uniques.setdefault(key, []).append(name)
    primary = says(reader, given.get("primaryKey"))
    draft.fields[name] = FieldFact(
        name,
        text_of(reader, given.get("field")) or (underscored(name) if draft.snake else ""),
        sql_type(reader.text(kind)[:80]) if kind is not None else "",
        not primary and ("allowNull" not in given or says(reader, given["allowNull"])),
        False,
        not key and says(reader, unique),
        primary,
        says(reader, given.get("autoIncrement")),
        reader.span(node),
    )


def add_options(reader: JavaScriptReader, draft: Draft, given: dict[str, Node]) -> None:
    """What stands in the options of `define`, `init` and `@Table`."""
    draft.table = text_of(reader, given.get("tableName")) or draft.table
    model_name = text_of(reader, given.get("modelName"))
    if says(reader, given.get("freezeTableName")):
        draft.table = draft.table or model_name or draft.name
    if model_name and not draft.table:
        draft.default_table = plural(model_name)
    draft.snake = says(reader, given.get("underscored")) or draft.snake
    stamped = "timestamps" not in given or says(reader, given["timestamps"])
    if stamped and not draft.abstract:
        for key in ("createdAt", "updatedAt"):
            add_time(reader, draft, key, given.get(key))
    if says(reader, given.get("paranoid")):
        draft.deleted = add_time(reader, draft, "deletedAt", given.get("deletedAt"))
    listed = given.get("indexes")
    for each in listed.named_children if listed is not None else ():
        add_index(reader, draft, each)
    if "scopes" in given:
        draft.scopes += named_scopes(reader, given["scopes"], draft.name)
    if "defaultScope" in given:
        add_default_scope(reader, draft, given["defaultScope"])


def add_time(reader: JavaScriptReader, draft: Draft, name: str, given: Node | None) -> str:
    if given is not None and reader.text(given) == "false":
        return ""
    column = text_of(reader, given) or (underscored(name) if draft.snake else "")
    at = reader.span(given if given is not None else draft.at)
    draft.fields.setdefault(name, FieldFact(name, column, "TIMESTAMP", name == "deletedAt", at=at))
    return name


def add_index(reader: JavaScriptReader, draft: Draft, node: Node) -> None:
    given = settings(reader, [node])
    listed = given.get("fields")
    columns: list[str] = []
    for each in listed.named_children if listed is not None else ():
        own = settings(reader, [each]) if each.type == "object" else {}
        column = text_of(reader, own.get("name") or own.get("attribute")) if own else ""
        column = column or text_of(reader, each)
        if not column:
            return
        columns.append(column)
    if columns:
        where = condition_text(reader, given.get("where"))
        method = text_of(reader, given.get("using") or given.get("type")).lower()
        draft.indexes.append(
            IndexFact(
                tuple(columns),
                text_of(reader, given.get("name")),
                says(reader, given.get("unique")) or method == "unique",
                where=where,
                method="" if method in ("btree", "unique") else method,
                at=reader.span(node),
            )
        )


def add_default_scope(reader: JavaScriptReader, draft: Draft, node: Node) -> None:
    given = settings(reader, [node])
    if "where" in given:
        reading = Where(reader)
        draft.scope = flat(reading.variants(given["where"])[0])


def add_relation(
    reader: JavaScriptReader, draft: Draft, kind: str, target: str, given: dict[str, Node], at: Node
) -> None:
    """`Order.belongsTo(Customer, {as, foreignKey, through, otherKey})`."""
    many = kind in ("has-many", "many-to-many")
    last = target.rpartition(".")[2]
    usual = plural(last) if many else singular(last)
    name = text_of(reader, given.get("as")) or usual
    key = given.get("foreignKey")
    column = text_of(reader, key)
    if key is not None and key.type == "object":
        inner = settings(reader, [key])
        column = text_of(reader, inner.get("name") or inner.get("fieldName") or inner.get("field"))
    if not column and kind == "belongs-to" and draft.snake:
        column = underscored(f"{name[:1].lower()}{name[1:]}Id")
    through = given.get("through")
    table = ""
    if through is not None:
        table = text_of(reader, through) or class_of(reader, through)
        if through.type == "object":
            model = settings(reader, [through]).get("model")
            table = text_of(reader, model) or class_of(reader, model)
    draft.relations.append(
        RelationFact(
            name,
            last,
            kind,
            column,
            through=table.rpartition(".")[2],
            at=reader.span(at),
            other_column=text_of(reader, given.get("otherKey")),
            constrained="constraints" not in given or says(reader, given["constraints"]),
        )
    )


def facts(reader: JavaScriptReader, draft: Draft) -> Iterator[Fact]:
    at = reader.span(draft.at)
    for columns in draft.uniques.values():
        draft.indexes.append(IndexFact(tuple(columns), unique=True, at=at))
    yield ModelDefined(
        at,
        draft.name,
        FRAMEWORK,
        table=draft.table,
        default_table="" if draft.table else draft.default_table,
        bases=draft.bases,
        abstract=draft.abstract,
        fields=tuple(draft.fields.values()),
        relations=tuple(draft.relations),
        indexes=tuple(draft.indexes),
    )
    yield from draft.scopes
    conditions = list(draft.scope)
    if draft.deleted:
        conditions.append(Condition(draft.deleted, "is-null"))
    if conditions:
        yield ScopeDefined(
            at, FRAMEWORK, draft.name, "defaultScope", tuple(conditions), always=True
        )
