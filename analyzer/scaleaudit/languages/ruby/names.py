"""What the receivers of Ruby calls are: the constant a chain of calls starts with."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.reader import Reader
from scaleaudit.languages.ruby import blocks_around, leaves
from scaleaudit.languages.ruby.declarations import Declarations, Holder
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Query, Tree

MAX_NAME = 200  # bytes of a name; longer ones are chains of calls
MAX_HINT = 80
MAX_STEPS = 12  # from a name to what it stands for, and on
MAX_FOUND = 2_000  # places of one byte search that are looked at
CONSTANTS = frozenset({"constant", "scope_resolution"})
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head"})
# Calls that hand on a client of the same kind.
FLUENT = {
    "Bunny.new": frozenset({"start"}),
    "HTTP": frozenset(
        [
            "timeout",
            "headers",
            "auth",
            "basic_auth",
            "follow",
            "via",
            "through",
            "persistent",
            "accept",
            "cookies",
            "use",
            "encoding",
            "nodelay",
            "retriable",
        ]
    ),
}
HANDED_ON = frozenset({"tap", "freeze", "dup", "then", "with"})
DEFINITION = regex(rb"def(?<!\wdef)[ \t]+(?:self\.)?([a-z_]\w*)\b(?![?!=])")


class Meaning(Gathering):
    """What an expression stands for: a dotted name, and the calls that made it."""

    name: str
    made: Node | None = None
    fluent: list[Node] = msgspec.field(default_factory=list)
    variable: str = ""  # the name it was found under


UNTOLD = Meaning("?")


class NameReader(Reader):
    """The part of the reader that knows which constant or call a name leads to."""

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self._meanings: dict[int, Meaning] = {}
        self._local_values: dict[tuple[str, int], list[Node]] = {}
        self._definitions: dict[str, list[Node]] = {}
        self._instance_values: dict[str, list[Node]] = {}

    @cached_property
    def declared(self) -> Declarations:
        return Declarations(self)

    def hint(self, node: Node) -> str:
        """The beginning of a node's text; the whole may be very long."""
        start, end = node.start_byte, node.end_byte
        if end - start > MAX_HINT:
            end = start + MAX_HINT
        return self.content[start:end].decode("utf-8", "replace")

    @cached_property
    def deep(self) -> bool:
        return leaves.is_deep(self.root)

    def leaf_at(self, offset: int) -> Node | None:
        """The innermost node at a byte; None between nodes, and where it is no program."""
        return leaves.leaf_at(self.root, offset, deep=self.deep)

    def constant_name(self, node: Node) -> str:
        """`::Api::V1` to `Api.V1`; empty for anything that is no constant."""
        if node.type not in CONSTANTS or node.end_byte - node.start_byte > MAX_NAME:
            return ""
        text = self.text(node).removeprefix("::")
        return "" if "(" in text or "\n" in text else text.replace("::", ".")

    def definition_name(self, node: Node) -> str:
        named = node.child_by_field_name("name")
        if named is None:
            return ""
        return self.constant_name(named) or self.hint(named)

    def method_name(self, call: Node) -> str:
        method = call.child_by_field_name("method")
        return self.hint(method) if method is not None else ""

    # -- the meaning of a receiver

    def meaning(self, node: Node, steps: int = 0) -> Meaning:
        known = self._meanings.get(node.id)
        if known is None:
            self._meanings[node.id] = UNTOLD  # what leads back to itself
            known = self._meanings[node.id] = self._find_meaning(node, steps)
        return known

    def _find_meaning(self, node: Node, steps: int) -> Meaning:
        if steps > MAX_STEPS:
            return UNTOLD
        match node.type:
            case "constant" | "scope_resolution":
                return self._constant_meaning(node, steps)
            case "call":
                return self._call_meaning(node, steps)
            case "identifier" | "instance_variable" | "class_variable" | "global_variable":
                return self._variable_meaning(node, steps)
            case "operator_assignment" | "assignment":
                right = node.child_by_field_name("right")
                return self.meaning(right, steps + 1) if right is not None else UNTOLD
            case "parenthesized_statements" | "begin" | "body_statement" if node.named_children:
                return self.meaning(node.named_children[-1], steps + 1)
            case "self":
                return Meaning("self")
            case _:
                return UNTOLD

    def _constant_meaning(self, node: Node, steps: int) -> Meaning:
        """A constant of this file that holds a client stands for the client."""
        name = self.constant_name(node)
        if not name:
            return UNTOLD
        assigned = self.constant_node(name) if node.type == "constant" else None
        if assigned is not None and assigned.type == "call":
            found = self.meaning(assigned, steps + 1)
            if found.made is not None:
                return Meaning(found.name, found.made, found.fluent, name)
        return Meaning(name)

    def _call_meaning(self, node: Node, steps: int) -> Meaning:
        receiver, name = node.child_by_field_name("receiver"), self.method_name(node)
        if receiver is None:
            if node.child_by_field_name("arguments") is None:
                return self._variable_meaning(node, steps)
            return Meaning(name, node)
        above = self.meaning(receiver, steps + 1)
        if name in FLUENT.get(above.name, ()):
            return Meaning(above.name, above.made, [*above.fluent, node], above.variable)
        if above.name == "self" and node.child_by_field_name("arguments") is None:
            return self._named(name, node, steps) or Meaning(f"self.{name}", node)
        if name in HANDED_ON and above.made is not None:
            return above
        if above.name == "?" or len(above.name) > MAX_NAME:
            return Meaning(f"?.{name}", node)
        return Meaning(f"{above.name}.{name}", node, above.fluent)

    def _variable_meaning(self, node: Node, steps: int) -> Meaning:
        name = self.hint(node)
        return self._named(name, node, steps) or Meaning(name)

    def _named(self, name: str, node: Node, steps: int) -> Meaning | None:
        assigned = self.assigned_to(name, node)
        if assigned is None:
            return None
        found = self.meaning(assigned, steps + 1)
        if found.made is None and not found.name[:1].isupper():
            return None
        return Meaning(found.name, found.made, found.fluent, name)

    def assigned_to(self, name: str, node: Node) -> Node | None:
        """The expression that a variable, or a method without parameters, stands for."""
        if name.startswith(("@", "$")):
            values = self.instance_values(name)
            return values[0] if len(values) == 1 else None
        return (
            self.local(name, node)
            or blocks_around.source_of(self, name, node)
            or self.body_of(name)
        )

    def instance_values(self, name: str) -> Sequence[Node]:
        """All that is assigned to `@name` in the file, but for `nil`."""
        known = self._instance_values.get(name)
        if known is not None:
            return known
        found = self._instance_values[name] = []
        every = leaves.assigned(self, name, self.root)
        found += (right for right in islice(every, MAX_FOUND) if right.type != "nil")
        return found

    def places(self, name: str) -> Iterator[Node]:
        """The nodes that are just this name, in file order; by a byte search."""
        wanted, start = name.encode(), 0
        for _ in range(MAX_FOUND):
            start = self.content.find(wanted, start)
            if start < 0:
                return
            end = start + len(wanted)
            node = self.leaf_at(start)
            if node is not None and node.start_byte == start and node.end_byte == end:
                yield node
            start = end

    def local(self, name: str, node: Node) -> Node | None:
        """The one value of a local variable, in the method around or the file's own code."""
        around = self.function_around(node) or blocks_around.outermost(self, node) or self.root
        asked = name, around.id
        values = self._local_values.get(asked)
        if values is None:
            whole = around.id == self.root.id
            values = [] if whole else list(leaves.assigned(self, name, around))
            if whole or (not values and around.type in blocks_around.BLOCKS):
                values = [
                    each.right
                    for each in self.declared.assigned
                    if each.left.type == "identifier" and self.hint(each.left) == name
                ]
            self._local_values[asked] = values
        return values[0] if len(values) == 1 and values[0].id != node.id else None

    def body_of(self, name: str) -> Node | None:
        """What a method of this file without parameters gives back: its one expression."""
        methods = self.definitions(name)
        if len(methods) != 1 or methods[0].child_by_field_name("parameters") is not None:
            return None
        body = methods[0].child_by_field_name("body")
        if body is None:
            return None
        if body.type != "body_statement":
            return body
        inner = [each for each in body.named_children if each.type != "comment"]
        return inner[0] if len(inner) == 1 else None

    @cached_property
    def _defined_at(self) -> dict[bytes, list[int]]:
        """Where the methods of the file begin, by name."""
        found: dict[bytes, list[int]] = {}
        for match in DEFINITION.finditer(self.content):
            found.setdefault(match[1], []).append(match.start())
        return found

    def definitions(self, name: str) -> list[Node]:
        """The methods of this name in the file."""
        known = self._definitions.get(name)
        if known is None:
            known = self._definitions[name] = []
            for start in self._defined_at.get(name.encode(), ())[:8]:
                node = self.leaf_at(start)
                above = node.parent if node is not None else None
                if above is not None and above.type in ("method", "singleton_method"):
                    known.append(above)
        return known

    # -- constants of this file

    @cached_property
    def constants(self) -> dict[str, Node]:
        """`Billing.URL` -> the expression it is bound to."""
        found: dict[str, Node] = {}
        for each in self.declared.assigned:
            if each.left.type == "constant":
                name = self.hint(each.left)
                found.setdefault(f"{each.owner}.{name}".lstrip("."), each.right)
        return found

    def constant_node(self, name: str) -> Node | None:
        own = self.constants.get(name)
        if own is not None:
            return own
        ends = [node for key, node in self.constants.items() if key.endswith(f".{name}")]
        return ends[0] if len(ends) == 1 else None

    def holder_around(self, node: Node) -> Holder | None:
        """The innermost class or module of the file around a node."""
        for above in self.ancestors(node):
            if above.type in self.CLASSES:
                return next((h for h in self.declared.holders if h.node.id == above.id), None)
        return None
