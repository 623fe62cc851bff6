"""Models of peewee and Tortoise: classes of fields with a class `Meta` inside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.facts.orm import OWN_NAME
from scaleaudit.inflection import underscored
from scaleaudit.languages.python.small_mappers.added_indexes import added
from scaleaudit.languages.python.small_mappers.table_functions import name_template
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    dotted,
    given,
    is_true,
    items,
    last_name,
    literal,
)
from scaleaudit.record import Gathering, Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.syntax import Given

MAX_MEMBERS = 500
MAX_DERIVED = 4  # classes of fields on the way to the mapper's own
PRIMARY = frozenset({"AutoField", "BigAutoField", "PrimaryKeyField", "IdentityField"})
# Both name them alike. Sources: the references of fields of both.
TYPES = {
    "AutoField": "INTEGER", "PrimaryKeyField": "INTEGER", "BigAutoField": "BIGINT",
    "IdentityField": "INTEGER", "IntegerField": "INTEGER", "IntField": "INTEGER",
    "BigIntegerField": "BIGINT", "BigIntField": "BIGINT", "SmallIntegerField": "SMALLINT",
    "SmallIntField": "SMALLINT", "FloatField": "FLOAT", "DoubleField": "DOUBLE",
    "DecimalField": "DECIMAL", "CharField": "VARCHAR", "FixedCharField": "CHAR",
    "TextField": "TEXT", "BlobField": "BLOB", "BinaryField": "BLOB", "BooleanField": "BOOLEAN",
    "DateField": "DATE", "TimeField": "TIME", "DateTimeField": "TIMESTAMP",
    "DatetimeField": "TIMESTAMP", "TimestampField": "BIGINT", "TimeDeltaField": "BIGINT",
    "UUIDField": "UUID", "BinaryUUIDField": "BLOB", "IPField": "BIGINT", "JSONField": "JSON",
    "BinaryJSONField": "JSONB", "TSVectorField": "TSVECTOR", "ArrayField": "ARRAY",
    "CharEnumField": "ENUM", "IntEnumField": "ENUM", "BitField": "INTEGER",
}  # fmt: skip
FOREIGN = frozenset({"ForeignKeyField", "DeferredForeignKey", "OneToOneField"})
MANY = frozenset({"ManyToManyField"})
TARGETS = ("model", "model_name", "rel_model", "to")  # of a reference


UNIQUE = regex(r"(?i)\s*(?:constraint\s+\S+\s+)?unique\s*\(([\w\s,\"`]+)\)\s*$")


class Dialect(Record, frozen=True):
    """What one of the mappers calls things, and does by itself."""

    framework: str
    signs: tuple[bytes, ...]
    column: tuple[str, ...]
    table: tuple[str, ...]
    inverse: tuple[str, ...]
    indexed: tuple[str, ...]
    indexes_references: bool


PEEWEE = Dialect(
    "peewee", (b"peewee", b"playhouse"), ("column_name", "db_column"), ("table_name", "db_table"),
    ("backref", "related_name"), ("index",), True,
)  # fmt: skip
TORTOISE = Dialect(
    "tortoise", (b"tortoise",), ("source_field",), ("table",), ("related_name",),
    ("index", "db_index"), False,
)  # fmt: skip


class Meta(Gathering):
    table: str = ""
    abstract: bool = False
    ordering: tuple[str, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    temporary: bool = False
    template: str = ""  # tables are called after it, `user_note` of `UserNote`, not `usernote`


def models(reader: PythonReader, classes: Sequence[Node]) -> Iterator[ModelDefined]:
    for dialect in (PEEWEE, TORTOISE):
        if reader.says(*dialect.signs):
            behind = added(reader) if dialect is PEEWEE else {}
            for node in classes:
                found = model(reader, node, dialect, behind)
                if found is not None:
                    yield found


def model(
    reader: PythonReader,
    node: Node,
    dialect: Dialect,
    behind: Mapping[str, tuple[IndexFact, ...]],
) -> ModelDefined | None:
    """`behind`: the indexes that classes are given behind them."""
    above = node.child_by_field_name("superclasses")
    bases = [dotted(reader, each) for each in above.named_children] if above is not None else []
    block = node.child_by_field_name("body")
    fields: list[FieldFact] = []
    relations: list[RelationFact] = []
    meta = Meta()
    for member in block.named_children[:MAX_MEMBERS] if block is not None else ():
        inner = member.named_children[0] if member.named_children else None
        if member.type == "class_definition" and reader.definition_name(member) == "Meta":
            meta = options(reader, member, dialect)
        elif member.type == "expression_statement" and inner is not None:
            left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            if inner.type == "assignment" and left is not None and right is not None:
                attribute(reader, dialect, dotted(reader, left), bare(right), fields, relations)
    is_model = any(base.rpartition(".")[2] == "Model" for base in bases)
    if not fields and not relations and not is_model:
        return None
    if meta.temporary or not any(base for base in bases):
        return None
    bases = [base for base in bases if base and base.rpartition(".")[2] != "Model"]
    name = reader.definition_name(node)
    abstract = meta.abstract or not (fields or relations)
    heirs_too = abstract or (bool(meta.template) and meta.template != "{snake}")
    default = meta.template.replace("{snake}", underscored(name)) or name.lower()
    return ModelDefined(
        at=reader.span(node),
        name=name,
        framework=dialect.framework,
        table=meta.table.lower(),
        default_table=(meta.template if heirs_too else "") or default,
        bases=tuple(bases),
        abstract=abstract,
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=(*meta.indexes, *behind.get(name, ())),
        ordering=meta.ordering,
    )


def attribute(
    reader: PythonReader,
    dialect: Dialect,
    name: str,
    call: Node,
    fields: list[FieldFact],
    relations: list[RelationFact],
) -> None:
    kind = last_name(reader, call)
    if "." in name or not name or not kind.endswith(("Field", "ForeignKey", "Relation")):
        return
    kind = field_class(reader, kind)
    found = given(call, reader)
    keywords = found.keywords
    column = option(reader, found, dialect.column)
    unique = is_true(reader, keywords.get("unique"))
    named = [keywords[key] for key in dialect.indexed if key in keywords]
    indexed = any(is_true(reader, each) for each in named)
    null = is_true(reader, keywords.get("null"))
    primary = any(is_true(reader, keywords.get(key)) for key in ("primary_key", "pk"))
    if kind in FOREIGN or kind in MANY:
        if dialect is PEEWEE and kind in FOREIGN and name.endswith("_id"):
            column = column or name
        target = (
            found.args[0]
            if found.args
            else next((keywords[key] for key in TARGETS if key in keywords), None)
        )
        written = dotted(reader, target) or literal(reader, target)
        written = written.rpartition(".")[2] if dialect is TORTOISE else written
        if written.lower() == "self":
            around = reader.class_around(call)
            written = reader.definition_name(around) if around is not None else ""
        if not written:
            if dialect is PEEWEE:  # the class itself knows where it leads
                found_at = reader.span(call)
                fields.append(
                    FieldFact(
                        name, column=column or f"{name}_id", nullable=null,
                        indexed=indexed or not named, unique=unique, primary=primary, at=found_at,
                    )
                )  # fmt: skip
            return
        single = kind == "OneToOneField"
        through = option(reader, found, ("through",))
        if dialect is TORTOISE and kind in MANY:
            through = through or OWN_NAME
        relations.append(
            RelationFact(
                name,
                written,
                "many-to-many" if kind in MANY else "belongs-to",
                column=column or option(reader, found, ("backward_key",)),
                inverse=option(reader, found, dialect.inverse),
                through=through,
                nullable=null,
                indexed=indexed or (dialect.indexes_references and not named),
                unique=unique or single,
                primary=primary,
                at=reader.span(call),
                other_column=option(reader, found, ("forward_key",)),
                implied=dialect.indexes_references and not (named or unique),
            )
        )
        return
    fields.append(
        FieldFact(
            name,
            column=column,
            type=TYPES.get(kind, ""),
            nullable=null,
            indexed=indexed,
            unique=unique,
            primary=primary or kind in PRIMARY,
            auto_increment=kind in PRIMARY or (primary and kind in ("IntField", "BigIntField")),
            at=reader.span(call),
        )
    )


def field_class(reader: PythonReader, kind: str) -> str:
    """The mapper's own class of fields behind one that the file derives from it."""
    for _ in range(MAX_DERIVED):
        if kind in TYPES or kind in FOREIGN or kind in MANY:
            break
        match = re.search(
            rb"^class[ \t]+" + kind.encode() + rb"[ \t]*\(\s*(?:[\w.]+\s*,\s*)*?(?:\w+\.)*"
            rb"(\w*(?:Field|ForeignKey))\s*[,)]", reader.content, re.MULTILINE,
        )  # fmt: skip
        if match is None:
            return "ForeignKeyField" if "ForeignKey" in kind else kind
        kind = match[1].decode()
    return kind


