"""Hibernate's mapping files (`*.hbm.xml`): classes and their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import lines_in
from scaleaudit.config_files.xml_elements import parse_xml
from scaleaudit.facts import FieldFact, FileFacts, IndexFact, ModelDefined, OrmQuery, RelationFact
from scaleaudit.jpql import read_jpql
from scaleaudit.record import Gathering
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element

MAX_DEPTH = 12  # of subclasses and components
CLASSES = frozenset({"class", "subclass", "joined-subclass", "union-subclass"})
COLLECTIONS = frozenset({"set", "bag", "list", "map", "idbag", "array", "primitive-array"})
GROUPS = frozenset({"properties", "join", "natural-id"})
TYPES = {
    "string": "VARCHAR", "java.lang.string": "VARCHAR", "character": "CHAR", "text": "TEXT",
    "int": "INTEGER", "integer": "INTEGER", "java.lang.integer": "INTEGER",
    "long": "BIGINT", "java.lang.long": "BIGINT", "short": "SMALLINT",
    "boolean": "BOOLEAN", "java.lang.boolean": "BOOLEAN", "yes_no": "BOOLEAN", "true_false": "BOOLEAN",
    "double": "DOUBLE", "java.lang.double": "DOUBLE", "float": "FLOAT", "big_decimal": "DECIMAL",
    "date": "DATE", "time": "TIME", "timestamp": "TIMESTAMP", "java.util.date": "TIMESTAMP",
    "calendar": "TIMESTAMP", "java.sql.timestamp": "TIMESTAMP",
}  # fmt: skip


class Mapped(Gathering):
    """What the elements of one class add up to."""

    name: str
    fields: list[FieldFact]
    relations: list[RelationFact]
    natural: list[str]
    indexes: dict[str, list[str]]
    keys: dict[str, list[str]]
    more: list[ModelDefined]


def extract(content: bytes) -> FileFacts:
    """The namespace is the package that most classes of the file are of."""
    root, problem = parse_xml(content)
    if root is None or root.tag != "hibernate-mapping":
        return FileFacts(problem=problem, lines=lines_in(content))
    package = root.attributes.get("package", "")
    models: list[ModelDefined] = []
    queries: list[OrmQuery] = []
    for each in root.children:
        if each.tag in CLASSES:
            models.extend(mapped_class(each, each.attributes.get("extends", ""), 0))
            package = package or qualified(each).rpartition(".")[0]
        elif each.tag == "query" and each.text:
            query = read_jpql(each.text, Span(each.line), scope=each.attributes.get("name", ""))
            queries += [query] if query is not None else []
    return FileFacts((*models, *queries), package, problem, lines_in(content))


def qualified(element: Element) -> str:
    return element.attributes.get("name") or element.attributes.get("entity-name", "")


def simple(name: str) -> str:
    return name.replace("$", ".").rpartition(".")[2]


def mapped_class(element: Element, base: str, depth: int) -> Iterator[ModelDefined]:
    """A class with those that inherit from it."""
    name = simple(qualified(element))
    if not name or depth > MAX_DEPTH:
        return
    said = Mapped(name, [], [], [], {}, {}, [])
    take(element, said, "", 0)
    indexes = [IndexFact(tuple(columns), key) for key, columns in said.indexes.items()]
    indexes += [IndexFact(tuple(c), key, unique=True) for key, c in said.keys.items()]
    if said.natural:
        indexes.append(IndexFact(tuple(said.natural), unique=True))
    own_table = element.tag != "subclass"
    yield ModelDefined(
        Span(element.line),
        name,
        "jpa",
        plain(element.attributes.get("table", "")) if own_table else "",
        default_table=name if own_table else "",
        bases=(simple(base),) if base else (),
        abstract=False,
        same_table=not own_table,
        fields=tuple(said.fields),
        relations=tuple(said.relations),
        indexes=tuple(indexes),
    )
    yield from said.more
    for child in element.children:
        if child.tag in CLASSES:
            yield from mapped_class(child, name, depth + 1)


def take(element: Element, said: Mapped, prefix: str, depth: int) -> None:
    """The attributes of a class, or of a value inside it."""
    if depth > MAX_DEPTH:
        return
    for each in element.children:
        tag, name = each.tag, each.attributes.get("name", "")
        full = f"{prefix}{name}"
        if tag in ("id", "key-property", "property", "version", "timestamp"):
            if name and "formula" not in each.attributes:
                said.fields.append(field(each, full, said, primary=tag in ("id", "key-property")))
        elif tag in ("many-to-one", "one-to-one", "key-many-to-one"):
            said.relations.append(to_one(each, full, said))
        elif tag in COLLECTIONS:
            to_many(each, full, said)
        elif tag in ("component", "composite-id", "dynamic-component", "embedded"):
            take(each, said, f"{full}." if name else prefix, depth + 1)
        elif tag in GROUPS:
            before = len(said.fields), len(said.relations)
            take(each, said, prefix, depth + 1)
            if tag == "natural-id":
                said.natural += [f.name for f in said.fields[before[0] :]]
                said.natural += [r.name for r in said.relations[before[1] :]]


def column_named(element: Element) -> str:
    inner = element.first("column")
    named = element.attributes.get("column") or (
        inner.attributes.get("name", "") if inner is not None else ""
    )
    return plain(named)


def plain(name: str) -> str:
    return name.strip('`"[] ')


def said_of(element: Element, attribute: str) -> str:
    """An attribute of the property, or of the column inside it."""
    inner = element.first("column")
    held = inner.attributes.get(attribute, "") if inner is not None else ""
    return element.attributes.get(attribute) or held


def field(element: Element, name: str, said: Mapped, *, primary: bool) -> FieldFact:
    written = element.attributes.get("type", "").lower()
    enumerated = any(
        child.attributes.get("name", "").endswith("EnumType") for child in element.all("type")
    )
    column = column_named(element) or name.rpartition(".")[2]
    keyed(element, column, said)
    return FieldFact(
        name,
        column,
        "ENUM" if enumerated else TYPES.get(written, ""),
        nullable=not primary and said_of(element, "not-null") != "true",
        unique=said_of(element, "unique") == "true",
        primary=primary,
        auto_increment=any(
            each.attributes.get("class") != "assigned" for each in element.all("generator")
        ),
        at=Span(element.line),
    )


def keyed(element: Element, column: str, said: Mapped) -> None:
    """`index="a, b"` and `unique-key`: columns of one name make one index."""
    for attribute, found in (("index", said.indexes), ("unique-key", said.keys)):
        for name in said_of(element, attribute).split(","):
            if name.strip():
                found.setdefault(name.strip(), []).append(column)


def to_one(element: Element, name: str, said: Mapped) -> RelationFact:
    target = simple(element.attributes.get("class") or element.attributes.get("entity-name", ""))
    target = target or name[:1].upper() + name[1:]
    inverse = element.attributes.get("property-ref", "")
    if element.tag == "one-to-one":
        constrained = element.attributes.get("constrained") == "true"
        kind = "belongs-to" if constrained else "has-one"
        primary = constrained
    else:
        kind, primary = "belongs-to", element.tag == "key-many-to-one"
    column = column_named(element) or (name.rpartition(".")[2] if kind == "belongs-to" else "")
    if kind == "belongs-to":
        keyed(element, column, said)
    return RelationFact(
        name,
        target,
        kind,
        column if element.tag != "one-to-one" else "",
        inverse,
        nullable=said_of(element, "not-null") != "true",
        unique=said_of(element, "unique") == "true",
        primary=primary and element.tag != "one-to-one",
        at=Span(element.line),
    )


def to_many(element: Element, name: str, said: Mapped) -> None:
    """A collection of rows, of rows over a table between, or of values."""
    key = element.first("key")
    column = column_named(key) if key is not None else ""
    at = Span(element.line)
    one = element.first("one-to-many")
    many = element.first("many-to-many")
    if one is not None:
        target = simple(one.attributes.get("class") or one.attributes.get("entity-name", ""))
        said.relations.append(RelationFact(name, target, "has-many", column, at=at))
    elif many is not None:
        target = simple(many.attributes.get("class") or many.attributes.get("entity-name", ""))
        table = plain(element.attributes.get("table", "")) or f"{said.name}_{name}"
        other = column_named(many)
        said.relations.append(
            RelationFact(
                name, target, "many-to-many", column, through=table, other_column=other, at=at
            )
        )
    else:
        values(element, name, column, said)


def values(element: Element, name: str, column: str, said: Mapped) -> None:
    table = plain(element.attributes.get("table", "")) or f"{said.name}_{name}"
    at = Span(element.line)
    full = f"{said.name}.{name}"
    held = Mapped(full, [], [], [], {}, {}, [])
    value, inner = element.first("element"), element.first("composite-element")
    index = element.first("map-key") or element.first("index") or element.first("list-index")
    if index is not None and column_named(index):
        held.fields.append(FieldFact("key", column_named(index), at=Span(index.line)))
    if value is not None and column_named(value):
        held.fields.append(field(value, "value", held, primary=False))
    if inner is not None:
        take(inner, held, "", 1)
    owner = RelationFact("owner", said.name, "belongs-to", column, nullable=False, at=at)
    keys = (column, held.fields[0].column) if column and held.fields else ()
    mapped = element.tag in ("map", "set") and inner is None and bool(keys)
    said.more.append(
        ModelDefined(
            at,
            full,
            "jpa",
            table,
            fields=tuple(held.fields),
            relations=(owner, *held.relations),
            indexes=(IndexFact(keys, unique=True, primary=True),) if mapped else (),
        )
    )
    said.relations.append(RelationFact(name, full, "has-many", column, "owner", at=at))
