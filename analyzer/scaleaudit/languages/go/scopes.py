"""Who is who inside a function: parameters, local variables, and what was assigned to them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec.structs import replace
from tree_sitter import QueryCursor

from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node, Query

DEFINITIONS = """
(parameter_declaration) @parameter
(variadic_parameter_declaration) @parameter
(short_var_declaration) @assigned
(assignment_statement) @assigned
(var_spec) @declared
(const_spec) @declared
(range_clause) @ranged
"""
MAX_DEFINITIONS = 5_000  # of one function; more of them is generated code
MAX_OF_ONE_NAME = 200


class Definition(Record, frozen=True):
    """One place that gives a name a meaning, valid from byte `since` inside `start`..`end`.

    `index` is the position among the results of one call (`a, err := f()` gives 0 and 1).
    """

    name: str
    node: Node
    start: int
    end: int
    since: int
    type: Node | None = None
    value: Node | None = None
    index: int = 0
    declares: bool = True
    parameter: bool = False
    adds: bool = False  # `x += y`, or an element of what is ranged over

    def reaches(self, offset: int) -> bool:
        return self.since <= offset < self.end and self.start <= offset


class Scopes:
    """The functions of a file, and on demand the definitions inside each."""

    def __init__(self, functions: Sequence[Node], query: Query | None, content: bytes) -> None:
        self.functions = sorted(functions, key=lambda node: node.start_byte)
        self._starts = [node.start_byte for node in self.functions]
        self._query = query
        self._content = content
        self._known: dict[int, dict[str, list[Definition]]] = {}

    def function(self, offset: int) -> Node | None:
        """The declared function or method around a byte."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return None
        function = self.functions[at]
        return function if offset < function.end_byte else None

    def reaching(self, name: str, node: Node) -> list[Definition]:
        """What may have given `name` its meaning at `node`: the surest first, then what stands
        between, in branches. Empty: the name is not local."""
        offset = node.start_byte
        function = self.function(offset)
        if function is None or not self._stands_alone(name, function):
            return []
        found = self.definitions(function).get(name, [])
        if len(found) > MAX_OF_ONE_NAME:
            return [replace(found[0], type=None, value=None, parameter=False, adds=True)]
        declared = [each for each in found if each.declares and each.reaches(offset)]
        if not declared:
            return []
        inner = max(declared, key=lambda each: (each.start, each.since))
        sure = max(
            (each for each in found if each.reaches(offset) and each.since >= inner.since),
            key=lambda each: each.since,
            default=inner,
        )
        between = [
            each
            for each in found
            if not each.declares
            and sure.since < each.since <= offset
            and not each.reaches(offset)
            and inner.start <= each.start
        ]
        return [sure, *between]

    def _text(self, node: Node) -> str:
        return self._content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _stands_alone(self, name: str, function: Node) -> bool:
        """Whether a function mentions a name without a dot behind it: a definition has none."""
        wanted, at, end = name.encode(), function.start_byte, function.end_byte
        while (at := self._content.find(wanted, at, end)) >= 0:
            at += len(wanted)
            if self._content[at : at + 1] != b".":
                return True
        return False

    def definitions(self, function: Node) -> dict[str, list[Definition]]:
        known = self._known.get(function.id)
        if known is None:
            known = self._known[function.id] = self._collect(function)
        return known

    def _collect(self, function: Node) -> dict[str, list[Definition]]:
        known: dict[str, list[Definition]] = {}
        if self._query is None:
            return known
        captures = QueryCursor(self._query).captures(function)
        if sum(map(len, captures.values())) > MAX_DEFINITIONS:
            return known
        found: list[Definition] = []
        for node in captures.get("parameter", ()):
            found.extend(self._parameters(node))
        for kind in ("assigned", "declared", "ranged"):
            for node in captures.get(kind, ()):
                found.extend(self._variables(node, kind))
        for each in found:
            known.setdefault(each.name, []).append(each)
        return known

    def _parameters(self, node: Node) -> list[Definition]:
        holder = node.parent
        around = holder.parent if holder is not None else None
        if around is None or around.type not in (
            "function_declaration",
            "method_declaration",
            "func_literal",
        ):
            return []
        variadic = node.type == "variadic_parameter_declaration"
        return [
            Definition(
                self._text(name),
                node,
                around.start_byte,
                around.end_byte,
                around.start_byte,
                None if variadic else node.child_by_field_name("type"),
                parameter=True,
            )
            for name in node.children_by_field_name("name")
        ]

    def _variables(self, node: Node, kind: str) -> list[Definition]:
        around = node.parent
        if around is not None and kind == "declared":
            if around.type == "var_spec_list" and around.parent is not None:
                around = around.parent
            around = around.parent
        if around is None:
            return []
        if kind == "declared":
            names = node.children_by_field_name("name")
            right = node.child_by_field_name("value")
        else:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            names = left.named_children if left is not None else []
        values = right.named_children if right is not None and kind != "ranged" else []
        operator = node.child_by_field_name("operator")
        adds = kind == "ranged" or (operator is not None and operator.type != "=")
        paired = len(values) == len(names)
        declares = kind != "assigned" or node.type == "short_var_declaration"
        return [
            Definition(
                self._text(name),
                node,
                around.start_byte,
                around.end_byte,
                node.end_byte,
                node.child_by_field_name("type") if kind == "declared" else None,
                values[at] if paired else values[0] if values else None,
                0 if paired else at,
                declares,
                adds=adds,
            )
            for at, name in enumerate(names)
            if name.type == "identifier"
        ]