def option(reader: PythonReader, found: Given, names: tuple[str, ...]) -> str:
    return next((literal(reader, found.keywords[n]) for n in names if n in found.keywords), "")


def options(reader: PythonReader, node: Node, dialect: Dialect) -> Meta:
    meta = Meta()
    block = node.child_by_field_name("body")
    for member in block.named_children[:MAX_MEMBERS] if block is not None else ():
        inner = member.named_children[0] if member.named_children else None
        if inner is None or inner.type != "assignment":
            continue
        left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
        name = dotted(reader, left)
        if right is None:
            continue
        if name in dialect.table:
            meta.table = literal(reader, right)
        elif name == "legacy_table_names":
            meta.template = meta.template or ("{snake}" if right.type == "false" else "")
        elif name == "table_function" and right.type == "identifier":
            meta.template = name_template(reader, right)
        elif name == "temporary":
            meta.temporary = is_true(reader, right)
        elif name == "abstract":
            meta.abstract = is_true(reader, right)
        elif name == "ordering":
            texts = [literal(reader, each) for each in items(right)]
            meta.ordering = tuple(text.lstrip("-").replace("__", ".") for text in texts if text)
        elif name == "primary_key" and last_name(reader, right) == "CompositeKey":
            names = tuple(literal(reader, each) for each in given(right, reader).args)
            key = IndexFact(names, "", True, True, at=reader.span(right))
            meta.indexes += (key,) if names and "" not in names else ()
        elif name == "constraints":
            for each in items(right):
                args = given(each, reader).args if each.type == "call" else ()
                unique = UNIQUE.match(literal(reader, args[0])) if args else None
                names = tuple(part.strip(' "`') for part in unique[1].split(",")) if unique else ()
                meta.indexes += (IndexFact(names, "", True, at=reader.span(each)),) if names else ()
        elif name in ("indexes", "unique_together"):
            for each in items(right):
                meta.indexes += index(reader, each, unique=name == "unique_together")
            if name == "unique_together" and not meta.indexes:
                meta.indexes += index(reader, right, unique=True)
    return meta


def index(reader: PythonReader, node: Node, *, unique: bool) -> tuple[IndexFact, ...]:
    """`(("a", "b"), True)` of peewee, `("a", "b")` and `Index(fields=["a"])` of Tortoise."""
    node = bare(node)
    columns, listed = items(node), items(node)
    if node.type == "call":
        listed = items(given(node, reader).keywords.get("fields"))
    elif columns and columns[0].type in ("tuple", "list"):
        listed = items(columns[0])
        unique = unique or (len(columns) > 1 and is_true(reader, columns[1]))
    names = tuple(literal(reader, each) for each in listed)
    if not names or "" in names:
        return ()
    return (IndexFact(names, "", unique, at=reader.span(node)),)
