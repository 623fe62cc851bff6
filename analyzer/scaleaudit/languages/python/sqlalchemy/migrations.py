"""Alembic's migrations, step by step: what `upgrade` does; `downgrade` is not read.

A step whose table or columns are worked out at run time is left out, and the file says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MigrationStep
from scaleaudit.languages.python.later import LATER
from scaleaudit.languages.python.sqlalchemy.migration_steps import STEPS
from scaleaudit.languages.python.sqlalchemy.syntax import (
    bare,
    given,
    items,
    last_name,
    literal,
    receiver,
)
from scaleaudit.languages.python.sqlalchemy.unrolled import constants, handed, rounds, standing
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableChanged, TableDefined
    from scaleaudit.languages.python.reader import PythonReader

    Steps = Iterator[TableDefined | TableChanged]

MADE = regex(rb"(?m)^Create Date: (\d{4})-(\d\d)-(\d\d)")
# Steps that always make something: where nothing is known of one, its names are worked out.
MAKES = frozenset({"create_table", "add_column", "create_index", "create_foreign_key"})
UPGRADE = regex(r"upgrade(?:_\w+)?")
MAX_STATEMENTS = 5_000  # of one file
MAX_DEPTH = 12  # blocks, and functions of the file, inside one another
MAX_AFTER = 8


class Migration(Gathering):
    """One file."""

    reader: PythonReader
    functions: dict[str, Node]
    batches: dict[str, str]  # names of `batch_alter_table`, with their table
    left: int = MAX_STATEMENTS

    def walk(self, block: Node | None, depth: int = 0) -> Steps:
        if block is None or depth > MAX_DEPTH:
            return
        for child in block.named_children:
            self.left -= 1
            if self.left < 0:
                return
            if child.type == "expression_statement" and child.named_children:
                yield from self.statement(child.named_children[0], depth)
            elif child.type == "with_statement":
                self.open(child)
                yield from self.walk(child.child_by_field_name("body"), depth + 1)
            elif child.type == "for_statement":
                for names in rounds(self.reader, child):
                    yield from self.inside(child.child_by_field_name("body"), depth + 1, names)
            elif child.type.endswith(("_statement", "_clause")) or child.type == "block":
                yield from self.walk(child, depth + 1)

    def inside(self, block: Node | None, depth: int, names: dict[str, str]) -> Steps:
        """The steps of a block in which the names stand for these texts."""
        with standing(self.reader, names):
            steps = list(self.walk(block, depth))
        yield from steps

    def open(self, node: Node) -> None:
        """`with op.batch_alter_table("orders") as batch:`."""
        for clause in node.named_children[:2]:
            for item in clause.named_children:
                value = item.child_by_field_name("value") or item
                if value.type != "as_pattern" or not value.named_children:
                    continue
                call, alias = value.named_children[0], value.child_by_field_name("alias")
                if last_name(self.reader, call) == "batch_alter_table" and alias is not None:
                    args = given(call, self.reader).args
                    table = literal(self.reader, args[0]) if args else ""
                    self.batches[self.reader.hint(alias)] = table.rpartition(".")[2].lower()

    def statement(self, node: Node, depth: int) -> Steps:
        if node.type == "assignment":
            node = node.child_by_field_name("right") or node
        call = bare(node)
        if call.type != "call":
            return
        name, of = last_name(self.reader, call), receiver(call)
        if of is None:
            function = self.functions.get(name)
            if function is not None and not name.startswith("downgrade"):
                names = handed(self.reader, function, call)
                yield from self.inside(function.child_by_field_name("body"), depth + 3, names)
            return
        step = STEPS.get(name)
        if step is not None:
            batch = self.batches.get(self.reader.hint(of)) if of.type == "identifier" else None
            made = list(step(self.reader, call, given(call, self.reader), batch))
            if not made and name in MAKES and not self.reader.problem:
                line = self.reader.span(call).line
                self.reader.problem = f"{LATER}: line {line}, {name}"
            yield from made


def migration(reader: PythonReader) -> Iterator[MigrationStep | TableDefined | TableChanged]:
    """The steps of a file with the migrations before it; nothing for any other file."""
    revision = literal(reader, reader.module_values.get("revision"))
    functions: dict[str, Node] = {}
    for child in reader.root.named_children:
        function = child.child_by_field_name("definition") or child
        if function.type == "function_definition":
            functions[reader.definition_name(function)] = function
    if not revision or not any(UPGRADE.fullmatch(name) for name in functions):
        return
    before = after(reader)
    made = MADE.search(reader.content)
    day = int(b"".join(made.groups())) if made is not None else 0
    yield MigrationStep(reader.span(reader.root), revision, before, day)
    found = Migration(reader, functions, {})
    for name, function in functions.items():
        if UPGRADE.fullmatch(name):
            yield from found.inside(function.child_by_field_name("body"), 0, constants(reader))


def after(reader: PythonReader) -> tuple[str, ...]:
    """`down_revision` and `depends_on`: one, several or none."""
    found: list[str] = []
    for name in ("down_revision", "depends_on"):
        node = reader.module_values.get(name)
        if node is not None:
            texts = (literal(reader, each) for each in items(node) or [node])
            found += [text for text in texts if text and text != "None"]
    return tuple(found[:MAX_AFTER])
