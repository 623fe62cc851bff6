"""Structs that GORM keeps in tables: by their tags, by `gorm.Model`, by `TableName`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact, ScopeDefined
from scaleaudit.facts.orm import Condition
from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.mappers.destinations import type_behind
from scaleaudit.languages.go.mappers.links import arguments
from scaleaudit.languages.go.mappers.structs import Field, fields, named_by_method, snake
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.source import Span

MODELS = ("gorm.Model",)
# By a handle of the database, not by a store of the program's own or a client of something else.
KEEPING = regex(
    rb"(?:\b(?:db|tx|DB|gorm\w*|conn|session)|\bDB\([^()\n]*\))\s*\.\s*(?:Save|Create)\("
)
MAX_KEPT = 200  # calls of one file
OPTION = regex(r"(?:[^;\\]|\\.)+")
TYPE_NAME = regex(r"[A-Za-z]+(?: +(?:precision|unsigned|varying))?")
UNIQUE = {"uniqueindex", "unique_index"}
LAST = 10  # GORM's own priority of a column of an index


class Draft(Gathering):
    """What the fields of one struct add up to."""

    fields: list[FieldFact]
    relations: list[RelationFact]
    bases: list[str]
    indexes: dict[str, tuple[IndexFact, list[tuple[int, str]]]]
    soft: str = ""  # the column that says when a row was deleted


def models(reader: GoReader) -> Iterator[ModelDefined | ScopeDefined]:
    """The structs of the file that are models."""
    if b"gorm" not in reader.content:
        return
    known = {name: list(fields(reader, spec)) for name, spec in reader.structs.items()}
    kept = kept_structs(reader) if known else set()
    for name, own in known.items():
        table = named_by_method(reader, name)
        told = table or f"{name}.TableName" in reader.declared or name in kept
        if not told and not is_model(own, known):
            continue
        spec = reader.structs[name]
        draft = Draft([], [], [], {})
        by_name = {field.name: field for field in own if field.name}
        for field in own:
            read_field(reader, name, field, by_name, draft)
        at = reader.span(spec)
        indexes = [
            IndexFact(tuple(c for _, c in sorted(columns, key=lambda c: c[0])), index.name,
                      index.unique, where=index.where, method=index.method, at=index.at)
            for index, columns in draft.indexes.values()
        ]  # fmt: skip
        yield ModelDefined(
            at, name, "gorm", table=table, bases=tuple(draft.bases), fields=tuple(draft.fields),
            relations=tuple(draft.relations), indexes=tuple(indexes),
        )  # fmt: skip
        if draft.soft:
            absent = (Condition(draft.soft, "is-null"),)
            yield ScopeDefined(at, "gorm", name, draft.soft, absent, always=True)


def kept_structs(reader: GoReader) -> set[str]:
    """Those whose rows the file itself puts into tables: `db.Save(order)`."""
    found = set()
    for match in islice(KEEPING.finditer(reader.content), MAX_KEPT):
        call = call_at(reader.root, match.end() - 2)
        given = arguments(reader, call) if call is not None else []
        if len(given) == 1 and (name := type_behind(reader, given[0])) in reader.structs:
            found.add(name)
    return found


def is_model(own: list[Field], known: dict[str, list[Field]]) -> bool:
    """By a tag, by what is embedded, or by the columns that GORM fills by itself."""
    if any(map(marked, own)):
        return True
    if any(not f.name and any(map(marked, known.get(f.type, ()))) for f in own):
        return True
    names = {field.name for field in own}
    return {"ID", "CreatedAt", "UpdatedAt"} <= names


def marked(field: Field) -> bool:
    # `sql`: of its first version.
    return (
        "gorm" in field.tags
        or "sql" in field.tags
        or field.type in MODELS
        or field.type == "gorm.DeletedAt"
    )


def options_of(tag: str) -> list[tuple[str, str]]:
    """`column:x;index:idx,unique` as pairs, the names in lower case."""
    found = []
    for part in OPTION.findall(tag):
        key, _, value = part.partition(":")
        found.append((key.strip().lower(), value.strip()))
    return found


def read_field(
    reader: GoReader, struct: str, field: Field, others: dict[str, Field], draft: Draft
) -> None:
    options = options_of(field.tags.get("gorm", ""))
    told = dict(options)
    if "-" in told or field.tags.get("sql") == "-":
        return
    if field.type in MODELS and not field.name:
        of_gorm(field.at, draft)
        return
    if not field.name or "embedded" in told:
        if field.type and not told.get("embeddedprefix"):
            draft.bases.append(field.type)
        return
    relation = related(reader, struct, field, told, others)
    if relation is not None:
        draft.relations.append(relation)
        return
    if not field.type and "type" not in told and "serializer" not in told:
        return
    column = column_of(field)
    primary = "primarykey" in told or "primary_key" in told or field.name == "ID"
    written = TYPE_NAME.match(told.get("type", ""))
    kind = written[0].upper() if written else field.column_type
    indexed = "index" in (field.tags.get("sql") or "")
    unique = "unique" in told
    for key, value in options:
        if key == "index" or key in UNIQUE:
            single = index_of(field, column, key in UNIQUE, value, draft)
            indexed = indexed or (single and key == "index")
            unique = unique or (single and key in UNIQUE)
    if field.type == "gorm.DeletedAt":
        draft.soft = field.name
    whole_number = kind in ("BIGINT", "INT", "SMALLINT")
    draft.fields.append(
        FieldFact(
            field.name, column, kind, not primary and "not null" not in told, indexed, unique,
            primary, primary and whole_number, field.at,
        )
    )  # fmt: skip


def of_gorm(at: Span, draft: Draft) -> None:
    """What `gorm.Model` brings along."""
    draft.fields.append(
        FieldFact("ID", "id", "BIGINT", False, primary=True, auto_increment=True, at=at)
    )
    for name in ("CreatedAt", "UpdatedAt"):
        draft.fields.append(FieldFact(name, snake(name), "TIMESTAMP", at=at))
    draft.fields.append(FieldFact("DeletedAt", "deleted_at", "TIMESTAMP", indexed=True, at=at))
    draft.soft = "DeletedAt"


def index_of(field: Field, column: str, unique: bool, value: str, draft: Draft) -> bool:
    """Adds a column to a named index; True when the index is the column's own."""
    first, *rest = value.split(",")
    told = {k.strip().lower(): v.strip() for k, _, v in (part.partition(":") for part in rest)}
    name = first.strip() or told.get("composite", "")
    unique = unique or "unique" in told or told.get("class", "").upper() == "UNIQUE"
    plain = not told.keys() & {"expression", "where", "type", "class"}
    if not name and plain and not unique:
        return True
    key = f"{column} alone" if not name and plain else name or column
    if "expression" in told:
        column = f"({told['expression']})"
    if key not in draft.indexes:
        index = IndexFact(
            (column,),
            name,
            unique,
            where=told.get("where", ""),
            method=method_of(told),
            at=field.at,
        )
        draft.indexes[key] = (index, [])
    priority = told.get("priority", "")
    place = int(priority[:6]) if priority.isdigit() else LAST
    draft.indexes[key][1].append((place, column))
    return False


