"""Tables of Exposed: `object Orders : IntIdTable("orders") { val code = varchar("code", 20).index() }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.kotlin.exposed.chains import links_of
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

KEYS = {
    "IntIdTable": "INT", "LongIdTable": "BIGINT", "UIntIdTable": "INT", "ULongIdTable": "BIGINT",
    "UUIDTable": "UUID", "IdTable": "", "CompositeIdTable": "",
}  # fmt: skip
BASE = regex(r"Table$")
ENTITIES = regex(r"EntityClass$")
TYPES = {
    "varchar": "VARCHAR", "char": "CHAR", "text": "TEXT", "mediumText": "TEXT", "largeText": "TEXT", "integer": "INT",
    "short": "INT", "byte": "INT", "uinteger": "INT", "long": "BIGINT", "ulong": "BIGINT", "bool": "BOOLEAN",
    "uuid": "UUID", "date": "DATE", "datetime": "TIMESTAMP", "timestamp": "TIMESTAMP", "time": "TIME",
    "timestampWithTimeZone": "TIMESTAMP", "decimal": "DECIMAL", "double": "DOUBLE", "float": "FLOAT",
    "enumeration": "INT", "enumerationByName": "VARCHAR", "customEnumeration": "ENUM", "binary": "BYTEA",
    "blob": "BLOB", "json": "JSON", "jsonb": "JSONB", "array": "ARRAY",
}  # fmt: skip
REFERENCES = {"reference", "optReference"}
COLUMNS = REFERENCES | TYPES.keys()
FIRST_WORD = regex(r"[\w.]+")
MAX_TABLES = 300  # of one file


def tables(reader: JvmReader) -> Iterator[ModelDefined]:
    waiting = [reader.root]
    told = 0
    while waiting and told < MAX_TABLES:
        node = waiting.pop(0)
        for child in node.named_children:
            if child.type in ("object_declaration", "class_declaration", "companion_object"):
                found = declared(reader, child)
                if found is not None:
                    told += 1
                    yield found
                body = part(child, "class_body")
                if body is not None:
                    waiting.append(body)


def declared(reader: JvmReader, kind: Node) -> ModelDefined | None:
    """A table, a base of tables, or a class of rows, which lives in its table."""
    name = "" if kind.type == "companion_object" else reader.definition_name(kind)
    for base, args in bases(reader, kind):
        if BASE.search(base) and name:
            return table(reader, kind, name, base, args)
    body = part(kind, "class_body")
    for inner in body.named_children if body is not None and name else ():
        for base, args in bases(reader, inner) if inner.type == "companion_object" else ():
            if ENTITIES.search(base) and args and FIRST_WORD.fullmatch(reader.text(args[0])):
                of = reader.text(args[0]).rpartition(".")[2]
                return ModelDefined(
                    reader.span(kind), name, "exposed", bases=(of,), same_table=True
                )
    return None


def table(reader: JvmReader, kind: Node, name: str, base: str, args: list[Node]) -> ModelDefined:
    known = [value.text for arg in args if isinstance(value := reader.value(arg), Literal)]
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    indexes: list[IndexFact] = []
    if KEYS.get(base):
        column = known[1] if len(known) > 1 else "id"
        fields.append(
            FieldFact("id", column, KEYS[base], nullable=False, primary=True, at=reader.span(kind))
        )
    body = part(kind, "class_body")
    for member in body.named_children if body is not None else ():
        if member.type == "property_declaration":
            attribute(reader, member, fields, relations, indexes)
        elif member.type == "anonymous_initializer":
            indexes.extend(in_block(reader, member))
    return ModelDefined(
        reader.span(kind), name, "exposed",
        table=known[0] if known and kind.type == "object_declaration" else "",
        default_table=name.removesuffix("Table") or name,
        bases=() if base in KEYS or base == "Table" else (base,),
        abstract=kind.type == "class_declaration", fields=tuple(fields), relations=tuple(relations),
        indexes=tuple(indexes),
    )  # fmt: skip


def attribute(
    reader: JvmReader,
    member: Node,
    fields: list[FieldFact],
    relations: list[RelationFact],
    indexes: list[IndexFact],
) -> None:
    """One property: a column, a reference, or the key."""
    value = member.named_children[-1]
    if value.type != "call_expression":
        return
    name = reader.definition_name(member)
    first, links = links_of(reader, value)
    made = reader.text(first.named_children[0]) if first.type == "call_expression" else ""
    args = reader.arguments_of(first) if first.type == "call_expression" else []
    at = reader.span(member)
    if made == "PrimaryKey":
        columns = tuple(reader.text(a) for a in args if a.type == "identifier")
        if columns:
            indexes.append(IndexFact(columns, primary=True, unique=True, at=at))
        return
    text = reader.value(args[0]) if args else None
    if made not in COLUMNS or not isinstance(text, Literal):
        return
    called = {link.name: link for link in links}
    indexed = "index" in called and not _is_true(reader, called["index"].args)
    unique = "uniqueIndex" in called or ("index" in called and not indexed)
    nullable = "nullable" in called or made == "optReference"
    of = reader.text(args[1]) if made in REFERENCES and len(args) > 1 else ""
    if "references" in called and called["references"].args:
        of = reader.text(called["references"].args[0])
    if of:
        target = of.rpartition(".")[0] if of.rpartition(".")[2][:1].islower() else of
        relations.append(
            RelationFact(
                name,
                target.rpartition(".")[2],
                "belongs-to",
                text.text,
                nullable=nullable,
                indexed=indexed,
                unique=unique,
                primary="primaryKey" in called,
                at=at,
            )
        )
        return
    fields.append(
        FieldFact(
            name,
            text.text,
            TYPES[made],
            nullable=nullable,
            indexed=indexed,
            unique=unique,
            primary="primaryKey" in called or name == "id",
            auto_increment="autoIncrement" in called,
            at=at,
        )
    )


def in_block(reader: JvmReader, block: Node) -> Iterator[IndexFact]:
    """`init { index(false, org, email); uniqueIndex("by_code", code) }`."""
    waiting = list(block.named_children)
    while waiting:
        node = waiting.pop(0)
        if node.type == "block":
            waiting.extend(node.named_children)
            continue
        if node.type != "call_expression":
            continue
        name, args = reader.callee(node), reader.arguments_of(node)
        columns = tuple(reader.text(a).rpartition(".")[2] for a in args if _is_column(reader, a))
        if name in ("index", "uniqueIndex") and columns:
            yield IndexFact(
                columns,
                unique=name == "uniqueIndex" or _is_true(reader, args),
                at=reader.span(node),
            )


def _is_column(reader: JvmReader, node: Node) -> bool:
    return node.type in ("identifier", "navigation_expression") and reader.text(node) not in (
        "true",
        "false",
    )


def _is_true(reader: JvmReader, args: list[Node]) -> bool:
    return any(reader.text(arg) == "true" for arg in args)


def bases(reader: JvmReader, kind: Node) -> Iterator[tuple[str, list[Node]]]:
    """The classes that a declaration is built on, with what it hands to each."""
    holder = part(kind, "delegation_specifiers")
    for each in holder.named_children if holder is not None else ():
        made = each.named_children[0] if each.named_children else None
        if made is None or made.type != "constructor_invocation":
            continue
        written = FIRST_WORD.match(reader.text(made))
        given = part(made, "value_arguments")
        args = [
            a.named_children[-1]
            for a in (given.named_children if given is not None else ())
            if a.type == "value_argument" and a.named_children
        ]
        yield (written[0].rpartition(".")[2] if written is not None else ""), args


def part(node: Node, kind: str) -> Node | None:
    return next((child for child in node.named_children if child.type == kind), None)
