"""What the annotations of an attribute say of its column, or of the class it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import FieldFact, RelationFact
from scaleaudit.languages.java.jpa.type_texts import arguments_of_type, element_type, last_name
from scaleaudit.values import Join, Literal, Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.java.jpa.members import Attribute
    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.values import Value

MAX_DEPTH = 8  # of sums of texts

TYPES = {
    "String": "VARCHAR", "CharSequence": "VARCHAR", "char": "CHAR", "Character": "CHAR",
    "long": "BIGINT", "Long": "BIGINT", "BigInteger": "BIGINT",
    "int": "INTEGER", "Integer": "INTEGER", "Int": "INTEGER", "AtomicInteger": "INTEGER",
    "short": "SMALLINT", "Short": "SMALLINT", "byte": "SMALLINT", "Byte": "SMALLINT",
    "boolean": "BOOLEAN", "Boolean": "BOOLEAN", "AtomicBoolean": "BOOLEAN",
    "double": "DOUBLE", "Double": "DOUBLE", "float": "FLOAT", "Float": "FLOAT", "BigDecimal": "DECIMAL",
    "UUID": "UUID", "LocalDate": "DATE", "LocalTime": "TIME",
    "Date": "TIMESTAMP", "Timestamp": "TIMESTAMP", "Instant": "TIMESTAMP", "LocalDateTime": "TIMESTAMP",
    "ZonedDateTime": "TIMESTAMP", "OffsetDateTime": "TIMESTAMP", "Calendar": "TIMESTAMP",
    "DateTime": "TIMESTAMP", "byte[]": "BLOB", "Byte[]": "BLOB", "ByteArray": "BLOB", "Blob": "BLOB",
    "Clob": "TEXT",
}  # fmt: skip

# Whose annotations of the same names are of stores without tables, beside which a class is an entity, too.
ELSEWHERE = (
    "com.googlecode.objectify.", "dev.morphia.", "io.realm.", "org.hibernate.search.", "org.springframework.data.",
)  # fmt: skip


def field_of(reader: JvmReader, attribute: Attribute) -> FieldFact:
    notes = attribute.annotations
    column = notes.get("Column")
    named = column or notes.get("TableField") or notes.get("TableId") or notes.get("MappedProperty")
    kind = "" if "<" in attribute.type else TYPES.get(last_or_array(attribute.type), "")
    if "Enumerated" in notes:
        kind = "ENUM"
    elif "Lob" in notes:
        kind = "TEXT" if kind == "VARCHAR" else "BLOB"
    primary = "Id" in notes or "TableId" in notes
    required = bool({"NotNull", "NonNull", "NotBlank"} & set(notes)) or not attribute.optional
    return FieldFact(
        attribute.name,
        text_of(reader, named, "name", "value").strip('`"[]') if named is not None else "",
        kind,
        nullable=not primary and not required and not false(reader, column, "nullable"),
        indexed=is_indexed(reader, notes, "Index", "Indexed"),
        unique=column is not None and true(reader, column, "unique"),
        primary=primary,
        auto_increment="GeneratedValue" in notes or (primary and "TableId" in notes),
        at=reader.span(attribute.node),
    )


def is_indexed(reader: JvmReader, notes: Mapping[str, CallSite], *names: str) -> bool:
    """Whether an annotation of these names is one that makes an index in a database of tables."""
    return any(
        name in notes and not reader.imports.get(name, "").startswith(ELSEWHERE) for name in names
    )


def last_or_array(written: str) -> str:
    return written if written.endswith("[]") else last_name(written)


FORMULAS = {"JoinColumnsOrFormulas", "JoinColumnOrFormula", "JoinFormula"}  # of Hibernate
RELATIONS = ("ManyToOne", "OneToOne", "OneToMany", "ManyToMany")
BATCHES = {"BatchSize", "Fetch"}  # of Hibernate: for many rows at once, or by a join


def relation_of(reader: JvmReader, attribute: Attribute) -> RelationFact | None:
    """The relation, with whether it is loaded without being read: JPA loads single objects so."""
    found = annotated_relation(reader, attribute)
    notes = attribute.annotations
    for name in RELATIONS if found is not None else ():
        if found is not None and name in notes:
            fetch = notes[name].keywords.get("fetch")
            given = reader.text(fetch) if fetch is not None else ""
            eager = "EAGER" in given or (not given and name.endswith("ToOne"))
            return replace(found, eager=eager or bool(BATCHES & set(notes)))
    return found


def annotated_relation(reader: JvmReader, attribute: Attribute) -> RelationFact | None:
    notes, at = attribute.annotations, reader.span(attribute.node)
    name = attribute.name
    if "Embedded" in notes or "EmbeddedId" in notes:
        return RelationFact(
            name, last_name(attribute.type), "embedded", primary="EmbeddedId" in notes, at=at
        )
    if "ManyToOne" in notes:
        return owning(reader, attribute, notes["ManyToOne"])
    if "OneToOne" in notes:
        site = notes["OneToOne"]
        inverse = text_of(reader, site, "mappedBy")
        if inverse:
            return RelationFact(
                name, target(reader, attribute, site), "has-one", inverse=inverse, at=at
            )
        return owning(reader, attribute, site, unique=True)
    if "OneToMany" in notes:
        return many(reader, attribute, notes["OneToMany"])
    if "ManyToMany" in notes:
        return between(reader, attribute, notes["ManyToMany"])
    if "MappedCollection" in notes:
        column = text_of(reader, notes["MappedCollection"], "idColumn")
        return RelationFact(name, element_type(attribute.type), "has-many", column, at=at)
    if "Relation" in notes:
        return micronaut(reader, attribute, notes["Relation"])
    if "Any" in notes:
        return None
    return None


def column_beside_formulas(reader: JvmReader, attribute: Attribute) -> CallSite | None:
    """The one column of a key whose other parts are computed; None where there is none, or several."""
    notes = attribute.annotations
    several = notes.get("JoinColumnsOrFormulas")
    given = several.argument(0, "value") if several is not None else None
    each = [reader.site(node) for node in (reader.each(given) if given is not None else [])]
    single = notes.get("JoinColumnOrFormula")
    parts = [*each, single] if single is not None else each
    columns = [part.keywords["column"] for part in parts if "column" in part.keywords]
    return reader.site(columns[0]) if len(columns) == 1 else None


def owning(
    reader: JvmReader, attribute: Attribute, site: CallSite, *, unique: bool = False
) -> RelationFact | None:
    """`@ManyToOne`, `@OneToOne`: this table holds the column."""
    notes = attribute.annotations
    joined = notes.get("JoinColumn")
    several = None
    if joined is None and "JoinColumns" in notes:
        several = notes["JoinColumns"].argument(0, "value")
        columns = reader.each(several) if several is not None else []
        joined = reader.site(columns[0]) if columns else None
    computed = not FORMULAS.isdisjoint(notes)
    if computed:
        joined = column_beside_formulas(reader, attribute)
        if joined is None or not text_of(reader, joined, "name"):
            return None  # a column that nobody told the name of
    required = false(reader, joined, "nullable") or false(reader, site, "optional")
    key = notes.get("ForeignKey")
    declared = joined is not None and true(reader, joined, "unique")
    return RelationFact(
        attribute.name,
        target(reader, attribute, site),
        "belongs-to",
        text_of(reader, joined, "name").strip('`"[]') if joined is not None else "",
        nullable=not required and (attribute.optional or "Id" not in notes),
        indexed=is_indexed(reader, notes, "Index"),
        unique=(unique and "MapsId" not in notes) or declared,
        primary="Id" in notes or "MapsId" in notes,
        at=reader.span(attribute.node),
        constrained=key is None and not computed,
        implied=unique and not declared,
        key=joined_key(reader, several),
    )


def many(reader: JvmReader, attribute: Attribute, site: CallSite) -> RelationFact:
    """`@OneToMany`: the other table holds the column, or a table between both."""
    inverse = text_of(reader, site, "mappedBy")
    joined = attribute.annotations.get("JoinColumn")
    if inverse or joined is not None:
        column = text_of(reader, joined, "name") if joined is not None else ""
        return RelationFact(
            attribute.name,
            target(reader, attribute, site),
            "has-many",
            column,
            inverse,
            at=reader.span(attribute.node),
        )
    return between(reader, attribute, site)


def between(reader: JvmReader, attribute: Attribute, site: CallSite) -> RelationFact:
    """`@ManyToMany`, and `@OneToMany` without a column: a table between holds both."""
    table = attribute.annotations.get("JoinTable")
    through = text_of(reader, table, "name") if table is not None else ""
    column, other = "", ""
    if table is not None:
        column = joined_column(reader, table.keywords.get("joinColumns"))
        other = joined_column(reader, table.keywords.get("inverseJoinColumns"))
    inverse = text_of(reader, site, "mappedBy")
    return RelationFact(
        attribute.name,
        target(reader, attribute, site),
        "many-to-many",
        column,
        inverse,
        through,
        at=reader.span(attribute.node),
        other_column=other,
    )


def micronaut(reader: JvmReader, attribute: Attribute, site: CallSite) -> RelationFact | None:
    """`@Relation(value = Relation.Kind.MANY_TO_ONE, mappedBy = "x")`."""
    given = site.argument(0, "value")
    kind = reader.text(given).rpartition(".")[2] if given is not None else ""
    name, at = attribute.name, reader.span(attribute.node)
    inverse = text_of(reader, site, "mappedBy")
    if kind == "EMBEDDED":
        return RelationFact(name, last_name(attribute.type), "embedded", at=at)
    if kind in ("MANY_TO_ONE", "ONE_TO_ONE") and not inverse:
        return owning(reader, attribute, site)
    if kind == "ONE_TO_ONE":
        return RelationFact(name, last_name(attribute.type), "has-one", inverse=inverse, at=at)
    if kind == "ONE_TO_MANY":
        return RelationFact(name, element_type(attribute.type), "has-many", "", inverse, at=at)
    return between(reader, attribute, site) if kind == "MANY_TO_MANY" else None


def target(reader: JvmReader, attribute: Attribute, site: CallSite) -> str:
    given = site.keywords.get("targetEntity")
    if given is not None:
        return last_name(reader.text(given).removesuffix(".class").removesuffix("::class"))
    written = attribute.type
    return element_type(written) if arguments_of_type(written) else last_name(written)


def joined_column(reader: JvmReader, node: Node | None) -> str:
    for each in reader.each(node) if node is not None else []:
        found = text_of(reader, reader.site(each), "name")
        if found:
            return found.strip('`"[]')
    return ""


def joined_key(reader: JvmReader, node: Node | None) -> tuple[tuple[str, str], ...]:
    """The columns of a key of several, each with what it refers to; none where one is not told."""
    sites = [reader.site(each) for each in (reader.each(node) if node is not None else [])]
    found = [
        (
            text_of(reader, site, "name").strip('`"[]'),
            text_of(reader, site, "referencedColumnName").strip('`"[]'),
        )
        for site in sites
    ]
    told = all(name and "${" not in name + to for name, to in found)
    return tuple(found) if told and len(found) > 1 else ()


def text_of(reader: JvmReader, site: CallSite | None, *members: str) -> str:
    """A member of an annotation as text; the first argument where `value` is asked for."""
    if site is None:
        return ""
    position = 0 if "value" in members else -1
    node = site.argument(position, *members)
    return text_at(reader, node) if node is not None else ""


def text_at(reader: JvmReader, node: Node) -> str:
    """A text; constants of the file or of others stay as `${Names.OF_THEM}`, which the linker reads."""
    return written(reader.value(node))


def written(value: Value, depth: int = 0) -> str:
    match value:
        case Literal(text=text):
            return text
        case Name(name=name):
            return "${" + name + "}"
        case Join(parts=parts) if depth < MAX_DEPTH:
            inner = [written(part, depth + 1) for part in parts]
            return "".join(inner) if all(inner) else ""
    return ""


def true(reader: JvmReader, site: CallSite, member: str) -> bool:
    node = site.keywords.get(member)
    return node is not None and reader.text(node) == "true"


def false(reader: JvmReader, site: CallSite | None, member: str) -> bool:
    node = site.keywords.get(member) if site is not None else None
    return node is not None and reader.text(node) == "false"
