"""Doctrine's mapping files: entities in XML (`*.orm.xml`, `*.dcm.xml`) and YAML (`*.orm.yml`).

Both say the same with the same words, `target-entity` in one and `targetEntity` in the other. YAML
is turned into the elements of XML first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import lines_in
from scaleaudit.config_files.xml_elements import Element, parse_xml
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import Text, YamlList, YamlMap
from scaleaudit.facts import (
    Clause,
    Condition,
    FieldFact,
    FileFacts,
    IndexFact,
    ModelDefined,
    OrmQuery,
    RelationFact,
)
from scaleaudit.inflection import underscored
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql.doctrine_types import DOCTRINE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue

CLASSES = frozenset({"entity", "mapped-superclass", "embeddable"})
TO_ONE = frozenset({"many-to-one", "one-to-one"})
TO_MANY = frozenset({"one-to-many", "many-to-many"})
NUMBERS = frozenset({"INT", "BIGINT", "SMALLINT"})
INNER_CAPITAL = regex(r"(?<=[a-z0-9])([A-Z])")
# Groups of YAML, by the element of XML that each of their members is.
GROUPS = {
    "fields": "field", "id": "id", "embedded": "embedded", "one-to-one": "one-to-one",
    "many-to-one": "many-to-one", "one-to-many": "one-to-many", "many-to-many": "many-to-many",
    "indexes": "index", "unique-constraints": "unique-constraint", "join-columns": "join-column",
    "inverse-join-columns": "join-column", "order-by": "order-by-field",
}  # fmt: skip
FLAT = frozenset({"fields", "id", "embedded", *TO_ONE, *TO_MANY})
MAX_DEPTH = 8
MAX_CHARACTERS = 30  # the longest name of a type


def extract(content: bytes) -> FileFacts:
    """The namespace is that of the first class."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        root, problem = parse_xml(content)
        mapped = root is not None and root.tag == "doctrine-mapping"
        classes = root.children if root is not None and mapped else []
    else:
        file = read_yaml(content)
        problem = file.problem
        classes = [
            of_yaml(str(name), said)
            for document in file.documents
            if isinstance(document, YamlMap)
            for name, said in document.items()
            if isinstance(said, YamlMap)
        ]
    classes = [each for each in classes if each.tag in CLASSES and each.attributes.get("name")]
    first = dotted(classes[0].attributes["name"]) if classes else ""
    facts = [fact for each in classes for fact in mapped_class(each)]
    return FileFacts(tuple(facts), first.rpartition(".")[0], problem, lines_in(content))


def mapped_class(element: Element) -> Iterator[ModelDefined | OrmQuery]:
    """A class; one that others are built on is a table itself where the file names one for it."""
    said = element.attributes
    name = simple(said["name"])
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    sorts: list[tuple[str, list[str], Span]] = []
    keys = {
        each.attributes.get("name", "")
        for each in element.all("id")
        if each.attributes.get("association-key") == "true"
    }
    for each in element.children:
        named = each.attributes.get("field") or each.attributes.get("name", "")
        if not named:
            continue
        if each.tag in ("field", "id"):
            if named not in keys:
                fields.append(field(each, named))
        elif each.tag in TO_ONE or each.tag in TO_MANY:
            relation = related(each, named, name, primary=named in keys)
            relations += [relation] if relation is not None else []
            order = [o.attributes.get("name", "") for o in each.all("order-by", "order-by-field")]
            if any(order):
                sorts.append((named, [o for o in order if o], Span(each.line)))
        elif each.tag == "embedded" and each.attributes.get("class"):
            relations.append(held(each, named))
    repository = said.get("repository-class", "")
    table = plain(said.get("table", ""))
    yield ModelDefined(
        Span(element.line),
        name,
        "doctrine",
        table,
        abstract=element.tag == "embeddable" or (element.tag != "entity" and not table),
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes(element)),
        managers=(simple(repository),) if repository else (),
    )
    for relation_name, columns, at in sorts:
        yield OrmQuery(
            at,
            "doctrine",
            name,
            f"{name}.{relation_name} by {', '.join(columns)}",
            via=(relation_name,),
            conditions=tuple(Condition(each, "sort", Clause.SORT) for each in columns),
        )


def field(element: Element, name: str) -> FieldFact:
    said = element.attributes
    written = said.get("type", "string")
    kind = DOCTRINE_TYPES.get(written.lower(), written.upper()[:MAX_CHARACTERS])
    primary = element.tag == "id"
    return FieldFact(
        name,
        plain(said.get("column", "")),
        kind,
        nullable=said.get("nullable") == "true",
        unique=said.get("unique") == "true",
        primary=primary,
        auto_increment=primary and kind in NUMBERS and element.first("generator") is not None,
        at=Span(element.line),
    )


