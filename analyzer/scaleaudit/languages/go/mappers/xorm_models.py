"""Structs that xorm keeps in tables, by their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined
from scaleaudit.languages.go.mappers.structs import Field, fields, named_by_method, snake
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.go.reader import GoReader

MARK = b'xorm:"'
TOKEN = regex(r"'[^']*'|[\w<>-]+(?:\([^()]*\))?")
TYPES = frozenset(
    """
    bit bool boolean tinyint smallint mediumint int integer bigint serial bigserial unsigned char varchar nvarchar
    text tinytext mediumtext longtext binary varbinary blob tinyblob mediumblob longblob date datetime time
    timestamp timestampz year decimal numeric real float double money uuid json jsonb enum set bytea clob
    """.split()  # noqa: SIM905 - a table to be read
)
WORDS = frozenset(
    """
    pk autoincr autoincrement null notnull not created updated deleted version utc local extends index unique default
    comment cache nocache noupdate cascade collate <- -> -
    """.split()  # noqa: SIM905
)
WITH_VALUE = {"default", "comment", "collate"}


class Draft(Gathering):
    fields: list[FieldFact]
    bases: list[str]
    indexes: dict[str, IndexFact]


def models(reader: GoReader) -> Iterator[ModelDefined]:
    if MARK not in reader.content:
        return
    for name, spec in reader.structs.items():
        own = list(fields(reader, spec))
        if not any("xorm" in field.tags for field in own):
            continue
        draft = Draft([], [], {})
        for field in own:
            read_field(field, draft)
        if draft.fields or draft.bases:
            yield ModelDefined(
                reader.span(spec), name, "xorm", table=named_by_method(reader, name),
                bases=tuple(draft.bases), fields=tuple(draft.fields),
                indexes=tuple(draft.indexes.values()),
            )  # fmt: skip


def read_field(field: Field, draft: Draft) -> None:
    tokens = [str(token) for token in TOKEN.findall(field.tags.get("xorm", ""))]
    if tokens == ["-"]:
        return
    names = [token.partition("(")[0].lower() for token in tokens]
    if "extends" in names:
        draft.bases.append(field.type)
        return
    if not field.name:
        return
    column = snake(field.name)
    kind = field.column_type
    skip = False
    for token, name in zip(tokens, names, strict=True):
        if skip:
            skip = False
        elif token.startswith("'"):
            column = token.strip("'")
        elif name in TYPES:
            kind = name.upper()
        elif name in WITH_VALUE:
            skip = "(" not in token
        elif name not in WORDS and "(" not in token:
            column = token
    primary = "pk" in names or (field.name == "ID" and not field.tags.get("xorm"))
    alone: dict[str, bool] = {"index": False, "unique": False}
    for token, name in zip(tokens, names, strict=True):
        if name not in alone:
            continue
        group = token.partition("(")[2].rstrip(")").strip()
        if not group or group == column:
            alone[name] = True
            continue
        known = draft.indexes.get(f"{name} {group}")
        columns = (*known.columns, column) if known is not None else (column,)
        draft.indexes[f"{name} {group}"] = IndexFact(columns, group, name == "unique", at=field.at)
    draft.fields.append(
        FieldFact(
            field.name, column, kind, not primary and "notnull" not in names and "not" not in names,
            alone["index"], alone["unique"], primary, "autoincr" in names, field.at,
        )
    )  # fmt: skip
