"""Ecto's migrations, step by step.

What `up` and `change` do is read, `down` is not. A step whose table or columns are worked out at run
time is left out, but for a loop over a list that stands there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.ecto.migration_steps import STEPS, run_here
from scaleaudit.languages.elixir.syntax import (
    DEFINES,
    arguments,
    atom,
    body,
    defined_name,
    elements,
    local_name,
    named,
    operator,
    parameters,
    parts,
    piped,
    quoted,
    raw,
    unwrapped,
    word,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableChanged, TableDefined
    from scaleaudit.languages.elixir.reader import ElixirReader

    Steps = Iterator[TableDefined | TableChanged]

USED = regex(rb"(?m)^\s*use[ (]+[\w.]*Migration\b")
FORWARD = ("up", "change")
BACK = frozenset({"down"})
INSIDE = frozenset(
    {"do_block", "else_block", "stab_clause", "body", "block", "binary_operator", "anonymous_function",
     "arguments", "keywords", "pair", "rescue_block", "after_block", "unary_operator"}
)  # fmt: skip
EACH = frozenset({"each", "map", "reduce", "with_index", "flat_map"})
MAX_STATEMENTS = 5_000  # of one file
MAX_DEPTH = 24
MAX_ROUNDS = 100  # of one loop
# A person's word that nobody waits, to a check of migrations (excellent_migrations).
ASSURED_FILE = b"safety-assured-for-this-file"
ASSURED_LINE = b"safety-assured-for-next-line"


@dataclass(slots=True)
class Migration:
    reader: ElixirReader
    functions: dict[str, list[Node]]
    attributes: dict[str, Node]
    left: int = MAX_STATEMENTS
    names: dict[str, str] = field(default_factory=dict)  # of loops, to their value now

    def walk(self, node: Node, depth: int = 0) -> Steps:
        """A statement and what stands in it, through conditions, loops and functions of the module."""
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return
        if node.type == "call":
            yield from self.call(node, depth)
        elif node.type == "identifier":
            yield from self.own_function(word(node), depth)
        elif node.type in INSIDE:
            for child in named(node):
                yield from self.walk(child, depth + 1)

    def call(self, node: Node, depth: int) -> Steps:
        owner, name = parts(node)
        step = STEPS.get(name) if not owner else None
        if step is not None:
            yield from step(self, node, *arguments(node))
            return
        if owner:
            yield from run_here(self, node, owner, name)
        if name in BACK:
            return
        over = self.rounds(node, owner, name)
        if over is not None:
            variable, values, inner = over
            before = self.names
            for value in values[:MAX_ROUNDS]:
                self.names = {**before, variable: value}
                for each in inner:
                    yield from self.walk(each, depth + 1)
            self.names = before
            return
        if not owner and name in self.functions:
            yield from self.own_function(name, depth)
        for child in node.named_children:
            if child.type in ("do_block", "arguments"):
                yield from self.walk(child, depth + 1)

    def own_function(self, name: str, depth: int) -> Steps:
        if name in BACK or depth > MAX_DEPTH // 2:
            return
        for each in self.functions.get(name, ())[:1]:
            for statement in body(each):
                yield from self.walk(statement, depth + 2)

    def rounds(self, node: Node, owner: str, name: str) -> tuple[str, list[str], list[Node]] | None:
        """What a loop over a list of names binds, and what it repeats."""
        given, _ = arguments(node)
        if not owner and name == "for" and given and given[0].type == "binary_operator":
            left, right = (
                given[0].child_by_field_name("left"),
                given[0].child_by_field_name("right"),
            )
            values = self.texts(right)
            if left is not None and left.type == "identifier" and values:
                return word(left), values, body(node)
        if owner == "Enum" and name in EACH and given:
            function = given[-1]
            listed = given[0] if len(given) > 1 else self.handed(node)
            values = self.texts(listed)
            clause = next((c for c in function.named_children if c.type == "stab_clause"), None)
            if function.type != "anonymous_function" or clause is None or not values:
                return None
            left, right = clause.child_by_field_name("left"), clause.child_by_field_name("right")
            bound = named(left) if left is not None else []
            if len(bound) == 1 and bound[0].type == "identifier" and right is not None:
                return word(bound[0]), values, [right]
        return None

    def handed(self, node: Node) -> Node | None:
        above = next(self.reader.ancestors(node), None)
        if above is None or above.type != "binary_operator" or operator(above) != b"|>":
            return None
        return piped(above)[0]

    def texts(self, node: Node | None) -> list[str]:
        """Names that stand there, or that an attribute or the loop around gives."""
        found: list[str] = []
        for each in elements(self.meant(node)):
            each = self.meant(each) or each
            if each.type in ("atom", "quoted_atom"):
                found.append(atom(each))
            elif each.type in ("string", "sigil"):
                text = self.interpolated(each)
                if raw(each).startswith(b"~w"):
                    found.extend(text.split())
                elif text:
                    found.append(text)
            elif each.type == "identifier" and word(each) in self.names:
                found.append(self.names[word(each)])
            else:
                return []
        return found

    def interpolated(self, node: Node) -> str:
        found = ""
        for child in node.named_children:
            if child.type in ("quoted_content", "escape_sequence"):
                found += word(child)
            elif child.type == "interpolation":
                inner = self.texts(child.named_children[0]) if child.named_children else []
                if len(inner) != 1:
                    return ""
                found += inner[0]
        return found

    def meant(self, node: Node | None) -> Node | None:
        """`@table` as what it stands for; a local name as what it is given."""
        if node is None:
            return None
        node = unwrapped(node)
        if node.type == "unary_operator" and raw(node).startswith(b"@"):
            return self.attributes.get(word(node)[1:], node)
        if node.type == "identifier" and word(node) not in self.names:
            made = self.reader.local(word(node), node)
            return made if made is not None else node
        return node

    def text(self, node: Node | None) -> str:
        found = self.texts(node)
        return found[0] if len(found) == 1 else ""

    def table(self, node: Node | None) -> str:
        return self.text(node).rpartition(".")[2].lower()

    def sql(self, node: Node) -> str:
        meant = self.meant(node)
        if meant is None or meant.type not in ("string", "sigil"):
            return ""
        return self.interpolated(meant) if self.names else quoted(meant)

    def assured(self, node: Node) -> bool:
        """Whether a comment says that somebody has looked at the step."""
        content = self.reader.content
        if ASSURED_FILE in content:
            return True
        if ASSURED_LINE not in content:
            return False
        above = content.rfind(b"\n", 0, node.start_byte)
        line = content.rfind(b"\n", 0, max(above, 0)) + 1
        return ASSURED_LINE in content[line : max(above, 0)]


def migrations(reader: ElixirReader) -> Steps:
    """The steps of the migrations of a file; nothing for any other file."""
    if USED.search(reader.content) is None:
        return
    for module in reader.module_nodes:
        functions: dict[str, list[Node]] = {}
        attributes: dict[str, Node] = {}
        for each in body(module):
            if local_name(each) in DEFINES:
                functions.setdefault(defined_name(each), []).append(each)
            elif each.type == "unary_operator" and raw(each).startswith(b"@"):
                inner = named(each)
                given, _ = arguments(inner[0]) if inner else ([], {})
                if given:
                    attributes[parts(inner[0])[1]] = given[0]
        migration = Migration(reader, functions, attributes)
        for name in FORWARD:
            for function in functions.get(name, ()):
                if not parameters(function):
                    for statement in body(function):
                        yield from migration.walk(statement)
