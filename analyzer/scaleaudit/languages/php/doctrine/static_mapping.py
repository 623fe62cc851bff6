"""Doctrine's entities that a `ClassMetadataBuilder` maps: in their own `loadMetadata`, or in a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.inflection import underscored
from scaleaudit.languages.php.doctrine.expressions import plain
from scaleaudit.languages.php.eloquent.models import base_of
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.table_names import table_text
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.sql.doctrine_types import DOCTRINE_TYPES
from scaleaudit.values import Literal, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.source import Span

MARK = b"ClassMetadataBuilder"
MADE = regex(rb"\bnew\s+\\?(?:\w+\\)*(ClassMetadataBuilder)\s*\(")
# What a call makes: the kind of relation, and whether it goes on until `build()`.
RELATIONS = {
    "ManyToOne": "belongs-to", "OneToOne": "belongs-to", "OwningOneToOne": "belongs-to",
    "InverseOneToOne": "has-one", "OneToMany": "has-many", "ManyToMany": "many-to-many",
    "OwningManyToMany": "many-to-many", "InverseManyToMany": "",
}  # fmt: skip
MAX_CLASSES = 20  # of one file
MAX_STATEMENTS = 400
MAX_HELPERS = 4  # functions around one field
MAX_CHARACTERS = 30  # the longest name of a type


class Said(Gathering):
    """What the statements of one class add up to."""

    name: str
    table: str = ""
    abstract: bool = False
    repository: str = ""


def mapped_by_builders(reader: PhpReader) -> Iterator[ModelDefined]:
    """The classes mapped here; one that its file is named after has no name yet."""
    content = reader.content
    if MARK not in content:
        return
    for _, match in zip(range(MAX_CLASSES), MADE.finditer(content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if leaf is None:
            continue
        around, own = reader.function_around(leaf), reader.class_around(leaf)
        body = around.child_by_field_name("body") if around is not None else reader.root
        itself = around is not None and reader.definition_name(around) == "loadMetadata"
        if body is not None and (own is None or itself):
            yield mapped(reader, own, body)


def mapped(reader: PhpReader, own: Node | None, body: Node) -> ModelDefined:
    said = Said(reader.definition_name(own) if own is not None else "")
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    indexes: list[IndexFact] = []
    for statement in body.named_children[:MAX_STATEMENTS]:
        if statement.type != "expression_statement" or not statement.named_children:
            continue
        links = said_of(reader, statement.named_children[0])
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
                kind = type_of(reader, args[1]) if len(args) > 1 else ""
                goes_on = link.name == "createField"
                fields.append(field(reader, texts[0], kind, rest, goes_on, span))
            elif link.name.startswith(("create", "add")) and len(args) > 1 and texts[0]:
                found = related(reader, said.name, link.name, args, texts, rest, span)
                relations += [found] if found is not None else []
            else:
                take(reader, said, link.name, args)
    base = base_of(reader, own) if own is not None else ""
    return ModelDefined(
        at=reader.span(own if own is not None else body),
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


def said_of(reader: PhpReader, node: Node, depth: int = 0) -> list[Link]:
    """The calls of a statement: `utf8($builder->createField("name", "string"))->nullable()` too."""
    start, links = chain(reader, node)
    calls = [link for link in links if link.call is not None]
    if start.type == "function_call_expression" and depth < MAX_HELPERS:
        given = reader.arguments(start)[0]
        return [*(said_of(reader, given[0], depth + 1) if given else ()), *calls]
    return calls


def take(reader: PhpReader, said: Said, name: str, args: list[Node]) -> None:
    """What a call says of the class itself."""
    texts = [plain(reader, each) for each in args]
    if name == "setTable" and args:
        said.table = table_text(reader, args[0]).strip('`"')
    elif name in ("setMappedSuperClass", "setEmbeddable"):
        said.abstract = True
    elif name == "setCustomRepositoryClass" and texts:
        said.repository = last(texts[0].removesuffix("::class"))


def field(
    reader: PhpReader, name: str, kind: str, rest: list[Link], goes_on: bool, at: Span
) -> FieldFact:
    calls = until_built(rest) if goes_on else []
    names = {link.name for link in calls}
    return FieldFact(
        name,
        given(reader, calls, "columnName").strip('`"'),
        kind,
        nullable="nullable" in names,
        unique="unique" in names,
        primary="makePrimaryKey" in names,
        auto_increment="generatedValue" in names and kind in ("INT", "BIGINT", "SMALLINT"),
        at=at,
    )


def type_of(reader: PhpReader, node: Node) -> str:
    """`"datetime"`, `Types::DATETIME_MUTABLE`."""
    value = reader.value(node)
    written = value.text if isinstance(value, Literal) else ""
    if isinstance(value, Name):
        written = value.name.rpartition(".")[2]
    return DOCTRINE_TYPES.get(written.lower(), written.upper()[:MAX_CHARACTERS])


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
