"""TypeORM's conditions: objects with operators, SQL fragments with aliases, brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition
from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.chains import arguments, method
from scaleaudit.languages.javascript.builders.conditions import either
from scaleaudit.languages.javascript.builders.lists import pushes
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.builders.values import (
    is_constant,
    is_null,
    pattern_operator,
)
from scaleaudit.languages.javascript.callees import bare

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader

OPERATORS = {
    "In": "in", "Any": "in", "Equal": "=", "IsNull": "is-null", "LessThan": "<",
    "LessThanOrEqual": "<=", "MoreThan": ">", "MoreThanOrEqual": ">=", "Between": "between",
    "ArrayContains": "search", "ArrayContainedBy": "search",
    "ArrayOverlap": "search", "JsonContains": "search", "Raw": "search",
}  # fmt: skip
NEGATED = {
    "=": "!=", "in": "not-in", "is-null": "is-not-null", "<": ">=", ">": "<=", "<=": ">",
    ">=": "<", "between": "!=", "!=": "=",
}  # fmt: skip
MAX_DEPTH = 5


class Where:
    """What a `where` says. `variants` are what further branches of the code add to it."""

    def __init__(self, reader: JavaScriptReader) -> None:
        self._reader = reader
        self.unknown = False

    def variants(self, node: Node | None, depth: int = 0) -> list[list[Part]]:
        """The conditions, then those of each branch that adds some."""
        node = bare(node)
        if node is None or depth > MAX_DEPTH:
            return [[]]
        if node.type == "array":
            sides = [
                self.variants(each, depth + 1)[0] for each in node.named_children if each.is_named
            ]
            return [either(sides)]
        found = assembled(self._reader, node)
        if found is None:
            listed = options.literal_of(self._reader, node, "array")
            if listed is not None and listed.id != node.id:
                return self._gathered(node, listed, depth)
            self.unknown = True
            return [[]]
        self.unknown = self.unknown or found.open
        return [self.pairs(way) for way in found.ways]

    def knows(self, node: Node) -> bool:
        """Whether the conditions stand in this file."""
        known = assembled(self._reader, node) is not None
        return known or options.literal_of(self._reader, node, "array") is not None

    def _gathered(self, name: Node, listed: Node, depth: int) -> list[list[Part]]:
        """A list behind a name, to which more alternatives may be pushed."""
        ways = [each for each in listed.named_children if each.type != "comment"]
        pushed = [each for each in pushes(self._reader, name) if each.type == "object"]
        found = self.variants(listed, depth + 1)
        if pushed:
            sides = [self.variants(each, depth + 1)[0] for each in (*ways, *pushed)]
            more = either(sides)
            found = [more] if not ways else [*found, more]
        self.unknown = self.unknown or not (ways or pushed)
        return found

    def pairs(
        self, members: list[tuple[str, Node]], prefix: str = "", depth: int = 0
    ) -> list[Part]:
        found: list[Part] = []
        for key, value in members:
            found.extend(self._member(f"{prefix}{key}", value, depth))
        return found

    def _member(self, path: str, value: Node, depth: int) -> list[Part]:
        given = bare(value) or value
        literal = given if given.type == "object" else None
        if literal is not None and depth < MAX_DEPTH:
            inner = assembled(self._reader, literal)
            if inner is not None:
                return self.pairs(inner.always, f"{path}.", depth + 1)
        if given.type == "array":
            return [Condition(path, "in", constant=is_constant(self._reader, given))]
        if is_null(self._reader, given):
            return [Condition(path, "is-null")]
        if self._reader.text(given) == "undefined":
            return []
        if given.type == "call_expression":
            return [self._called(path, given, depth)]
        return [Condition(path, "=", constant=is_constant(self._reader, given))]

    def _called(self, path: str, call: Node, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            return Condition(path, "search")
        name, args = method(self._reader, call), arguments(call)
        first = args[0] if args else None
        if name == "Not":
            inner = bare(first)
            if inner is None:
                return Condition(path, "!=")
            if inner.type == "call_expression":
                found = self._called(path, inner, depth + 1)
            else:
                found = Condition(path, "is-null" if is_null(self._reader, inner) else "=")
            operator = NEGATED.get(found.operator, "search")
            return msgspec.structs.replace(found, operator=operator)
        if name in ("Like", "ILike"):
            return Condition(path, pattern_operator(self._reader, first, any_case=name == "ILike"))
        if name in ("And", "Or"):
            inner = bare(first)
            if inner is not None and inner.type == "call_expression":
                return self._called(path, inner, depth + 1)
        operator = OPERATORS.get(name, "=")
        constant = operator in ("=", "in") and name in OPERATORS
        return Condition(path, operator, constant=constant and is_constant(self._reader, first))
