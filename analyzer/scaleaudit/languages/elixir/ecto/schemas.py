"""Ecto's schemas: the table of a module, its columns and where they lead.

A schema says nothing of indexes: a `unique_constraint` only names one that a migration makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaleaudit.facts import Condition, FieldFact, ModelDefined, RelationFact
from scaleaudit.inflection import underscored
from scaleaudit.languages.elixir.ecto.column_types import sql_type
from scaleaudit.languages.elixir.modules import own_name
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    block,
    body,
    elements,
    keywords,
    local_name,
    named,
    pairs,
    parts,
    quoted,
    raw,
    unwrapped,
    word,
)
from scaleaudit.languages.mentions import has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

    Options = dict[str, Node]

FRAMEWORK = "ecto"
MARKS = (b'schema "', b"schema(", b"schema @")
SCHEMAS = frozenset({b"schema", b"typed_schema"})
MAX_LINES = 500  # of one schema
NO_COLUMN = "()"


@dataclass(slots=True)
class Draft:
    reader: ElixirReader
    name: str
    key_type: str  # of references that name none
    fields: list[FieldFact] = field(default_factory=list)
    relations: list[RelationFact] = field(default_factory=list)


def schemas(reader: ElixirReader) -> Iterator[ModelDefined]:
    if not has_any(reader.content, MARKS):
        return
    for module in reader.module_nodes:
        attributes: dict[str, Node] = {}
        for statement in body(module):
            if statement.type == "unary_operator" and raw(statement).startswith(b"@"):
                inner = named(statement)
                given, options = arguments(inner[0]) if inner else ([], {})
                if given or options:
                    holder = next(c for c in inner[0].children if c.type == "arguments")
                    attributes[parts(inner[0])[1]] = named(holder)[0]
            elif local_name(statement) in SCHEMAS and block(statement) is not None:
                model = schema(reader, module, statement, attributes)
                if model is not None:
                    yield model


def schema(
    reader: ElixirReader, module: Node, call: Node, attributes: dict[str, Node]
) -> ModelDefined | None:
    given, _ = arguments(call)
    source = given[0] if given else None
    if source is not None and raw(source).startswith(b"@"):
        source = attributes.get(word(source)[1:])
    table = quoted(source).rpartition(".")[2] if source is not None else ""
    name = own_name(reader, module)
    if not table or not name:
        return None
    draft = Draft(reader, name, sql_type(attributes.get("foreign_key_type")))
    primary_key(draft, attributes.get("primary_key"), call)
    lines = [each for each in body(call) if each.type in ("call", "identifier")]
    for line in lines[:MAX_LINES]:
        kind = word(line) if line.type == "identifier" else local_name(line).decode()
        args, options = arguments(line) if line.type == "call" else ([], {})
        if kind == "timestamps":
            timestamps(draft, line, keywords(attributes.get("timestamps_opts")) | options)
        elif kind == "field":
            column(draft, line, args, options)
        elif kind in RELATIONS:
            relation(draft, kind, line, args, options)
        elif kind.startswith("embeds_") and args:
            column(draft, line, args[:1], options, "JSONB")
    fields = {each.name: each for each in draft.fields}
    return ModelDefined(
        reader.span(call),
        name,
        FRAMEWORK,
        table=table,
        fields=tuple(fields.values()),
        relations=tuple(draft.relations),
    )


def primary_key(draft: Draft, given: Node | None, call: Node) -> None:
    """`@primary_key {:id, :binary_id, autogenerate: true}`, or `false` where fields tell."""
    if given is not None and raw(given) == b"false":
        return
    inner = named(given) if given is not None and given.type == "tuple" else []
    name = (atom(inner[0]) if inner else "") or "id"
    kind = sql_type(inner[1]) if len(inner) > 1 else ""
    options = keywords(inner[2]) if len(inner) > 2 else {}
    at = draft.reader.span(given if given is not None else call)
    draft.fields.append(
        FieldFact(
            name,
            atom(options.get("source")),
            kind or "BIGINT",
            nullable=False,
            primary=True,
            auto_increment=not kind or kind == "BIGINT",
            at=at,
        )
    )


def column(draft: Draft, line: Node, args: list[Node], options: Options, kind: str = "") -> None:
    name = atom(args[0]) if args else ""
    if not name:
        return
    if not kind:
        written = args[1] if len(args) > 1 else None
        full = draft.reader.module_named(written) if written is not None else ""
        kind = "ENUM" if full == "Ecto.Enum" else sql_type(written) if written else "VARCHAR"
        if full == "Ecto.Enum" and raw(options.get("virtual")) != b"true":
            kind = "ENUM"
    own = NO_COLUMN if raw(options.get("virtual")) == b"true" else atom(options.get("source"))
    primary = raw(options.get("primary_key")) == b"true"
    draft.fields.append(
        FieldFact(
            name, own, kind, nullable=not primary, primary=primary, at=draft.reader.span(line)
        )
    )


def timestamps(draft: Draft, line: Node, options: Options) -> None:
    for key in ("inserted_at", "updated_at"):
        given = options.get(key)
        if given is not None and raw(given) == b"false":
            continue
        name = atom(given) or key
        source = atom(options.get(f"{key}_source"))
        at = draft.reader.span(line)
        draft.fields.append(FieldFact(name, source, "TIMESTAMP", nullable=False, at=at))


RELATIONS = {
    "belongs_to": "belongs-to",
    "has_many": "has-many",
    "has_one": "has-one",
    "many_to_many": "many-to-many",
}


def relation(draft: Draft, kind: str, line: Node, args: list[Node], options: Options) -> None:
    name = atom(args[0]) if args else ""
    through = [atom(each) for each in elements(options.get("through"))]
    if not name:
        return
    at = draft.reader.span(line)
    if through:
        if len(through) == 2 and kind == "has_many":
            draft.relations.append(
                RelationFact(name, "", "has-many", inverse=through[1], through=through[0], at=at)
            )
        return
    written = unwrapped(args[1]) if len(args) > 1 else None
    if written is not None and written.type == "tuple" and len(named(written)) == 2:
        return  # a table of its own with the fields of a schema
    target = draft.reader.module_named(written)
    if not target:
        return
    column = atom(options.get("foreign_key"))
    between = other = ""
    if kind == "belongs_to":
        column = column or f"{name}_id"
        key = raw(options.get("primary_key")) == b"true"
        if raw(options.get("define_field")) != b"false" and "source" not in options:
            type_ = sql_type(options["type"]) if "type" in options else draft.key_type
            field_ = FieldFact(column, type=type_ or "BIGINT", primary=key, at=at)
            draft.fields.append(field_)
        elif "source" in options:
            column = atom(options["source"]) or column
    elif kind == "many_to_many":
        joined = options.get("join_through")
        if joined is None:
            return
        between = quoted(joined) if joined.type == "string" else draft.reader.module_named(joined)
        keys = [key for key, _ in pairs(options.get("join_keys"))]
        column = keys[0] if len(keys) == 2 else reference_to(draft.name)
        other = keys[1] if len(keys) == 2 else reference_to(target)
        if not between:
            return
    else:
        column = column or reference_to(draft.name)
    draft.relations.append(
        RelationFact(
            name,
            target,
            RELATIONS[kind],
            column=column,
            through=between,
            at=at,
            other_column=other,
            constrained=False,
            conditions=tuple(narrowed(options.get("where"))),
        )
    )


def narrowed(where: Node | None) -> Iterator[Condition]:
    """`where: [revoked_at: nil, kind: {:in, ["a", "b"]}]` of a relation."""
    for name, value in pairs(where):
        told = unwrapped(value)
        held = named(told) if told.type == "tuple" else []
        way, last = (atom(held[0]), raw(held[1])) if len(held) == 2 else ("", raw(told))
        if way in ("", "not"):
            signs = ("is-null", "=") if not way else ("is-not-null", "!=")
            yield Condition(name, signs[0] if last == b"nil" else signs[1], constant=True)
        elif way == "in":
            yield Condition(name, "in", constant=True)


def reference_to(module: str) -> str:
    """`order_line_id` of `Shop.OrderLine`."""
    return f"{underscored(module.rpartition('.')[2])}_id"
