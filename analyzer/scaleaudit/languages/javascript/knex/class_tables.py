"""The table that a class of queries is made for: `this.table`, told to the base class or set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

NAMES = frozenset({"table", "tableName", "_table", "_tableName", "TABLE", "TABLE_NAME"})
# `super("loans")`, `super(knex, "loans")`, `super({ knex, table: "loans" })`
TOLD = regex(
    rb"\bsuper\(\s*(?:(?:[\w.]{1,60}\s*,\s*){0,2}|\{[^{}]{0,200}?\btable(?:Name)?\s*:\s*)"
    rb"[\"'`](\w{1,80})[\"'`]\s*[,)}]"
)
SET = regex(
    rb"(?<![\w$])(?:this\.)?_?(?:table(?:Name)?|TABLE(?:_NAME)?)\s*(?::\s*[\w.'\"]{1,40}\s*)?=\s*[\"'`](\w{1,80})[\"'`]"
)


def class_table(reader: JavaScriptReader, node: Node) -> str:
    """The table behind `this.table` in a class, empty where the class does not say it once."""
    if not names_table(reader, node):
        return ""
    around = reader.class_around(node)
    if around is None:
        return ""
    for pattern in (SET, TOLD):
        found = {
            match[1].decode()
            for match in pattern.finditer(reader.content, around.start_byte, around.end_byte)
        }
        if found:
            return next(iter(found)) if len(found) == 1 else ""
    return ""


def names_table(reader: JavaScriptReader, node: Node) -> bool:
    """`this.table`, as people call what a class says once for all its queries."""
    held, named = node.child_by_field_name("object"), node.child_by_field_name("property")
    if held is None or named is None:
        return False
    return held.type == "this" and reader.text(named) in NAMES
