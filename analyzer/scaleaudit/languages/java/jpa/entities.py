"""Entities: classes that JPA, Hibernate, Spring Data or Micronaut Data keep in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact, ScopeDefined
from scaleaudit.inflection import underscored
from scaleaudit.languages.java.jpa.columns import (
    field_of,
    joined_key,
    relation_of,
    text_at,
    text_of,
    true,
)
from scaleaudit.languages.java.jpa.members import Attribute, annotations_by_name, attributes
from scaleaudit.languages.java.jpa.restricted import standing_conditions
from scaleaudit.languages.java.jpa.type_texts import element_type, last_name
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jvm import JvmReader

MAX_CLASSES = 200  # of one file
MARKS = regex(
    rb"@(?:[\w.]+\.)?(?:Entity|MappedSuperclass|Embeddable|Table|TableName|MappedEntity)\b"
)
LIBRARIES = (
    b"javax.persistence", b"jakarta.persistence", b"org.hibernate.annotations",
    b"org.springframework.data.relational", b"org.springframework.data.annotation",
    b"io.micronaut.data.annotation", b"com.baomidou.mybatisplus",
)  # fmt: skip
KEY_OF_DATA = b"org.springframework.data.annotation"
KEY_MARK = regex(rb"@(?:field:|get:)?Id\b")
KEPT_KEY = regex(rb"class\s+\w+[^{};]{0,500}?\bSerializable\b")
OTHER_STORES = (b"@RedisHash", b"@KeySpace", b"@Document", b"@Node", b"@Container", b"@Collection")
DOCUMENTS = (
    b"springframework.data.cassandra", b"springframework.data.mongodb", b"springframework.data.neo4j",
    b"springframework.data.elasticsearch", b"springframework.data.couchbase",
)  # fmt: skip
RELATIONAL = b"org.springframework.data.relational"
SELF = frozenset({"Entity", "Table", "TableName", "MappedEntity"})
COLUMN_LIST = regex(r"[\w.]+")
# Members that are kept in no column.
NOT_KEPT = frozenset({"Transient", "Formula", "Delegate", "TableFieldIgnore"})
RELATIONS = frozenset(
    {"ManyToOne", "OneToOne", "OneToMany", "ManyToMany", "Any", "MappedCollection", "Relation"}
)
MAPPING = RELATIONS | frozenset(
    {"Column", "Id", "EmbeddedId", "Embedded", "ElementCollection", "Basic", "Enumerated", "Temporal",
     "Lob", "JoinColumn", "NaturalId", "GeneratedValue", "Version", "Type", "CollectionTable",
     "CreationTimestamp", "UpdateTimestamp", "MappedProperty", "Convert"}
)  # fmt: skip


class Parts(Gathering):
    """What the attributes of one class add up to."""

    fields: dict[str, FieldFact]
    relations: dict[str, RelationFact]
    natural: list[str]
    more: list[ModelDefined]  # tables of collections of values


def entities(reader: JvmReader) -> Iterator[ModelDefined | ScopeDefined]:
    content = reader.content
    if not reader.says(*LIBRARIES) or reader.says(*DOCUMENTS):
        return
    seen: set[int] = set()
    yield from marked(reader, seen)
    if content.find(KEY_OF_DATA) >= 0 and not reader.says(*OTHER_STORES):
        yield from keyed(reader, seen)
    if content.find(b"@Column") >= 0:
        yield from unmarked_keys(reader, seen)


def marked(reader: JvmReader, seen: set[int]) -> Iterator[ModelDefined | ScopeDefined]:
    """Classes that an annotation of their own makes entities."""
    for match in MARKS.finditer(reader.content):
        node = reader.root.descendant_for_byte_range(match.start() + 1, match.end())
        for _ in range(6):
            if node is None or node.type in reader.ANNOTATIONS:
                break
            node = node.parent
        target = reader.annotated(node) if node is not None else None
        if target is None or target.type not in reader.CLASSES or target.id in seen:
            continue
        seen.add(target.id)
        if len(seen) > MAX_CLASSES:
            return
        yield from entity(reader, target)


def keyed(reader: JvmReader, seen: set[int]) -> Iterator[ModelDefined | ScopeDefined]:
    """Classes that Spring Data JDBC and R2DBC keep in tables, by nothing but the key among their members.

    Other stores have such classes too: what they are kept in must be a table of the schema.
    """
    for match in KEY_MARK.finditer(reader.content):
        node = reader.root.descendant_for_byte_range(match.start() + 1, match.end())
        kind = reader.class_around(node) if node is not None else None
        if kind is None or kind.id in seen or len(seen) > MAX_CLASSES:
            continue
        seen.add(kind.id)
        for fact in entity(reader, kind):
            if isinstance(fact, ModelDefined):
                yield replace(fact, abstract=False, managed=False)


def unmarked_keys(reader: JvmReader, seen: set[int]) -> Iterator[ModelDefined | ScopeDefined]:
    """Classes of keys of several columns: Hibernate takes them behind `@EmbeddedId` without a mark."""
    for match in KEPT_KEY.finditer(reader.content):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + len("class"))
        kind = node.parent if node is not None else None
        if kind is None or kind.type not in reader.CLASSES or kind.id in seen:
            continue
        seen.add(kind.id)
        if len(seen) > MAX_CLASSES:
            return
        if any("Column" in each.annotations for each in attributes(reader, kind)):
            yield from entity(reader, kind)


def makes_tables(reader: JvmReader, notes: dict[str, CallSite]) -> bool:
    """Whether the mapper's own annotations can say all of a table: Spring Data JDBC and R2DBC and
    MyBatis-Plus have none for an index, their tables come from scripts.
    """
    if "TableName" in notes:
        return False
    return "Table" not in notes or "Entity" in notes or RELATIONAL not in reader.content


def entity(reader: JvmReader, kind: Node) -> Iterator[ModelDefined | ScopeDefined]:
    notes = annotations_by_name(reader, kind)
    if "Subselect" in notes:
        return  # Hibernate reads it by a query; there is no table of its name to index
    path = reader.class_path(kind)
    name = reader.definition_name(kind)
    full = f"{path}.{name}" if path else name
    parts = Parts({}, {}, [], [])
    for attribute in attributes(reader, kind):
        take(reader, attribute, full, parts)
    indexes = [*class_indexes(reader, notes)]
    if parts.natural:
        keys = tuple(parts.natural)
        indexes.append(IndexFact(keys, unique=True, at=reader.span(kind)))
    table = table_named(reader, notes)
    alias = text_of(reader, notes.get("Entity"), "name") if "Entity" in notes else ""
    abstract = not SELF & set(notes)
    bases = tuple(last_name(base) for base in reader.bases_of(kind))
    yield ModelDefined(
        reader.span(kind),
        full,
        "jpa",
        table,
        # The table of an entity with a name of its own is called after that name (JPA, `@Table`).
        default_table=underscored(alias) if alias.isidentifier() and not table else "",
        bases=bases,
        abstract=abstract,
        same_table="DiscriminatorValue" in notes and not table and "Inheritance" not in notes,
        fields=tuple(parts.fields.values()),
        relations=tuple(parts.relations.values()),
        indexes=tuple(indexes),
        managers=(alias,) if alias and alias != name else (),
        managed=makes_tables(reader, notes),
    )
    yield from parts.more
    yield from standing_conditions(reader, kind, full, notes)


def take(reader: JvmReader, attribute: Attribute, owner: str, parts: Parts) -> None:
    """One attribute; what a getter says counts more than the field behind it."""
    notes = attribute.annotations
    name = attribute.name
    if not name or NOT_KEPT & set(notes) or not_a_column(reader, notes):
        if attribute.getter:
            parts.fields.pop(name, None)
        return
    if attribute.getter and not MAPPING & set(notes):
        return
    if "ElementCollection" in notes or "CollectionOfElements" in notes:
        relation, table = collection(reader, attribute, owner)
        parts.relations[name] = relation
        parts.more.append(table)
        parts.fields.pop(name, None)
    elif RELATIONS & set(notes) or "Embedded" in notes or "EmbeddedId" in notes:
        relation_found = relation_of(reader, attribute)
        if relation_found is not None:
            parts.relations[name] = relation_found
            parts.fields.pop(name, None)
    elif name not in parts.fields or attribute.getter:
        parts.fields[name] = field_of(reader, attribute)
        if "NaturalId" in notes:
            parts.natural.append(name)


def not_a_column(reader: JvmReader, notes: dict[str, CallSite]) -> bool:
    """`@TableField(exist = false)` of MyBatis-Plus."""
    given = notes["TableField"].keywords.get("exist") if "TableField" in notes else None
    return given is not None and reader.text(given) == "false"


def collection(
    reader: JvmReader, attribute: Attribute, owner: str
) -> tuple[RelationFact, ModelDefined]:
    """`@ElementCollection`: the values of an attribute in a table of their own."""
    notes, at = attribute.annotations, reader.span(attribute.node)
    simple = owner.rpartition(".")[2]
    given = notes.get("CollectionTable") or notes.get("JoinTable")
    table = text_of(reader, given, "name") if given is not None else ""
    column = ""
    joined = given.keywords.get("joinColumns") if given is not None else None
    for site in nested(reader, joined):
        column = column or text_of(reader, site, "name")
    column = column or f"{simple}_id"
    back = RelationFact(
        "owner", owner, "belongs-to", column, nullable=False, at=at, key=joined_key(reader, joined)
    )
    name = f"{owner}.{attribute.name}"
    relation = RelationFact(attribute.name, name, "has-many", column, inverse="owner", at=at)
    fields = []
    value = text_of(reader, notes.get("Column"), "name") if "Column" in notes else ""
    key = text_of(reader, notes.get("MapKeyColumn"), "name") if "MapKeyColumn" in notes else ""
    if attribute.type.startswith(("Map<", "MutableMap<", "SortedMap<")):
        fields.append(FieldFact("key", key or f"{attribute.name}_KEY", "VARCHAR", False, at=at))
    if last_name(element_type(attribute.type)) in SIMPLE:
        fields.append(FieldFact("value", value or attribute.name, "VARCHAR", at=at))
    embedded = element_type(attribute.type)
    bases = () if embedded in SIMPLE else (embedded,)
    model = ModelDefined(
        at,
        name,
        "jpa",
        table,
        default_table="" if table else f"{simple}_{attribute.name}",
        bases=bases,
        fields=tuple(fields),
        relations=(back,),
    )
    return relation, model


SIMPLE = frozenset(
    {"String", "Integer", "Long", "Short", "Boolean", "Double", "Float", "BigDecimal", "UUID", "Int",
     "Instant", "LocalDate", "LocalDateTime", "Date", "Byte", "BigInteger", "Locale", "URI", "URL"}
)  # fmt: skip


def table_named(reader: JvmReader, notes: dict[str, CallSite]) -> str:
    for annotation in ("Table", "TableName", "MappedEntity"):
        site = notes.get(annotation)
        if site is not None:
            found = text_of(reader, site, "name", "value")
            if found:
                return found.strip('`"[]')
    return ""


def class_indexes(reader: JvmReader, notes: dict[str, CallSite]) -> Iterator[IndexFact]:
    """Of `@Table(indexes = ..., uniqueConstraints = ...)`, and Micronaut's `@Index`."""
    for annotation in ("Table", "SecondaryTable"):
        site = notes.get(annotation)
        if site is None:
            continue
        for each in nested(reader, site.keywords.get("indexes")):
            columns = listed(text_of(reader, each, "columnList"))
            if columns:
                unique = true(reader, each, "unique")
                yield IndexFact(
                    columns, text_of(reader, each, "name"), unique, at=reader.span(each.node)
                )
        for each in nested(reader, site.keywords.get("uniqueConstraints")):
            given = each.keywords.get("columnNames") or each.argument(0)
            names = [text_at(reader, one) for one in reader.each(given)] if given else []
            if names and all(names):
                name = text_of(reader, each, "name")
                yield IndexFact(tuple(names), name, unique=True, at=reader.span(each.node))
    site = notes.get("Index")
    if site is not None:
        given = site.keywords.get("columns")
        names = [text_at(reader, one) for one in reader.each(given)] if given else []
        if names and all(names):
            unique = true(reader, site, "unique")
            yield IndexFact(tuple(names), unique=unique, at=reader.span(site.node))


def nested(reader: JvmReader, node: Node | None) -> list[CallSite]:
    """The annotations inside another one's member: one, or a list of them."""
    return [reader.site(each) for each in reader.each(node)] if node is not None else []


def listed(text: str) -> tuple[str, ...]:
    """`"name, created_at DESC"`."""
    names = [COLUMN_LIST.match(part.strip().strip('`"')) for part in text.split(",")]
    return tuple(match[0] for match in names if match is not None)
