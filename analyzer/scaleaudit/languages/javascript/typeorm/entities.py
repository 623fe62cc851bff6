"""TypeORM's entities: classes with decorators, and `new EntitySchema({...})`."""

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
from scaleaudit.facts.orm import OWN_NAME
from scaleaudit.languages.javascript.builders.decorated import (
    Decorated,
    Decorator,
    Member,
    annotated_type,
    class_of,
    classes,
    properties_of,
    property_of,
    says,
    settings,
    text_of,
)
from scaleaudit.languages.javascript.migrations.columns import TYPES, sql_type
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "typeorm"
MARK = regex(
    rb"@(?:Entity|ChildEntity|\w*Column|\w*OneToMany|\w*ManyToOne|\w*OneToOne|\w*ManyToMany)\b|EntitySchema"
)
TABLES = frozenset({"Entity", "ChildEntity", "ViewEntity"})
# Column decorators with a type or a meaning of their own.
COLUMNS = {
    "Column": "", "PrimaryColumn": "", "PrimaryGeneratedColumn": "INT", "CreateDateColumn": "TIMESTAMP",
    "UpdateDateColumn": "TIMESTAMP", "DeleteDateColumn": "TIMESTAMP", "VersionColumn": "INT",
    "ViewColumn": "", "ObjectIdColumn": "",
}  # fmt: skip
NO_COLUMNS = frozenset({"JoinColumn", "InverseJoinColumn"})
RELATIONS = {
    "ManyToOne": "belongs-to", "OneToMany": "has-many", "OneToOne": "has-one",
    "ManyToMany": "many-to-many", "TreeParent": "belongs-to", "TreeChildren": "has-many",
}  # fmt: skip

WRAPPED = ("ManyToOne", "OneToMany", "OneToOne", "ManyToMany")


class Entity(Gathering):
    """What the members of one class come to."""

    fields: list[FieldFact] = msgspec.field(default_factory=list)
    relations: list[RelationFact] = msgspec.field(default_factory=list)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    deleted: str = ""  # the attribute that says when a row was deleted


def entities(reader: JavaScriptReader) -> Iterator[Fact]:
    if b"typeorm" not in reader.content or MARK.search(reader.content) is None:
        return
    for each in classes(reader):
        table = next((d for d in each.decorators if d.name in TABLES), None)
        if table is None:
            table = next((d for d in each.decorators if d.name.endswith("Entity")), None)
        entity = read_members(reader, each)
        if table is None and not (entity.fields or entity.relations):
            continue
        yield from told(reader, each, table, entity)


def told(
    reader: JavaScriptReader, found: Decorated, table: Decorator | None, entity: Entity
) -> Iterator[Fact]:
    given = settings(reader, table.args) if table is not None else {}
    named = text_of(reader, given.get("name"))
    if table is not None and table.args and table.name in TABLES and table.name != "ChildEntity":
        named = named or text_of(reader, table.args[0])
    order = settings(reader, [given["orderBy"]]) if "orderBy" in given else {}
    for each in found.decorators:
        entity.indexes.extend(class_index(reader, each))
    at = reader.span(found.node)
    yield ModelDefined(
        at,
        found.name,
        FRAMEWORK,
        table=named,
        bases=found.bases,
        abstract=table is None,
        fields=tuple(entity.fields),
        relations=tuple(entity.relations),
        indexes=tuple(entity.indexes),
        ordering=tuple(order),
    )
    if entity.deleted:
        yield ScopeDefined(
            at,
            FRAMEWORK,
            found.name,
            entity.deleted,
            (Condition(entity.deleted, "is-null"),),
            always=True,
        )


def class_index(reader: JavaScriptReader, decorator: Decorator) -> Iterator[IndexFact]:
    """`@Index(["a", "b"], {unique, where})`, `@Index("name", [...])`, `@Unique(...)`."""
    if decorator.name != "Unique" and not decorator.name.endswith("Index"):
        return
    args = decorator.args
    name = text_of(reader, args[0]) if args and args[0].type == "string" else ""
    rest = args[1:] if name else args
    columns = properties_of(reader, rest[0]) if rest else []
    if not columns:
        return
    given = settings(reader, args)
    yield IndexFact(
        tuple(columns),
        name,
        decorator.name == "Unique" or says(reader, given.get("unique")),
        where=text_of(reader, given.get("where")),
        method="fulltext" if says(reader, given.get("fulltext")) else "",
        at=reader.span(decorator.node),
    )


def read_members(reader: JavaScriptReader, found: Decorated) -> Entity:
    entity = Entity()
    for member in found.members:
        relation = relation_of(member)
        if relation is not None:
            add_relation(reader, member, *relation, entity)
            continue
        column = next((name for name in COLUMNS if name in member.decorators), "")
        if not column:  # one that wraps it
            column = next(
                (n for n in member.decorators if n.endswith("Column") and n not in NO_COLUMNS), ""
            )
        if column:
            add_column(reader, member, member.decorators[column], entity)
    return entity


def relation_of(member: Member) -> tuple[str, Decorator] | None:
    """The relation that a decorator declares, also one that wraps it: `@TenantManyToOne(() => Order)`."""
    for name in RELATIONS:
        if name in member.decorators:
            return name, member.decorators[name]
    for written, decorator in member.decorators.items():
        for name in WRAPPED:
            if (
                written.endswith(name)
                and decorator.args
                and decorator.args[0].type == "arrow_function"
            ):
                return name, decorator
    return None