def related(element: Element, name: str, owner: str, *, primary: bool) -> RelationFact | None:
    said = element.attributes
    target = simple(said.get("target-entity", "")).removesuffix("Interface")
    mapped_by, inverse = said.get("mapped-by", ""), said.get("inversed-by", "")
    at = Span(element.line)
    if not target:
        return None
    if element.tag == "one-to-many":
        return RelationFact(name, target, "has-many", inverse=mapped_by, at=at)
    if element.tag == "one-to-one" and mapped_by:
        return RelationFact(name, target, "has-one", inverse=mapped_by, at=at)
    if element.tag in TO_ONE:
        join = element.first("join-column") or element.first("join-columns", "join-column")
        column = join.attributes if join is not None else {}
        return RelationFact(
            name,
            target,
            "belongs-to",
            plain(column.get("name", "")),
            inverse=inverse,
            nullable=column.get("nullable") != "false",
            indexed=True,
            unique=element.tag == "one-to-one" or column.get("unique") == "true",
            primary=primary,
            at=at,
        )
    if mapped_by:
        return None  # its owner tells of both sides
    table = element.first("join-table")
    here, there = underscored(owner), underscored(target)
    return RelationFact(
        name,
        target,
        "many-to-many",
        joined(table, "join-columns") or f"{here}_id",
        inverse=inverse,
        through=(plain(table.attributes.get("name", "")) if table else "") or f"{here}_{there}",
        at=at,
        other_column=joined(table, "inverse-join-columns") or f"{there}_id",
    )


def held(element: Element, name: str) -> RelationFact:
    """A value in columns of the row itself; the column told is what their names begin with."""
    prefix = element.attributes.get("column-prefix", f"{underscored(name)}_")
    return RelationFact(
        name,
        simple(element.attributes["class"]),
        "embedded",
        "" if prefix == "false" else prefix,
        at=Span(element.line),
    )


def joined(table: Element | None, tag: str) -> str:
    column = table.first(tag, "join-column") if table is not None else None
    return plain(column.attributes.get("name", "")) if column is not None else ""


def indexes(element: Element) -> Iterator[IndexFact]:
    for path, unique in (
        (("indexes", "index"), False),
        (("unique-constraints", "unique-constraint"), True),
    ):
        for each in element.all(*path):
            written = each.attributes.get("columns") or each.attributes.get("fields", "")
            columns = tuple(plain(column) for column in written.split(",") if column.strip())
            where = next(
                (
                    option.text
                    for option in each.all("options", "option")
                    if option.attributes.get("name") == "where"
                ),
                "",
            )
            method = "fulltext" if "fulltext" in each.attributes.get("flags", "") else ""
            if columns:
                yield IndexFact(
                    columns,
                    each.attributes.get("name", ""),
                    unique,
                    where=where,
                    method=method,
                    at=Span(each.line),
                )


def dotted(name: str) -> str:
    return name.strip("\\").replace("\\", ".").replace(":", ".")


def simple(name: str) -> str:
    return dotted(name).rpartition(".")[2]


def plain(name: str) -> str:
    return name.strip('`"[] ')


def of_yaml(name: str, said: YamlMap) -> Element:
    """One class of a YAML file: `type: entity` is the tag, groups hold one element a key."""
    kind = INNER_CAPITAL.sub(r"-\1", str(said.get("type"))).lower()
    return element_of(kind, name, said, 0)


def element_of(tag: str, name: str, said: YamlValue, depth: int) -> Element:
    own = said if isinstance(said, YamlMap) else YamlMap()
    line = said.line if isinstance(said, (Text, YamlMap, YamlList)) else 1
    element = Element(tag, line, {"name": name})
    if isinstance(said, Text):
        element.text = str(said)
    for key, value in own.items() if depth < MAX_DEPTH else ():
        kebab = INNER_CAPITAL.sub(r"-\1", str(key)).lower()
        if kebab in GROUPS and isinstance(value, YamlMap):
            inner = [element_of(GROUPS[kebab], str(k), v, depth + 1) for k, v in value.items()]
            if kebab in FLAT:
                element.children += inner
            else:
                element.children.append(Element(kebab, value.line, {}, inner))
        elif isinstance(value, YamlMap):
            element.children.append(
                element_of(kebab, str(value.get("name") or ""), value, depth + 1)
            )
        elif isinstance(value, YamlList):
            element.attributes[kebab] = ",".join(str(v) for v in value if isinstance(v, Text))
        elif isinstance(value, Text):
            element.attributes[kebab] = str(value)
    return element
