"""How Elixir spells modules, functions, calls and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.languages.elixir import loops
from scaleaudit.languages.elixir.ecto import ecto_facts
from scaleaudit.languages.elixir.modules import full_name, modules_and_names
from scaleaudit.languages.elixir.phoenix import routes
from scaleaudit.languages.elixir.strings import value_of
from scaleaudit.languages.elixir.syntax import (
    DEFINES,
    arguments,
    defined_name,
    is_pipe,
    local_name,
    operator,
    parts,
    word,
)
from scaleaudit.languages.elixir.uses import used
from scaleaudit.languages.reader import Reader
from scaleaudit.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact

# Attributes whose texts are for people.
WORDS = ("@doc", "@moduledoc", "@typedoc", "@shortdoc")
MAX_ABOVE = 12


class ElixirReader(Reader):
    STRINGS: ClassVar = frozenset({"string", "sigil"})
    CALLS: ClassVar = frozenset({"call"})

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.modules: list[str] = []  # that the file defines, in full
        self.module_nodes: list[Node] = []
        self.own_names: dict[int, str] = {}  # by id of the node

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        self.module_nodes = captures.get("module", [])
        yield from modules_and_names(self, self.module_nodes, captures.get("names", []))

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        yield from used(self, captures.get("names", []))
        yield from routes(self)
        yield from ecto_facts(self)

    # -- functions are calls of `def`

    def function_around(self, node: Node) -> Node | None:
        for above in self.ancestors(node):
            if above.type == "call" and local_name(above) in DEFINES:
                return above
        return None

    def scope(self, node: Node) -> str:
        around = self.function_around(node)
        return defined_name(around) if around is not None else ""

    def definition_name(self, node: Node) -> str:
        return defined_name(node)

    def in_loop(self, node: Node) -> bool:
        return loops.in_loop(self, node)

    def is_async(self, function: Node) -> bool:
        return False

    # -- calls and values

    def callee(self, node: Node) -> str:
        owner, name = parts(node)
        if owner.startswith(":"):  # of Erlang: `:httpc.request`
            return f"{owner[1:]}.{name}"
        return f"{owner}.{name}" if owner else name

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        """What a pipe hands to the call is its first argument."""
        given, options = arguments(node)
        above = next(self.ancestors(node), None)
        if above is not None and is_pipe(above):
            left, right = above.child_by_field_name("left"), above.child_by_field_name("right")
            if left is not None and right is not None and right.id == node.id:
                if is_pipe(left):
                    left = left.child_by_field_name("right") or left
                given = [left, *given]
        opaque = any(each.type == "identifier" for each in given[1:])
        return given, options, opaque

    def value(self, node: Node, depth: int = 0) -> Value:
        return value_of(self, node, depth)

    def statement(self, node: Node) -> Value:
        """Of a statement written as a sum of texts the whole."""
        whole = node
        for above, _ in zip(self.ancestors(node), range(MAX_ABOVE), strict=False):
            if above.type == "binary_operator" and operator(above) == b"<>":
                whole = above
            elif above.type == "unary_operator" and word(above).startswith(WORDS):
                return UNKNOWN
        return self.value(whole)

    def leaf_at(self, offset: int) -> Node | None:
        return self.root.descendant_for_byte_range(offset, offset + 1)

    def module_named(self, node: Node | None) -> str:
        return full_name(self, node)