def add_column(
    reader: JavaScriptReader, member: Member, decorator: Decorator, entity: Entity
) -> None:
    args = decorator.args
    if args and args[0].type == "arrow_function":
        return  # an object in the row: its columns are another class's
    given = settings(reader, args)
    kind = given.get("type")
    written = text_of(reader, args[0]) if args and args[0].type == "string" else ""
    if kind is not None:
        inner = kind
        if kind.type == "call_expression":  # resolveType("jsonb")
            holder = kind.child_by_field_name("arguments")
            inner = holder.named_children[0] if holder and holder.named_children else kind
        written = text_of(reader, inner) or reader.text(inner)
    elif written.lower() not in TYPES and not written.lower().startswith(
        ("varchar", "char", "int")
    ):
        written = ""
    sql = "ENUM" if "enum" in given else sql_type(written) if written else ""
    if decorator.name == "PrimaryGeneratedColumn" and written.lower() in ("uuid", "rowid"):
        sql = "UUID"
    sql = sql or COLUMNS.get(decorator.name, "") or annotated_type(member.type)
    primary = decorator.name.startswith("Primary") or says(reader, given.get("primary"))
    generated = member.decorators.get("Generated")
    strategy = text_of(reader, generated.args[0]) if generated and generated.args else ""
    auto = strategy == "increment" or text_of(reader, given.get("generated")) == "increment"
    auto = auto or (decorator.name == "PrimaryGeneratedColumn" and sql != "UUID")
    indexed, unique = own_index(reader, member, entity)
    at = reader.span(member.node)
    entity.fields.append(
        FieldFact(
            member.name,
            text_of(reader, given.get("name")),
            sql,
            says(reader, given.get("nullable")) or decorator.name == "DeleteDateColumn",
            indexed,
            unique or says(reader, given.get("unique")),
            primary,
            auto,
            at,
        )
    )
    if decorator.name == "DeleteDateColumn":
        entity.deleted = member.name


def own_index(reader: JavaScriptReader, member: Member, entity: Entity) -> tuple[bool, bool]:
    """(indexed, unique) by what stands on the member; a partial index is told apart."""
    unique = "Unique" in member.decorators
    # Projects wrap decorators under names of their own: `ColumnIndex`.
    index = next((d for name, d in member.decorators.items() if name.endswith("Index")), None)
    if index is None:
        return False, unique
    given = settings(reader, index.args)
    where = text_of(reader, given.get("where"))
    if where or says(reader, given.get("fulltext")):
        entity.indexes.append(
            IndexFact(
                (member.name,),
                unique=says(reader, given.get("unique")),
                where=where,
                method="" if where else "fulltext",
                at=reader.span(index.node),
            )
        )
        return False, unique
    return True, unique or says(reader, given.get("unique"))


def add_relation(
    reader: JavaScriptReader, member: Member, name: str, decorator: Decorator, entity: Entity
) -> None:
    args = decorator.args
    kind = RELATIONS[name]
    target = class_of(reader, args[0]) if args else ""
    inverse = property_of(reader, args[1]) if len(args) > 1 else ""
    if name.startswith("Tree"):
        target = member.type.partition("[")[0].strip() or target
    at = reader.span(member.node)
    join = member.decorators.get("JoinColumn")
    column, other, through = "", "", ""
    if kind == "has-one" and (join is not None):
        kind = "belongs-to"
    if kind == "belongs-to":
        given = settings(reader, join.args) if join is not None else {}
        column = text_of(reader, given.get("name"))
        referred = text_of(reader, given.get("referencedColumnName"))
        if referred and not column:
            column = f"{member.name}{referred[:1].upper()}{referred[1:]}"
    elif kind == "many-to-many" and "JoinTable" in member.decorators:
        given = settings(reader, member.decorators["JoinTable"].args)
        through = text_of(reader, given.get("name"))
        if not given and member.decorators["JoinTable"].args:
            through = text_of(reader, member.decorators["JoinTable"].args[0])
        through = through or OWN_NAME
        own = settings(reader, [given["joinColumn"]]) if "joinColumn" in given else {}
        far = settings(reader, [given["inverseJoinColumn"]]) if "inverseJoinColumn" in given else {}
        column, other = text_of(reader, own.get("name")), text_of(reader, far.get("name"))
    indexed, unique = own_index(reader, member, entity)
    given = settings(reader, args)
    entity.relations.append(
        RelationFact(
            member.name,
            target,
            kind,
            column,
            inverse,
            through,
            nullable="nullable" not in given or says(reader, given["nullable"]),
            indexed=indexed,
            unique=unique or (name == "OneToOne" and kind == "belongs-to"),
            implied=name == "OneToOne" and not (unique or indexed),
            primary=says(reader, given.get("primary")) or "PrimaryColumn" in member.decorators,
            at=at,
            other_column=other,
            constrained="createForeignKeyConstraints" not in given
            or says(reader, given["createForeignKeyConstraints"]),
            eager=says(reader, given.get("eager")),
        )
    )
