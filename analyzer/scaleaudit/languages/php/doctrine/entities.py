"""Doctrine's entities: classes whose marks say in which table and columns they are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import (
    Clause,
    Condition,
    FieldFact,
    IndexFact,
    ModelDefined,
    OrmQuery,
    RelationFact,
)
from scaleaudit.inflection import underscored
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.doctrine.fragments import ROW_CLASS
from scaleaudit.languages.php.doctrine.marks import Mark, marks_on
from scaleaudit.languages.php.eloquent.models import base_of, traits_of
from scaleaudit.regex import regex
from scaleaudit.sql.doctrine_types import DOCTRINE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.source import Span

MARKED = regex(rb"[@\[\\ ](?:Entity|MappedSuperclass|Embeddable|Column|ManyToOne|ManyToMany)\b")
ORIGIN = (b"Doctrine\\ORM", b"@ORM\\", b"ORM\\")
CLASS = regex(
    rb"(?:^|[;}\]]|<\?php)[ \t]*(?:(?:abstract|final|readonly)[ \t]+)*(class|trait)[ \t]+(\w+)",
    re.MULTILINE,
)
DECLARED = {
    "int": "INT", "string": "VARCHAR", "bool": "BOOLEAN", "float": "FLOAT", "array": "JSON", "datetime": "TIMESTAMP",
    "datetimeinterface": "TIMESTAMP", "datetimeimmutable": "TIMESTAMP", "uuid": "UUID", "ulid": "UUID", "dateinterval": "VARCHAR",
}  # fmt: skip
RELATIONS = frozenset({"ManyToOne", "OneToOne", "OneToMany", "ManyToMany"})
MAX_CLASSES = 20  # of one file
MAX_MEMBERS = 500
MAX_CHARACTERS = 30  # the longest name of a type


def may_hold(reader: PhpReader) -> bool:
    content = reader.content
    return has_any(content, ORIGIN) and MARKED.search(content) is not None


def entities(reader: PhpReader) -> Iterator[Fact]:
    for _, match in zip(range(MAX_CLASSES), CLASS.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(2), match.end(2))
        node = leaf.parent if leaf is not None else None
        if node is not None and node.type in ("class_declaration", "trait_declaration"):
            yield from entity(reader, node)


def entity(reader: PhpReader, node: Node) -> Iterator[Fact]:
    body = node.child_by_field_name("body")
    if body is None:
        return
    marks = marks_on(reader, node)
    known = {mark.name: mark for mark in marks}
    trait = node.type == "trait_declaration"
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    sorts: list[tuple[str, tuple[str, ...], Span]] = []
    name = reader.definition_name(node)
    for member, property_name, declared in properties(reader, body):
        at = reader.span(member)
        own = marks_on(reader, member)
        named = {mark.name: mark for mark in own}
        kind = next((each for each in named if each in RELATIONS), "")
        if kind:
            relation = related(named, kind, property_name, declared, name, at, own)
            if relation is not None:
                relations.append(relation)
            order = named.get("OrderBy")
            if order is not None:
                sorts.append((property_name, ordered(order), at))
        elif "Embedded" in named:
            relations += held(named["Embedded"], property_name, declared, at)
        elif "Column" in named:
            fields.append(field(named, property_name, declared, at))
    fields += of_row_class(known, reader.span(node))
    mapped = "Entity" in known or "MappedSuperclass" in known or "Embeddable" in known
    if not mapped and not (trait and (fields or relations)):
        return
    table = known.get("Table", Mark(""))
    entity_mark = known.get("Entity", Mark(""))
    base = base_of(reader, node)
    written = [each for each in (base, *traits_of(reader, body)) if each]
    repository = class_written(entity_mark.text("repositoryClass", position=0))
    yield ModelDefined(
        at=reader.span(node),
        name=name,
        framework="doctrine",
        table=table.text("name", position=0).strip('`"'),
        bases=tuple(each.lstrip("\\").replace("\\", ".") for each in written),
        abstract="Entity" not in known,
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes(marks, table, reader.span(node))),
        managers=(repository.rpartition(".")[2],) if repository else (),
        spelling=spelling(fields, marks, table),
    )
    for relation_name, columns, at in sorts:
        yield OrmQuery(
            at=at,
            framework="doctrine",
            model=name,
            text=f"{name}.{relation_name} by {', '.join(columns)}",
            via=(relation_name,),
            conditions=tuple(Condition(each, "sort", Clause.SORT) for each in columns),
        )


def of_row_class(known: dict[str, Mark], at: Span) -> list[FieldFact]:
    """The column that tells the classes of one table apart."""
    if "InheritanceType" not in known and "DiscriminatorColumn" not in known:
        return []
    column = known.get("DiscriminatorColumn", Mark(""))
    kind = DOCTRINE_TYPES.get(column.text("type", position=1).lower(), "VARCHAR")
    name = column.text("name", position=0).strip('`"') or "dtype"
    return [FieldFact(ROW_CLASS, name, kind, nullable=False, at=at)]


def properties(reader: PhpReader, body: Node) -> Iterator[tuple[Node, str, str]]:
    """Each property with its name and the type it declares, promoted parameters too."""
    for member in body.named_children[:MAX_MEMBERS]:
        if member.type == "property_declaration":
            written = member.child_by_field_name("type")
            declared = reader.text(written).lstrip("?\\") if written is not None else ""
            for element in member.named_children:
                name = element.child_by_field_name("name")
                if element.type == "property_element" and name is not None:
                    yield member, reader.text(name).lstrip("$"), declared
        elif (
            member.type == "method_declaration" and reader.definition_name(member) == "__construct"
        ):
            holder = member.child_by_field_name("parameters")
            for parameter in holder.named_children if holder is not None else ():
                name = parameter.child_by_field_name("name")
                written = parameter.child_by_field_name("type")
                if parameter.type == "property_promotion_parameter" and name is not None:
                    declared = reader.text(written).lstrip("?\\") if written is not None else ""
                    yield parameter, reader.text(name).lstrip("$"), declared


def field(named: dict[str, Mark], name: str, declared: str, at: Span) -> FieldFact:
    column = named["Column"]
    kind = column.text("type", position=1 if len(column.listed) > 1 else -1)
    last = declared.rpartition("\\")[2].lower()
    sort = DOCTRINE_TYPES.get(kind.lower()) or (DECLARED.get(last, "VARCHAR") if not kind else "")
    return FieldFact(
        name,
        column.text("name", position=0).strip('`"'),
        sort or kind.upper()[:MAX_CHARACTERS],
        nullable=column.says("nullable"),
        unique=column.says("unique"),
        primary="Id" in named,
        auto_increment="GeneratedValue" in named and sort in ("INT", "BIGINT", "SMALLINT"),
        at=at,
    )


def related(
    named: dict[str, Mark],
    kind: str,
    name: str,
    declared: str,
    owner: str,
    at: Span,
    own: list[Mark],
) -> RelationFact | None:
    mark = named[kind]
    target = class_written(mark.text("targetEntity", position=0))
    if not target and declared.rpartition("\\")[2] != "Collection":
        target = class_written(declared)
    if not target:
        return None
    mapped_by, inverse = mark.text("mappedBy"), mark.text("inversedBy")
    if kind == "OneToMany":
        return RelationFact(name, target, "has-many", inverse=mapped_by, at=at)
    if kind == "OneToOne" and mapped_by:
        return RelationFact(name, target, "has-one", inverse=mapped_by, at=at)
    joins = named.get("JoinColumns", Mark("")).listed
    join = named.get("JoinColumn") or next((j for j in joins if isinstance(j, Mark)), Mark(""))
    if kind in ("ManyToOne", "OneToOne"):
        return RelationFact(
            name,
            target,
            "belongs-to",
            join.text("name", position=0).strip('`"'),
            inverse=inverse,
            nullable=join.says("nullable", otherwise=True),
            indexed=True,
            unique=kind == "OneToOne" or join.says("unique"),
            primary="Id" in named,
            at=at,
        )
    if mapped_by:
        return None  # its owner tells of both sides
    table = named.get("JoinTable", Mark(""))
    here, there = underscored(owner), underscored(target.rpartition(".")[2])
    columns = [*table.marks("joinColumns"), *[m for m in own if m.name == "JoinColumn"]]
    others = [
        *table.marks("inverseJoinColumns"),
        *[m for m in own if m.name == "InverseJoinColumn"],
    ]
    return RelationFact(
        name,
        target,
        "many-to-many",
        (columns[0].text("name") if columns else "") or f"{here}_id",
        inverse=inverse,
        through=table.text("name", position=0).strip('`"') or f"{here}_{there}",
        at=at,
        other_column=(others[0].text("name") if others else "") or f"{there}_id",
    )


def held(mark: Mark, name: str, declared: str, at: Span) -> list[RelationFact]:
    """`#[ORM\\Embedded(class: Address::class, columnPrefix: "home_")]`."""
    target = class_written(mark.text("class", position=0) or declared)
    prefix = mark.text("columnPrefix") or f"{underscored(name)}_"
    bare = "columnPrefix" in mark.named and not mark.text("columnPrefix")
    return [RelationFact(name, target, "embedded", "" if bare else prefix, at=at)] if target else []


def class_written(text: str) -> str:
    """`App\\Entity\\Order` as `App.Entity.Order`; an interface as the class that goes by its name."""
    return text.strip("\\").replace("\\", ".").removesuffix("Interface")


def ordered(order: Mark) -> tuple[str, ...]:
    """`#[ORM\\OrderBy(["position" => "ASC"])]`."""
    value = order.listed[0] if order.listed else order.named.get("value")
    return tuple(value) if isinstance(value, dict) else ()


INDEXES = (("Index", "indexes"), ("UniqueConstraint", "uniqueConstraints"))


def spelling(fields: list[FieldFact], marks: list[Mark], table: Mark) -> str:
    """What the columns of indexes show: the default strategy calls a column as its attribute."""
    unnamed = [f.name for f in fields if not f.column and f.name != underscored(f.name)]
    if not unnamed:
        return ""
    listed = {
        column
        for name, member in INDEXES
        for mark in [*table.marks(member), *[each for each in marks if each.name == name]]
        for column in mark.texts("columns")
    }
    if listed & set(unnamed):
        return "plain"
    return "snake" if listed & {underscored(name) for name in unnamed} else ""


def indexes(marks: list[Mark], table: Mark, at: Span) -> Iterator[IndexFact]:
    """Those of the table, and those that stand on the class by themselves."""
    for name, member in INDEXES:
        unique = name == "UniqueConstraint"
        for mark in [*table.marks(member), *[each for each in marks if each.name == name]]:
            columns = mark.texts("columns", "fields")
            if columns:
                flags = mark.texts("flags")
                method = "fulltext" if "fulltext" in flags else ""
                options = mark.named.get("options")
                where = options.get("where") if isinstance(options, dict) else ""
                yield IndexFact(
                    tuple(columns),
                    mark.text("name"),
                    unique,
                    where=where if isinstance(where, str) else "",
                    method=method,
                    at=at,
                )
