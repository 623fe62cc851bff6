"""Migrations of Sequel: `Sequel.migration do change do create_table(:orders) do ... end end end`.

What `up` and `change` do is read, `down` is not. Before Sequel 3.8 they were classes with methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.ruby.blocks import INSIDE, MAX_DEPTH, body_of
from scaleaudit.languages.ruby.migration_loops import rounds
from scaleaudit.languages.ruby.sequel_migration_lines import (
    Lines,
    changed,
    created,
    join_table,
    table_name,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Steps = Iterator[TableDefined | TableChanged]

START = regex(rb"^[ \t]*Sequel\.(migration)\b", 8)
FORWARD = frozenset({"up", "change"})
CREATES = frozenset({"create_table", "create_table?", "create_table!"})
OWN = frozenset({"self", "db", "DB", "@db"})
MAX_STATEMENTS = 5_000


def sequel_migrations(reader: RubyReader) -> Steps:
    """The steps of a file's migration; nothing for any other file."""
    if b"Sequel::Migration" in reader.content:
        yield from of_classes(reader)
    match = START.search(reader.content) if b"Sequel.migration" in reader.content else None
    leaf = reader.leaf_at(match.start(1)) if match is not None else None
    call = leaf.parent if leaf is not None else None
    if call is None or call.type != "call":
        return
    walk = Walk(reader)
    body = body_of(call)
    for direction in body.named_children if body is not None else ():
        if direction.type == "call" and reader.method_name(direction) in FORWARD:
            yield from walk.steps(body_of(direction), "", 0)


def of_classes(reader: RubyReader) -> Steps:
    """`class AddOrders < Sequel::Migration; def up; create_table ...`."""
    for holder in reader.declared.holders:
        for method in holder.methods if holder.superclass == "Sequel.Migration" else ():
            if reader.definition_name(method) in FORWARD:
                yield from Walk(reader).steps(method.child_by_field_name("body"), "", 0)


class Walk:
    """The statements of one file, through conditions, blocks and loops over lists."""

    def __init__(self, reader: RubyReader) -> None:
        self.lines = Lines(reader, {})
        self._left = MAX_STATEMENTS

    def steps(self, node: Node | None, table: str, depth: int) -> Steps:
        """`table`: of the `alter_table` around."""
        for child in node.named_children if node is not None and depth < MAX_DEPTH else ():
            self._left -= 1
            if self._left < 0:
                return
            if child.type == "call":
                yield from self._statement(child, table, depth)
            elif child.type in INSIDE:
                yield from self.steps(child, table, depth + 1)

    def _statement(self, call: Node, table: str, depth: int) -> Steps:
        lines, reader = self.lines, self.lines.reader
        name, body = reader.method_name(call), body_of(call)
        receiver = call.child_by_field_name("receiver")
        if receiver is not None and reader.hint(receiver) not in OWN:
            if name == "each" and body is not None:
                outer = lines.names
                for given in rounds(reader, call):
                    lines.names = {**outer, **given}
                    yield from self.steps(body, table, depth + 1)
                lines.names = outer
            elif body is not None:
                yield from self.steps(body, table, depth + 1)
            return
        args, options, _ = reader.arguments(call)
        if name == "create_join_table":
            yield from join_table(lines, call)
        elif table:
            told = list(changed(lines, call, table, name, args, options))
            yield from told
            if not told and body is not None:
                yield from self.steps(body, table, depth + 1)
        elif name == "alter_table":
            altered = table_name(lines, args[:1])
            if altered:
                yield from self.steps(body, altered, depth + 1)
        elif name in CREATES:
            new = table_name(lines, args[:1])
            if new:
                yield created(lines, call, new)
        elif name in ("drop_table", "drop_table?"):
            for each in args:
                dropped = table_name(lines, [each])
                if dropped:
                    yield TableChanged(reader.span(call), dropped, "drop")
        elif name == "rename_table":
            old, later = table_name(lines, args[:1]), table_name(lines, args[1:2])
            if old and later:
                yield TableChanged(reader.span(call), old, "rename", name=later)
        else:
            of = table_name(lines, args[:1])
            told = list(changed(lines, call, of, name, args[1:], options)) if of else []
            yield from told
            if not told and body is not None:
                yield from self.steps(body, "", depth + 1)
