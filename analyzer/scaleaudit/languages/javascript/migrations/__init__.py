"""Migrations written in JavaScript: what `up` does to the schema, in order; `down` is not read.

Knex, TypeORM, Sequelize, MikroORM and db-migrate differ in their calls, which the shape of the
arguments tells apart; all of them may run SQL as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.migrations.walk import Migration
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableChanged, TableDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

UP = regex(rb"up(?<!\wup)\b\s*[\"']?\s*(?:[=:(<])")
DOWN = regex(rb"\bdown\b\s*[\"']?\s*(?:[=:(<])")
# Parts of every such call: few searches tell that a file has none.
WORDS = (
    b".schema",
    b"ueryRunner",
    b"ueryInterface",
    b"Sql",
    b".raw",
    b"Table",
    b"Column",
    b"Index",
    b"create ",
    b"CREATE ",
    b"alter ",
    b"ALTER ",
    b"drop ",
    b"DROP ",
)
TOOLS = {
    b"queryRunner": "typeorm-migrations",
    b"queryInterface": "sequelize-migrations",
    b"pgm.": "node-pg-migrate",
    b"knex": "knex",
    b"Knex": "knex",
}
MARK = regex(
    rb"\.schema\b|[qQ]ueryRunner|[qQ]ueryInterface|runSql|addSql|\.raw\s*\("
    rb"|(?:create|drop|rename|add|remove|change)(?:Table|Column|Index|Constraint|ForeignKey)"
)
# Statements alone, whatever runs them: a migration where the file says both ways.
STATEMENT = regex(
    rb"(?i)[\"'`]\s*(?:create|alter|drop)\s+(?:unique\s+)?(?:table|index|type|view|materialized)\s"
)
# Without a way back: a script that sets the database up.
SETS_UP = regex(rb"\.schema\s*(?:\.\s*withSchema\([^)\n]*\)\s*)?\.\s*createTable")
KYSELY = regex(rb"[\"']kysely[\"']")
FUNCTIONS = frozenset({"arrow_function", "function_expression"})
MAX_PLACES = 20  # of the word, in one file


def migrations(reader: JavaScriptReader) -> Iterator[TableDefined | TableChanged]:
    """The steps of a file's migrations; nothing for any other file."""
    if not reader.says(*WORDS):
        return
    if b"kysely" in reader.content and KYSELY.search(reader.content) is not None:
        return  # its chains have a reader of their own
    if UP.search(reader.content) is None:
        if SETS_UP.search(reader.content) is not None:
            yield from Migration(reader).walk(reader.root)
        return
    goes_back = DOWN.search(reader.content) is not None
    if MARK.search(reader.content) is None:
        if not goes_back or STATEMENT.search(reader.content) is None:
            return
        goes_back = False  # other functions of the file may do a part of it
    migration = Migration(reader)
    for _, match in zip(range(MAX_PLACES), UP.finditer(reader.content), strict=False):
        body = _forward(reader, match.start())
        if body is None:
            continue
        reader.schema_told = reader.schema_told or goes_back
        for step in migration.run(body):
            reader.schema_told = True
            yield step


def tool_of(content: bytes) -> str:
    """What the steps of a migration are written with, by whom they are handed to; empty: not known."""
    return next((tool for word, tool in TOOLS.items() if word in content), "")


def _forward(reader: JavaScriptReader, at: int) -> Node | None:
    """The function that has the name at this place."""
    name = reader.root.descendant_for_byte_range(at, at + 2)
    if name is None or reader.text(name) != "up":
        return None
    above = name.parent
    if above is not None and above.type == "string":
        name, above = above, above.parent
    if above is None:
        return None
    if above.type == "member_expression":  # exports.up = ...
        holder = above.child_by_field_name("object")
        if holder is None or not reader.text(holder).endswith("exports"):
            return None
        name, above = above, above.parent
    if above is None:
        return None
    if above.type in ("function_declaration", "method_definition"):
        named = above.child_by_field_name("name")
        return above if named is not None and named.id == name.id else None
    for field in ("value", "right"):
        given = above.child_by_field_name(field)
        if given is not None and given.id != name.id and given.type in FUNCTIONS:
            return given
    return None
