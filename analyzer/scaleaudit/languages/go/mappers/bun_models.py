"""Structs that bun keeps in tables, by their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    Condition,
    FieldFact,
    IndexFact,
    ModelDefined,
    RelationFact,
    ScopeDefined,
)
from scaleaudit.inflection import plural
from scaleaudit.languages.go.mappers.structs import Field, fields, snake
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.reader import GoReader

MARK = b'bun:"'
BASE = "bun.BaseModel"
PART = regex(r"(?:[^,(']|\([^)]*\)|'[^']*')+")
TYPE_NAME = regex(r"[A-Za-z]+(?: +(?:precision|varying|unsigned))?")
KEYS = ("id", "uuid")  # what is the key where no tag says so


class Draft(Gathering):
    fields: list[FieldFact]
    relations: list[RelationFact]
    bases: list[str]
    indexes: dict[str, IndexFact]
    table: str = ""
    soft: str = ""


def models(reader: GoReader) -> Iterator[ModelDefined | ScopeDefined]:
    """The structs of the file that have such tags."""
    if MARK not in reader.content:
        return
    for name, spec in reader.structs.items():
        own = list(fields(reader, spec))
        if not any("bun" in field.tags for field in own):
            continue
        draft = Draft([], [], [], {})
        columns = {field.name: column_of(field) for field in own}
        for field in own:
            read_field(name, field, columns, draft)
        yield from defined(reader, name, "bun", draft)


def defined(
    reader: GoReader, name: str, framework: str, draft: Draft
) -> Iterator[ModelDefined | ScopeDefined]:
    """The model of a struct, and that rows marked as deleted are left out of every query."""
    if not draft.fields:
        return
    at = reader.span(reader.structs[name])
    yield ModelDefined(
        at, name, framework, table=draft.table, default_table=default_table(name),
        bases=tuple(draft.bases), fields=tuple(with_key(draft.fields)),
        relations=tuple(draft.relations), indexes=tuple(draft.indexes.values()),
    )  # fmt: skip
    if draft.soft:
        absent = (Condition(draft.soft, "is-null"),)
        yield ScopeDefined(at, framework, name, draft.soft, absent, always=True)


def default_table(struct: str) -> str:
    """`UserOrder` as `user_orders`."""
    return plural(snake(struct))


def options_of(field: Field) -> tuple[str, dict[str, str]]:
    """The column that a tag names, and its options."""
    return options_in(field.tags.get("bun", ""))


def options_in(tag: str) -> tuple[str, dict[str, str]]:
    parts = [part.strip() for part in PART.findall(f" {tag}")]
    named = parts[0] if parts and ":" not in parts[0] else ""
    if tag.startswith(","):
        named = ""
    rest = parts if not named else parts[1:]
    told = {}
    for part in rest:
        key, _, value = part.partition(":")
        told[key.strip()] = value.strip("' ")
    return named, told


def column_of(field: Field) -> str:
    return options_of(field)[0] or snake(field.name)


def read_field(struct: str, field: Field, columns: dict[str, str], draft: Draft) -> None:
    named, told = options_of(field)
    if field.type == BASE:
        draft.table = told.get("table", "").strip('"').rpartition(".")[2]
        return
    if named == "-" or "scanonly" in told:
        return
    if not field.name:
        if field.type and "embed" not in told:
            draft.bases.append(field.type)
        return
    if "rel" in told or "m2m" in told:
        relation = related(struct, field, told, columns)
        if relation is not None:
            draft.relations.append(relation)
        return
    if "embed" in told:
        return
    column = named or snake(field.name)
    written = TYPE_NAME.match(told.get("type", ""))
    kind = written[0].upper() if written else field.column_type
    primary = "pk" in told
    group = grouped(field, column, told, draft)
    draft.fields.append(
        FieldFact(
            field.name, column, kind, not primary and "notnull" not in told, False,
            "unique" in told and not group and not primary, primary, "autoincrement" in told, field.at,
        )
    )  # fmt: skip


def grouped(field: Field, column: str, told: dict[str, str], draft: Draft) -> str:
    """The index that several columns share, by its name; a column of soft deletion is noted too."""
    group = told.get("unique", "")
    if group:
        known = draft.indexes.get(group)
        joined = (*known.columns, column) if known is not None else (column,)
        draft.indexes[group] = IndexFact(joined, group, True, at=field.at)
    if "soft_delete" in told:
        draft.soft = field.name
    return group


def with_key(fields: list[FieldFact]) -> list[FieldFact]:
    if any(field.primary for field in fields):
        return fields
    key = next((k for k in KEYS if any(f.column == k for f in fields)), "")
    return [
        FieldFact(f.name, f.column, f.type, False, f.indexed, False, True, f.auto_increment, f.at)
        if f.column == key
        else f
        for f in fields
    ]


def related(
    struct: str, field: Field, told: dict[str, str], columns: dict[str, str]
) -> RelationFact | None:
    """`rel:belongs-to,join:author_id=id`; without `join` the columns go by the names."""
    own, _, other = told.get("join", "").partition("=")
    if not field.type:
        return None
    if "m2m" in told:
        return RelationFact(
            field.name, field.type, "many-to-many", f"{snake(struct)}_id", through=told["m2m"],
            at=field.at, other_column=f"{snake(field.type.rpartition('.')[2])}_id",
        )  # fmt: skip
    kind = told["rel"]
    if kind == "belongs-to":
        column = own or columns.get(f"{field.name}ID") or columns.get(f"{field.name}Id", "")
        if not column:
            return None
        return RelationFact(field.name, field.type, kind, column, at=field.at, constrained=False)
    if kind in ("has-many", "has-one"):
        discriminator = "type" if "polymorphic" in told.get("join", "") else ""
        if discriminator or (kind == "has-many" and not other and not field.many):
            return None
        column = other or f"{snake(struct)}_id"
        return RelationFact(field.name, field.type, kind, column, at=field.at)
    return None
