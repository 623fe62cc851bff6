"""How Rust spells imports, functions, calls and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ConstantDefined, ImportFound, SettingRead
from scaleaudit.languages.reader import Reader
from scaleaudit.languages.rust.clients import clients
from scaleaudit.languages.rust.configuration import declared_settings
from scaleaudit.languages.rust.routing import routes
from scaleaudit.languages.rust.syntax import last_part, method_of, positional, taken_in
from scaleaudit.languages.rust.values import value_of
from scaleaudit.values import Join, Literal, Setting, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact


class RustReader(Reader):
    FUNCTIONS: ClassVar = frozenset({"function_item"})
    CLASSES: ClassVar = frozenset({"impl_item"})
    LOOPS: ClassVar = frozenset({"for_expression", "while_expression", "loop_expression"})
    STRINGS: ClassVar = frozenset({"string_literal", "raw_string_literal"})
    CALLS: ClassVar = frozenset({"call_expression"})
    READS_SQL: ClassVar = True  # nothing is told of statements yet, in whatever string

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.schema_told = True
        self.constants: dict[str, Node] = {}  # of the file: name -> what it is given

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        tests = [(node.start_byte, node.end_byte) for node in captures.pop("tests", ())]
        for nodes in captures.values():
            nodes[:] = [n for n in nodes if not any(a <= n.start_byte < b for a, b in tests)]
        for node in captures.get("import", ()):
            for module, name, here in taken_in(self, node):
                self.imports[here or name] = ".".join(p for p in (module, name) if p)
                yield ImportFound(self.span(node), module, ((name, here or name),))
        for node in captures.get("constant", ()):
            named, given = node.child_by_field_name("name"), node.child_by_field_name("value")
            if named is not None and given is not None:
                self.constants[self.text(named)] = given
        for name, given in self.constants.items():
            value = self.value(given)
            if isinstance(value, Literal | Setting | Join):
                yield ConstantDefined(self.span(given), name, value)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        calls = captures.get("call", [])
        for node in calls:
            value = self.value(node) if last_part(self, node) in ("var", "var_os") else None
            if isinstance(value, Setting):
                yield SettingRead(self.span(node), value.key, self.scope(node))
        yield from declared_settings(self, captures.get("attribute", []))
        yield from routes(self, calls, captures.get("attribute", []))
        yield from clients(self, calls)

    def definition_name(self, node: Node) -> str:
        named = node.child_by_field_name("type" if node.type == "impl_item" else "name")
        return self.text(named) if named is not None else ""

    def is_async(self, function: Node) -> bool:
        return any("async" in self.text(child) for child in function.children[:2])

    def callee(self, node: Node) -> str:
        return method_of(self, node) or last_part(self, node)

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        return positional(node), {}, False

    def value(self, node: Node, depth: int = 0) -> Value:
        return value_of(self, node, depth)