def method_of(told: dict[str, str]) -> str:
    named = (told.get("type") or told.get("class") or "").lower()
    return "" if named in ("btree", "unique") else named


def column_of(field: Field) -> str:
    return dict(options_of(field.tags.get("gorm", ""))).get("column") or snake(field.name)


def related(
    reader: GoReader, struct: str, field: Field, told: dict[str, str], others: dict[str, Field]
) -> RelationFact | None:
    """The relation that a field of a struct type stands for; None for a column."""
    if not field.type or field.column_type or "type" in told or "serializer" in told:
        return None
    if field.name.endswith(("ID", "Id")) and not field.many:
        return None  # `ClusterID *strfmt.UUID`, which a tag calls a foreign key
    key = told.get("foreignkey", "").partition(",")[0]
    constrained = told.get("constraint") != "-"
    if "many2many" in told:
        return RelationFact(
            field.name, field.type, "many-to-many",
            snake(told.get("joinforeignkey", "")) or f"{snake(struct)}_id",
            through=told["many2many"], at=field.at,
            other_column=snake(told.get("joinreferences", ""))
            or f"{snake(field.type.rpartition('.')[2])}_id",
        )  # fmt: skip
    if "polymorphic" in told:
        owner = told["polymorphic"]
        return RelationFact(
            field.name, field.type, "has-many" if field.many else "has-one",
            f"{snake(owner)}_id", discriminator=f"{snake(owner)}_type", at=field.at,
        )  # fmt: skip
    if field.many:
        if field.type[0].islower() and "." not in field.type and field.type not in reader.structs:
            return None
        return RelationFact(
            field.name, field.type, "has-many", snake(key) or f"{snake(struct)}_id", at=field.at,
            constrained=constrained,
        )  # fmt: skip
    if key:
        holder = others.get(key) or next((f for f in others.values() if column_of(f) == key), None)
    else:
        holder = others.get(f"{field.name}ID") or others.get(f"{field.name}Id")
    if holder is not None:
        column = column_of(holder)
        return RelationFact(
            field.name, field.type, "belongs-to", column, nullable=holder.nullable, at=field.at,
            constrained=constrained,
        )  # fmt: skip
    if key or "references" in told or (field.pointer and field.type in reader.structs):
        column = snake(key) or f"{snake(struct)}_id"
        return RelationFact(
            field.name, field.type, "has-one", column, at=field.at, constrained=constrained
        )
    return None
