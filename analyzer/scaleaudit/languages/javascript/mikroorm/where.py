"""MikroORM's conditions: nested objects with `$and`, `$or` and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.javascript.builders.conditions import either, negated
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
    "$eq": "=", "$ne": "!=", "$in": "in", "$nin": "not-in", "$gt": ">", "$gte": ">=", "$lt": "<",
    "$lte": "<=", "$like": "like", "$ilike": "search", "$re": "search", "$fulltext": "search",
    "$overlap": "search", "$contains": "search", "$contained": "search", "$exists": "is-not-null",
}  # fmt: skip
NEGATED = {"=": "!=", "in": "not-in", "is-null": "is-not-null"}
MAX_DEPTH = 6


class Where:
    """Reads conditions; `unknown` once one could not be read."""

    def __init__(self, reader: JavaScriptReader) -> None:
        self._reader = reader
        self.unknown = False

    def variants(self, node: Node | None) -> list[list[Part]]:
        """The conditions, then those of each branch that adds some."""
        node = bare(node)
        if node is None:
            return [[]]
        found = assembled(self._reader, node)
        if found is None:
            if node.type in ("string", "number", "template_string", "member_expression", "array"):
                return [[Condition("id", "in" if node.type == "array" else "=")]]
            self.unknown = True
            return [[]]
        self.unknown = self.unknown or found.open
        return [self._pairs(way, "", 0) for way in found.ways]

    def _pairs(self, members: list[tuple[str, Node]], prefix: str, depth: int) -> list[Part]:
        return [part for key, value in members for part in self._member(prefix, key, value, depth)]

    def _member(self, prefix: str, key: str, value: Node, depth: int) -> list[Part]:
        given = bare(value)
        if given is None or depth > MAX_DEPTH:
            return []
        if key in ("$and", "$or", "$not"):
            return self._joined(prefix, key, given, depth)
        path = prefix.rstrip(".")
        if key.startswith("$"):
            return [self._compared(path, key, given)] if path else []
        inner = assembled(self._reader, given) if given.type == "object" else None
        if inner is not None:
            self.unknown = self.unknown or inner.open
            return self._pairs(inner.always, f"{prefix}{key}.", depth + 1)
        path = f"{prefix}{key}"
        if given.type == "array":
            return [Condition(path, "in", constant=is_constant(self._reader, given))]
        if self._reader.text(given) == "undefined":
            return []
        if is_null(self._reader, given):
            return [Condition(path, "is-null")]
        return [Condition(path, "=", constant=is_constant(self._reader, given))]

    def _compared(self, path: str, key: str, given: Node) -> Condition:
        operator = OPERATORS.get(key, "search")
        if operator in ("=", "!=") and is_null(self._reader, given):
            return Condition(path, "is-null" if operator == "=" else "is-not-null")
        if key in ("$like", "$ilike"):
            operator = pattern_operator(self._reader, given, any_case=key == "$ilike")
        constant = operator in ("=", "in") and is_constant(self._reader, given)
        return Condition(path, operator, constant=constant)

    def _joined(self, prefix: str, key: str, given: Node, depth: int) -> list[Part]:
        nodes = given.named_children if given.type == "array" else [given]
        sides: list[list[Part]] = []
        for each in nodes:
            found = assembled(self._reader, each)
            if found is None:
                self.unknown = self.unknown or each.type != "comment"
                continue
            self.unknown = self.unknown or found.open
            sides.append(self._pairs(found.always, prefix, depth + 1))
        if key == "$or":
            return either(sides)
        flat = [part for side in sides for part in side]
        if key == "$and":
            return flat
        return negated(flat, NEGATED)
