"""Structs that go-pg keeps in tables, by their tags: those of bun under another name, with other relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, RelationFact
from scaleaudit.languages.go.mappers.bun_models import (
    TYPE_NAME,
    Draft,
    defined,
    grouped,
    options_in,
)
from scaleaudit.languages.go.mappers.structs import Field, fields, snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ModelDefined, ScopeDefined
    from scaleaudit.languages.go.reader import GoReader

PACKAGES = ("github.com/go-pg/pg", "gopkg.in/pg")
MARKS = (b'pg:"', b'sql:"')
TABLE = ("tableName", "TableName")


def imported(reader: GoReader) -> bool:
    return any(package.startswith(PACKAGES) for package in reader.imports.values())


def models(reader: GoReader) -> Iterator[ModelDefined | ScopeDefined]:
    """Structs with such tags; `sql` alone is used by others too, but not on `tableName struct{}`."""
    if not reader.says(*MARKS):
        return
    surely = imported(reader)
    for name, spec in reader.structs.items():
        own = list(fields(reader, spec, TABLE[0]))
        named = any(field.name in TABLE and tag_of(field) for field in own)
        tagged = any("pg" in field.tags or (surely and "sql" in field.tags) for field in own)
        if not named and not tagged:
            continue
        draft = Draft([], [], [], {})
        columns = {
            field.name: options(field)[0] or snake(field.name) for field in own if field.name
        }
        for field in own:
            read_field(name, field, columns, draft)
        yield from defined(reader, name, "go-pg", draft)


def tag_of(field: Field) -> str:
    """What version 9 and later say in `pg`, earlier ones in `sql` and, of relations, in `pg`."""
    told, older = field.tags.get("pg", ""), field.tags.get("sql", "")
    return f"{older},{told.lstrip(',')}" if told and older else told or older


def options(field: Field) -> tuple[str, dict[str, str]]:
    return options_in(tag_of(field))


def read_field(struct: str, field: Field, columns: dict[str, str], draft: Draft) -> None:
    named, told = options(field)
    if field.name in TABLE and not field.type:
        draft.table = named.strip('"\\').rpartition(".")[2].strip('"\\')
        return
    if named == "-":
        return
    if not field.name:
        if field.type:
            draft.bases.append(field.type)
        return
    relation = related(struct, field, told, columns)
    if relation is not None:
        draft.relations.append(relation)
    if relation is not None or "rel" in told or "many2many" in told:
        return
    column = named or snake(field.name)
    written = TYPE_NAME.match(told.get("type", ""))
    kind = written[0].upper() if written else field.column_type
    primary = "pk" in told
    group = grouped(field, column, told, draft)
    unique = "unique" in told and not group and not primary
    draft.fields.append(
        FieldFact(
            field.name, column, kind, not primary and "notnull" not in told, False, unique, primary,
            kind in ("SERIAL", "BIGSERIAL"), field.at,
        )
    )  # fmt: skip


def related(
    struct: str, field: Field, told: dict[str, str], columns: dict[str, str]
) -> RelationFact | None:
    """`rel:has-one` holds the key itself, `rel:belongs-to` is held by the other side: as go-pg says it.

    Before version 10 a struct beside its key (`Author`, `AuthorID`) is a relation without a tag.
    """
    if not field.type or field.column_type:
        return None
    own, other = told.get("fk", ""), told.get("join_fk", "")
    kind, between = told.get("rel", ""), told.get("many2many", "")
    back = f"{snake(struct)}_id"
    if between:
        return RelationFact(
            field.name, field.type, "many-to-many", own or back,
            through=between.strip('"').rpartition(".")[2], at=field.at,
            other_column=other or f"{snake(field.type.rpartition('.')[2])}_id",
        )  # fmt: skip
    if kind in ("has-many", "belongs-to"):
        if "polymorphic" in told:
            return None
        of_many = "has-many" if kind == "has-many" else "has-one"
        return RelationFact(field.name, field.type, of_many, other or back, at=field.at)
    if field.many:
        older = own if not kind and "polymorphic" not in told else ""
        return (
            RelationFact(field.name, field.type, "has-many", older, at=field.at) if older else None
        )
    column = (
        columns.get(own, own)
        or columns.get(f"{field.name}ID")
        or columns.get(f"{field.name}Id", "")
    )
    if not column or not (kind == "has-one" or not told.keys() - {"", "fk"}):
        return None
    return RelationFact(
        field.name, field.type, "belongs-to", column, at=field.at, constrained=False
    )
