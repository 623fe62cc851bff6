"""Doctrine's entities that map themselves: `loadMetadata` with a `ClassMetadataBuilder`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.inflection import underscored
from scaleaudit.languages.php.doctrine.expressions import plain
from scaleaudit.languages.php.eloquent.models import base_of
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.names import chain
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql.doctrine_types import DOCTRINE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.source import Span

MARKS = (b"ClassMetadataBuilder", b"loadMetadata")
METHOD = regex(rb"\bfunction\s+(loadMetadata)\s*\(")
# What a call makes: the kind of relation, and whether it goes on until `build()`.
RELATIONS = {
    "ManyToOne": "belongs-to", "OneToOne": "belongs-to", "OwningOneToOne": "belongs-to",
    "InverseOneToOne": "has-one", "OneToMany": "has-many", "ManyToMany": "many-to-many",
    "OwningManyToMany": "many-to-many", "InverseManyToMany": "",
}  # fmt: skip
MAX_CLASSES = 20  # of one file
MAX_STATEMENTS = 400
MAX_CHARACTERS = 30  # the longest name of a type


class Said(Gathering):
    """What the statements of one class add up to."""

    name: str
    table: str = ""
    abstract: bool = False
    repository: str = ""


def self_mapped(reader: PhpReader) -> Iterator[ModelDefined]:
    content = reader.content
    if not all(mark in content for mark in MARKS):
        return
    for _, match in zip(range(MAX_CLASSES), METHOD.finditer(content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        method = leaf.parent if leaf is not None else None
        body = method.child_by_field_name("body") if method is not None else None
        own = reader.class_around(method) if method is not None else None
        if body is not None and own is not None and b"ClassMetadataBuilder" in text_of(body):
            yield mapped(reader, own, body)


def text_of(node: Node) -> bytes:
    return node.text or b""


def mapped(reader: PhpReader, own: Node, body: Node) -> ModelDefined:
    said = Said(reader.definition_name(own))
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    indexes: list[IndexFact] = []
    for statement in body.named_children[:MAX_STATEMENTS]:
        if statement.type != "expression_statement" or not statement.named_children:
            continue
        links = [link for link in chain(reader, statement.named_children[0])[1] if link.call]
        for at, link in enumerate(links):
            args = reader.arguments(link.call)[0] if link.call is not None else []
            texts = [plain(reader, each) for each in args]
            rest = links[at + 1 :]
            span = reader.span(link.call or statement)
            if link.name in ("addIndex", "addUniqueConstraint") and args:
                columns = tuple(each for each in listed(reader, args[0]) if each)
                name = texts[1] if len(texts) > 1 else ""
                unique = link.name == "addUniqueConstraint"
                indexes += [IndexFact(columns, name, unique, at=span)] if columns else []
            elif link.name in ("createField", "addField") and texts and texts[0]:
                fields.append(field(reader, texts, rest, link.name == "createField", span))
            elif link.name.startswith(("create", "add")) and len(args) > 1 and texts[0]:
                found = related(reader, said.name, link.name, args, texts, rest, span)
                relations += [found] if found is not None else []
            else:
                take(said, link.name, texts)
    base = base_of(reader, own)
    return ModelDefined(
        at=reader.span(own),
        name=said.name,
        framework="doctrine",
        table=said.table,
        bases=(base.lstrip("\\").replace("\\", "."),) if base else (),
        abstract=said.abstract,
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes),
        managers=(said.repository,) if said.repository else (),
    )


def take(said: Said, name: str, texts: list[str]) -> None:
    """What a call says of the class itself."""
    if name == "setTable" and texts:
        said.table = texts[0].strip('`"')
    elif name in ("setMappedSuperClass", "setEmbeddable"):
        said.abstract = True
    elif name == "setCustomRepositoryClass" and texts:
        said.repository = last(texts[0].removesuffix("::class"))


def field(
    reader: PhpReader, texts: list[str], rest: list[Link], goes_on: bool, at: Span
) -> FieldFact:
    written = texts[1] if len(texts) > 1 else ""
    kind = DOCTRINE_TYPES.get(written.lower(), written.upper()[:MAX_CHARACTERS])
    calls = until_built(rest) if goes_on else []
    names = {link.name for link in calls}
    return FieldFact(
        texts[0],
        given(reader, calls, "columnName").strip('`"'),
        kind,
        nullable="nullable" in names,
        unique="unique" in names,
        primary="makePrimaryKey" in names,
        auto_increment="generatedValue" in names and kind in ("INT", "BIGINT", "SMALLINT"),
        at=at,
    )


def related(
    reader: PhpReader,
    owner: str,
    name: str,
    args: list[Node],
    texts: list[str],
    rest: list[Link],
    at: Span,
) -> RelationFact | None:
    """`createManyToOne("owner", User::class)->addJoinColumn("owner_id", "id")->build()`."""
    goes_on = name.startswith("create")
    shape = name.removeprefix("create" if goes_on else "add")
    kind = RELATIONS.get(shape, "")
    target = last(class_of(reader, args[1], "") or texts[1])
    if not kind or not target:
        return None
    calls = until_built(rest) if goes_on else []
    mapped_by = given(reader, calls, "mappedBy")
    inverse = given(reader, calls, "inversedBy")
    third = texts[2] if len(texts) > 2 else ""
    if shape in ("OneToMany", "InverseOneToOne"):
        mapped_by = mapped_by or third
    else:
        inverse = inverse or third
    if kind == "many-to-many":
        if mapped_by:
            return None  # its owner tells of both sides
        here, there = underscored(owner), underscored(target)
        return RelationFact(
            texts[0], target, kind,
            given(reader, calls, "addJoinColumn") or f"{here}_id",
            inverse=inverse,
            through=given(reader, calls, "setJoinTable") or f"{here}_{there}",
            at=at,
            other_column=given(reader, calls, "addInverseJoinColumn") or f"{there}_id",
        )  # fmt: skip
    if kind == "has-many" or mapped_by:
        kind = "has-many" if kind == "has-many" else "has-one"
        return RelationFact(texts[0], target, kind, inverse=mapped_by, at=at)
    return RelationFact(
        texts[0], target, kind,
        given(reader, calls, "addJoinColumn").strip('`"'),
        inverse=inverse,
        indexed=True,
        unique="OneToOne" in shape,
        primary=any(link.name == "makePrimaryKey" for link in calls),
        at=at,
    )  # fmt: skip


def until_built(links: list[Link]) -> list[Link]:
    ends = next((at for at, link in enumerate(links) if link.name == "build"), len(links))
    return links[:ends]


def given(reader: PhpReader, calls: list[Link], name: str) -> str:
    """The first argument of the first call of the name."""
    for link in calls:
        if link.name == name and link.call is not None:
            args = reader.arguments(link.call)[0]
            return plain(reader, args[0]) if args else ""
    return ""


def listed(reader: PhpReader, node: Node) -> Iterator[str]:
    for element in node.named_children if node.type == "array_creation_expression" else ():
        if element.named_children:
            yield plain(reader, element.named_children[-1])


def last(name: str) -> str:
    return name.strip("\\").replace("\\", ".").replace(":", ".").rpartition(".")[2]
