"""The schema that Rails writes after the last migration: `ActiveRecord::Schema.define` and its tables.

Migrations themselves are not replayed: this file says what they came to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaleaudit.facts import (
    RUN_TABLE,
    ColumnFact,
    ForeignKeyFact,
    IndexFact,
    TableChanged,
    TableDefined,
)
from scaleaudit.inflection import plural, singular
from scaleaudit.languages.ruby.blocks import body_of, calls_in, words
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.source import Span

MARK = b"ActiveRecord::Schema"
DEFINITION = regex(
    rb"^[ \t]*ActiveRecord::(Schema)(?P<version>\[[\d.]+\])?\.define\b"
    rb"(?:[ (]*version: *(?P<newest>[\d_]{1,30}))?",
    re.MULTILINE,
)
MAX_STATEMENTS = 5_000  # tables and keys of one file
MAX_TEXT = 2_000  # characters of an index of expressions
MAX_COLUMNS = 1_000  # statements of one table

# How the dump of an adapter gives itself away.
ENGINES = (
    ("clickhouse", regex(rb"create_table [^\n]*MergeTree")),
    ("mysql", regex(rb"create_table [^\n]*(?:\bcharset: |ENGINE=)")),
    (
        "postgres",
        regex(rb"enable_extension|\bid: :(?:big)?serial\b|\bt\.(?:jsonb|inet|tsvector)\b"),
    ),
)
TYPES = {
    "integer": "INT", "bigint": "BIGINT", "string": "VARCHAR", "text": "TEXT", "datetime": "TIMESTAMP",
    "timestamp": "TIMESTAMP", "boolean": "BOOLEAN", "decimal": "DECIMAL", "float": "DOUBLE",
    "binary": "BLOB", "primary_key": "INT",
}  # fmt: skip
WIDTHS = {"1": "TINYINT", "2": "SMALLINT", "3": "MEDIUMINT", "8": "BIGINT"}  # bytes of an integer
COUNTING = {"INT", "BIGINT", "SERIAL", "BIGSERIAL", "INT UNSIGNED", "BIGINT UNSIGNED"}
NO_COLUMNS = frozenset(
    ["index", "check_constraint", "exclusion_constraint", "foreign_key", "unique_constraint"]
)
NAME = regex(r"\w{1,120}")


@dataclass(slots=True)
class Dumped:
    """One table while its statements are read."""

    name: str
    at: Span
    columns: dict[str, ColumnFact] = field(default_factory=dict)
    indexes: list[IndexFact] = field(default_factory=list)
    foreign_keys: list[ForeignKeyFact] = field(default_factory=list)


def dumped(reader: RubyReader) -> Iterator[TableDefined | TableChanged]:
    """The tables of a dump, with the newest migration that it has in it; nothing for any other file."""
    found = DEFINITION.search(reader.content) if MARK in reader.content else None
    node = reader.leaf_at(found.start(1)) if found is not None else None
    if found is None or node is None or node.type != "constant":
        return
    call: Node | None = next((a for a in reader.ancestors(node) if body_of(a) is not None), None)
    if call is None:
        return
    dialect = next((engine for engine, sign in ENGINES if sign.search(reader.content)), "")
    # Only from Rails 5.1 on is a key of 64 bits the default, and only 7.0 writes its version here.
    usual_key = "BIGINT" if found["version"] else ""
    drafts: dict[str, Dumped] = {}
    for _, statement in zip(range(MAX_STATEMENTS), calls_in(body_of(call)), strict=False):
        match reader.method_name(statement):
            case "create_table":
                draft = table(reader, statement, dialect, usual_key)
                if draft is not None:
                    drafts.setdefault(draft.name, draft)
            case "add_index":
                args, options, _ = reader.arguments(statement)
                draft = drafts.get(named(reader, args[:1]))
                if draft is not None:
                    index(reader, draft, args[1:], options, statement)
            case "add_foreign_key":
                foreign_key(reader, drafts, statement)
            case _:
                pass
    for draft in drafts.values():
        yield TableDefined(
            draft.at,
            draft.name,
            tuple(draft.columns.values()),
            tuple(draft.indexes),
            tuple(draft.foreign_keys),
            dialect,
        )
    if found["newest"]:
        newest = found["newest"].decode().replace("_", "")
        yield TableChanged(reader.span(node), RUN_TABLE, "seed", name=newest)


def table(reader: RubyReader, call: Node, dialect: str, usual_key: str) -> Dumped | None:
    args, options, _ = reader.arguments(call)
    name = named(reader, args[:1])
    if not name:
        return None
    draft = Dumped(name, reader.span(call))
    primary_key(reader, draft, options, dialect, usual_key)
    for _, statement in zip(range(MAX_COLUMNS), calls_in(body_of(call)), strict=False):
        kind = reader.method_name(statement)
        args, options, _ = reader.arguments(statement)
        if kind == "index":
            index(reader, draft, args, options, statement)
        elif kind == "unique_constraint":
            columns = tuple(words(reader, args[0])) if args else ()
            if columns:
                draft.indexes.append(IndexFact(columns, unique=True, at=reader.span(statement)))
        elif kind not in NO_COLUMNS:
            column(reader, draft, kind, args, options, statement)
    return draft


def primary_key(
    reader: RubyReader, draft: Dumped, options: dict[str, Node], dialect: str, usual_key: str
) -> None:
    columns = tuple(words(reader, options.get("primary_key"))) or ("id",)
    given = options.get("id")
    if given is not None and reader.hint(given) == "false":
        return
    if len(columns) == 1:
        written = usual_key
        settings: dict[str, Node] = {}
        if given is not None and given.type == "hash":
            settings = reader.members(given)
            given = settings.get("type")
        if given is not None:
            written = sql_type(reader, (words(reader, given) or [""])[0], settings)
            if written == "INT" and not dialect:
                written = ""  # SQLite's integer has 64 bits
        own = "default" in options or "default" in settings
        counting = not own and (written in COUNTING or not written)
        draft.columns[columns[0].lower()] = ColumnFact(
            columns[0], written, nullable=False, auto_increment=counting, at=draft.at
        )
    draft.indexes.append(IndexFact(columns, unique=True, primary=True, at=draft.at))


def column(
    reader: RubyReader,
    draft: Dumped,
    kind: str,
    args: list[Node],
    options: dict[str, Node],
    statement: Node,
) -> None:
    name = (words(reader, args[0]) or [""])[0] if args else ""
    if kind == "column" and len(args) > 1:
        kind = (words(reader, args[1]) or [""])[0]
    if not NAME.fullmatch(name):
        return
    nullable = options.get("null")
    draft.columns.setdefault(
        name.lower(),
        ColumnFact(
            name,
            sql_type(reader, kind, options),
            nullable=nullable is None or reader.hint(nullable) != "false",
            auto_increment=kind in ("serial", "bigserial"),
            at=reader.span(statement),
        ),
    )
    beside_column(reader, draft, args[0], options, statement)


def beside_column(
    reader: RubyReader, draft: Dumped, name: Node, options: dict[str, Node], statement: Node
) -> None:
    """What schema_plus writes beside a column: `index: {with: ["shop_id"]}`, `foreign_key: {references: "shops"}`."""
    given = options.get("index")
    if given is not None and reader.hint(given) not in ("false", "nil"):
        settings = reader.members(given) if given.type == "hash" else {}
        index(reader, draft, [name], settings, statement)
    key = options.get("foreign_key")
    referred = reader.members(key) if key is not None and key.type == "hash" else {}
    target = named(reader, [referred["references"]]) if "references" in referred else ""
    if target:
        columns = tuple(words(reader, name))
        draft.foreign_keys.append(ForeignKeyFact(columns, target, at=reader.span(statement)))


def sql_type(reader: RubyReader, kind: str, options: dict[str, Node]) -> str:
    written = TYPES.get(kind, kind.upper())
    limit, unsigned = options.get("limit"), options.get("unsigned")
    if written == "INT" and limit is not None:
        written = WIDTHS.get(reader.hint(limit), written)
    if unsigned is not None and reader.hint(unsigned) == "true":
        written += " UNSIGNED"
    return written


def index(
    reader: RubyReader, draft: Dumped, args: list[Node], options: dict[str, Node], statement: Node
) -> None:
    given = words(reader, args[0]) if args else []
    if len(given) == 1:
        given = expressions(given[0])
    given += words(reader, options.get("with"))
    columns = tuple(each if NAME.fullmatch(each) else f"({each})" for each in given)
    if not columns:
        return
    apart = options.get("case_sensitive")
    if apart is not None and reader.hint(apart) == "false":
        columns = (f"(lower({columns[0]}))", *columns[1:])
    texts = {
        key: (words(reader, options.get(key)) or [""])[0] for key in ("name", "where", "using")
    }
    unique = options.get("unique")
    draft.indexes.append(
        IndexFact(
            columns,
            texts["name"],
            unique=unique is not None and reader.hint(unique) == "true",
            where=texts["where"] or ("?" if "where" in options else ""),
            method="" if texts["using"] == "btree" else texts["using"],
            at=reader.span(statement),
        )
    )


def expressions(text: str) -> list[str]:
    """The parts of an index of expressions: "(ifnull(`parent_id`,0)), `slug`"."""
    parts, depth = [""], 0
    for letter in text[:MAX_TEXT]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip(' `"') for part in parts if part.strip()]


def foreign_key(reader: RubyReader, drafts: dict[str, Dumped], statement: Node) -> None:
    args, options, _ = reader.arguments(statement)
    draft, target = drafts.get(named(reader, args[:1])), named(reader, args[1:2])
    if draft is None or not target:
        return
    columns = tuple(words(reader, options.get("column"))) or conventional(draft, target)
    if columns:
        references = tuple(words(reader, options.get("primary_key")))
        name = (words(reader, options.get("name")) or [""])[0]
        draft.foreign_keys.append(
            ForeignKeyFact(columns, target, references, reader.span(statement), name)
        )


def conventional(draft: Dumped, target: str) -> tuple[str, ...]:
    """The column that `add_foreign_key` means when it names none: `user_id` for `users`."""
    usual = f"{singular(target)}_id"
    if usual in draft.columns:
        return (draft.columns[usual].name,)
    fitting = [c.name for key, c in draft.columns.items()
               if key.endswith("_id") and plural(key.removesuffix("_id")) == target]  # fmt: skip
    return (fitting[0],) if len(fitting) == 1 else ()


def named(reader: RubyReader, args: list[Node]) -> str:
    """The table that the first argument names, lower case and without a schema's prefix."""
    given = words(reader, args[0]) if args else []
    return given[0].rpartition(".")[2].lower() if len(given) == 1 else ""
