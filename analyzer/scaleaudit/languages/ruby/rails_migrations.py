"""Rails' migrations, step by step, for applications that keep no dump of their schema.

What `up` and `change` do is read, `down` is not. A step whose table or columns are worked out at run
time is left out, but for a loop over a list that stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.blocks import INSIDE, MAX_DEPTH, body_of
from scaleaudit.languages.ruby.migration_loops import rounds, texts
from scaleaudit.languages.ruby.migration_safety import ASSURED, backfill, keeps_writers, online
from scaleaudit.languages.ruby.migration_steps import STEPS
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableChanged, TableDefined
    from scaleaudit.languages.ruby.reader import RubyReader

    Options = dict[str, Node]
    Steps = Iterator[TableDefined | TableChanged]

MARK = b"ActiveRecord::Migration"
CLASS = regex(
    rb"^[ \t]*class[ \t]+[\w:]+[ \t]*<[ \t]*(?:::)?ActiveRecord::(Migration)\b(?:\[(\d+)\.(\d+)\])?",
    re.MULTILINE,
)
FORWARD = frozenset({"up", "change"})
BACK = frozenset({"down", "revert"})
MAX_STATEMENTS = 5_000  # of one file
OWN = frozenset({"self", "connection"})


@dataclass(slots=True)
class Migration:
    """One class, with what its version of Rails takes for granted."""

    reader: RubyReader
    wide: bool  # keys and references have 64 bits
    indexing: bool  # references bring an index
    methods: dict[str, Node]
    left: int = MAX_STATEMENTS
    assured: int = 0  # blocks of `safety_assured` around
    names: dict[str, str] = field(default_factory=dict)  # of loops, to their value now

    def walk(self, node: Node | None, depth: int = 0) -> Steps:
        """The statements of a body, through conditions, blocks and methods of the class."""
        if node is None or depth > MAX_DEPTH:
            return
        for child in node.named_children:
            self.left -= 1
            if self.left < 0:
                return
            if child.type == "call":
                yield from self.statement(child, depth)
            elif child.type == "identifier":
                yield from self.own_method(self.reader.hint(child), depth)
            elif child.type in INSIDE:
                yield from self.walk(child, depth + 1)

    def own_method(self, name: str, depth: int) -> Steps:
        method = self.methods.get(name) if name not in BACK else None
        if method is not None and depth < MAX_DEPTH // 2:
            yield from self.walk(method.child_by_field_name("body"), depth + 2)

    def statement(self, call: Node, depth: int) -> Steps:
        name, body = self.reader.method_name(call), body_of(call)
        step = STEPS.get(name)
        receiver = call.child_by_field_name("receiver")
        if name in BACK:
            return
        if step is not None and (receiver is None or self.reader.hint(receiver) in OWN):
            args, options, _ = self.reader.arguments(call)
            safe = self.assured > 0 or keeps_writers(self, name, options)
            for fact in step(self, call, args, options):
                yield online(fact) if safe else fact
        elif name == ASSURED and body is not None:
            self.assured += 1
            yield from self.walk(body, depth + 1)
            self.assured -= 1
        elif name == "update_all" and receiver is not None:
            yield from backfill(self, receiver, call)
        elif receiver is None and name in self.methods:
            yield from self.own_method(name, depth)
        elif name == "each" and receiver is not None and body is not None:
            yield from self.loop(call, body, depth)
        elif body is not None:
            yield from self.walk(body, depth + 1)

    def loop(self, call: Node, body: Node, depth: int) -> Steps:
        outer = self.names
        for given in rounds(self.reader, call):
            self.names = {**outer, **given}
            yield from self.walk(body, depth + 1)
        self.names = outer

    def texts(self, node: Node | None) -> list[str]:
        """Names that stand there, or that the loop around gives."""
        return texts(self.reader, node, self.names)

    def text(self, args: list[Node], position: int) -> str:
        found = self.texts(args[position]) if position < len(args) else []
        return found[0] if len(found) == 1 else ""

    def table(self, args: list[Node], position: int = 0) -> str:
        return self.text(args, position).rpartition(".")[2].lower()

    def option(self, options: Options, name: str) -> str:
        return (self.texts(options.get(name)) or [""])[0]


def migrations(reader: RubyReader) -> Steps:
    """The steps of the migrations of a file; nothing for any other file."""
    for match in CLASS.finditer(reader.content) if MARK in reader.content else ():
        leaf = reader.leaf_at(match.start(1))
        above = reader.ancestors(leaf) if leaf is not None else ()
        holder = next((each for each in above if each.type == "class"), None)
        body = holder.child_by_field_name("body") if holder is not None else None
        if body is None:
            continue
        version = (int(match[2]), int(match[3])) if match[2] else (0, 0)
        methods: dict[str, Node] = {}
        for each in body.named_children:
            called = each.child_by_field_name("name")
            if each.type in ("method", "singleton_method") and called is not None:
                methods[reader.hint(called)] = each
        migration = Migration(reader, version >= (5, 1), version >= (5, 0), methods)
        for name in sorted(FORWARD & methods.keys()):
            yield from migration.walk(methods[name].child_by_field_name("body"))
