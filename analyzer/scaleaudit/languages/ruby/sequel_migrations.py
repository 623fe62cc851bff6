"""Migrations of Sequel: `Sequel.migration do change do create_table(:orders) do ... end end end`.

What `up` and `change` do is read, `down` is not. Before Sequel 3.8 they were classes with methods.
Programs without migrations make their tables themselves: `DB.create_table?(:orders) do ... end`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged, TableDefined
from scaleaudit.languages.ruby.active_record.words import DATABASES
from scaleaudit.languages.ruby.blocks import INSIDE, MAX_DEPTH, body_of
from scaleaudit.languages.ruby.migration_loops import rounds
from scaleaudit.languages.ruby.sequel_migration_lines import (
    Lines,
    changed,
    created,
    join_table,
    table_name,
)
from scaleaudit.languages.table_strings import MARKS, STEPS, undone
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema, without_existence
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Steps = Iterator[TableDefined | TableChanged]

START = regex(rb"^[ \t]*(?:Sequel|ROM::SQL|Hanami::Model)\.(migration)\b", 8)
BY_ITSELF = regex(
    rb"(?<![\w.])(?:@?(?:db|database)|(?:[A-Z]\w*::)*DB|[a-z_]\w*\.db)"
    rb"\.(create_table[?!]?|create_join_table|alter_table|add_index|run|execute(?:_ddl)?)[ (]"
)
MADE = (b".create_table", b".create_join_table", b".alter_table", b".add_index", *MARKS)
UNNAMED = regex(rb"^[ \t]*(?:\w+ *= *)?Class\.(new)\b *\(? *(?:::)?Sequel::Migration\b", 8)
RUNS = frozenset({"run", "execute", "execute_ddl"})
MAX_SQL = 50_000  # characters of one statement
FORWARD = frozenset({"up", "change"})
CREATES = frozenset({"create_table", "create_table?", "create_table!"})
MAX_STATEMENTS = 5_000


def sequel_migrations(reader: RubyReader) -> Steps:
    """The steps of a file's migration; nothing for any other file."""
    if b"Sequel::Migration" in reader.content:
        yield from of_classes(reader)
    match = START.search(reader.content) if b".migration" in reader.content else None
    leaf = reader.leaf_at(match.start(1)) if match is not None else None
    call = leaf.parent if leaf is not None else None
    if call is None or call.type != "call":
        yield from in_code(reader)
        return
    walk = Walk(reader)
    body = body_of(call)
    for direction in body.named_children if body is not None else ():
        if direction.type == "call" and reader.method_name(direction) in FORWARD:
            yield from walk.steps(body_of(direction), "", 0)


def in_code(reader: RubyReader) -> Steps:
    """Tables that a program makes where it finds none."""
    content = reader.content
    if not reader.says(*MADE) or b"ActiveRecord" in content:
        return
    walk = Walk(reader)
    for match in BY_ITSELF.finditer(content):
        leaf = reader.leaf_at(match.start(1))
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call":
            continue
        block = call.child_by_field_name("block")
        bare = block is None or block.child_by_field_name("parameters") is None
        if bare and not undone(reader, call):
            yield from walk.statement(call, "", 0)


def in_sql(reader: RubyReader, call: Node, args: list[Node]) -> Steps:
    """`run "CREATE TABLE ..."`."""
    text = without_existence(text_with_holes(reader.value(args[0]))) if args else ""
    if len(text) > MAX_SQL or "{}" in text:
        return
    for fact in read_schema(text, guess_dialect(text), first_line=reader.span(call).line):
        if isinstance(fact, TableDefined) or fact.action in STEPS:
            yield fact


def of_classes(reader: RubyReader) -> Steps:
    """`class AddOrders < Sequel::Migration; def up; create_table ...`, also of a class without a name."""
    for holder in reader.declared.holders:
        for method in holder.methods if holder.superclass == "Sequel.Migration" else ():
            if reader.definition_name(method) in FORWARD:
                yield from Walk(reader).steps(method.child_by_field_name("body"), "", 0)
    for match in UNNAMED.finditer(reader.content) if reader.says(b"Class.new") else ():
        leaf = reader.leaf_at(match.start(1))
        call = leaf.parent if leaf is not None else None
        body = body_of(call) if call is not None and call.type == "call" else None
        for method in body.named_children if body is not None else ():
            if method.type == "method" and reader.definition_name(method) in FORWARD:
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
                yield from self.statement(child, table, depth)
            elif child.type in INSIDE:
                yield from self.steps(child, table, depth + 1)

    def statement(self, call: Node, table: str, depth: int) -> Steps:
        lines, reader = self.lines, self.lines.reader
        name, body = reader.method_name(call), body_of(call)
        receiver = call.child_by_field_name("receiver")
        own = (
            receiver is None
            or receiver.type == "self"
            or DATABASES.fullmatch(reader.hint(receiver))
        )
        if receiver is not None and not own and name not in RUNS:
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
        if name in RUNS:
            yield from in_sql(reader, call, args)
        elif name == "create_join_table":
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
