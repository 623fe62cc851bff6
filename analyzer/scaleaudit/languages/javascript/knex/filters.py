"""The arguments of Knex's `where...` and `on...` as conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.chains import Call, chain
from scaleaudit.languages.javascript.builders.conditions import Either, Filters, negated
from scaleaudit.languages.javascript.builders.fragments import HOLE, read_fragment
from scaleaudit.languages.javascript.builders.given_patterns import with_patterns
from scaleaudit.languages.javascript.builders.named import text_with_names
from scaleaudit.languages.javascript.builders.values import (
    is_constant,
    is_null,
    pattern_operator,
)
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.knex.words import NEGATED, ON, OPERATORS, WHERE
from scaleaudit.regex import regex
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    import re

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader

FUNCTIONS = frozenset({"arrow_function", "function_expression"})
CALLED = frozenset({"call_expression"})
MAX_STATEMENTS = 40  # of one callback
PART = r"(?:[\w\"`]+|\$\{[\w:$]+\})"
COLUMN = regex(rf"{PART}(?:\.{PART}){{0,2}}")
OWN = regex(r"(?:and|or)?_?[wW]here[A-Z]")
KINDS = {"In": "in", "Null": "is-null", "Between": "between"}


class Asked:
    """Reads conditions of one query; `unknown` once one could not be read."""

    def __init__(self, reader: JavaScriptReader) -> None:
        self._reader = reader
        self.unknown = False

    def take(self, call: Call, filters: Filters, depth: int = 0) -> None:
        """One call; nothing where it filters nothing."""
        match = WHERE.fullmatch(call.name) or ON.fullmatch(call.name)
        if match is None:
            # a filter that a project adds to Knex's own: `whereSameDay(...)`
            self.unknown = self.unknown or OWN.match(call.name) is not None
            return
        before, self.unknown = self.unknown, False
        parts = self._parts(call, match, depth)
        if match["negated"] and match["kind"] not in KINDS and match["kind"] != "Like":
            parts = _negated(parts)
        if parts or self.unknown:
            filters.add(parts, either=match["joiner"] == "or")
        self.unknown = self.unknown or before

    def _parts(self, call: Call, match: re.Match[str], depth: int) -> list[Part]:
        kind, args = match["kind"] or "", call.args
        if not args:
            return []
        if "w" not in call.name.lower() and not kind and len(args) > 1:  # on("a.x", "=", "b.y")
            names = [self.column(args[0]), self.column(args[-1])]
            return [Condition(name, "=") for name in names if name]
        if kind in ("Raw", "Exists", "Column") or kind.startswith("Json"):
            return self._special(kind, args)
        first = bare(args[0])
        if first is None or depth > 6:
            return []
        if first.type in FUNCTIONS:
            inside = self._callback(first, depth)
            self.unknown = self.unknown or not inside  # `ids.forEach((id) => builder.orWhere(id))`
            return inside
        literal = options.literal_of(self._reader, first, "object")
        if literal is not None:
            return self._object(literal)
        if first.type in CALLED:
            return self._raw(first)
        column = self.column(first)
        if not column:
            self.unknown = True
            return []
        return [self._comparison(column, kind, bool(match["negated"]), args[1:])]

    def _comparison(self, column: str, kind: str, negated: bool, rest: list[Node]) -> Condition:
        given = rest[-1] if rest else None
        constant = is_constant(self._reader, given)
        operator = KINDS.get(kind, "")
        if kind in ("Like", "ILike"):
            operator = pattern_operator(self._reader, given, any_case=kind == "ILike")
            return Condition(column, "search" if negated else operator)
        if operator:
            if operator == "is-null":
                constant = False
            operator = NEGATED[operator] if negated else operator
            return Condition(column, operator, constant=constant)
        if len(rest) > 1:
            written = self._text(rest[0]).lower()
            operator = OPERATORS.get(written, "search")
            if written in ("like", "ilike"):
                operator = pattern_operator(self._reader, given, any_case=written == "ilike")
        else:
            operator = "="
        if operator in ("=", "!=") and is_null(self._reader, given):
            return Condition(column, "is-null" if operator == "=" else "is-not-null")
        listed = bare(given)
        if operator == "=" and listed is not None and listed.type == "array":
            operator = "in"
        return Condition(column, operator, constant=constant and operator in ("=", "in"))

    def _object(self, literal: Node) -> list[Part]:
        found: list[Part] = []
        for child in literal.named_children[: options.MAX_MEMBERS]:
            if child.type == "spread_element":
                inner = options.literal_of(self._reader, child.named_children[0], "object")
                if inner is not None and inner.id != literal.id:
                    found.extend(self._object(inner))
                else:
                    self.unknown = True
                continue
            key = child.child_by_field_name("key") if child.type == "pair" else child
            value = child.child_by_field_name("value") if child.type == "pair" else child
            column = self._key(key)
            if not column:
                self.unknown = self.unknown or child.type != "comment"
            elif is_null(self._reader, value):
                found.append(Condition(column, "is-null"))
            else:
                found.append(Condition(column, "=", constant=is_constant(self._reader, value)))
        return found

    def _key(self, key: Node | None) -> str:
        if key is None:
            return ""
        if key.type == "computed_property_name" and key.named_children:
            return self.column(key.named_children[0])
        text = self._reader.text(key).strip("'\"`")
        return text if COLUMN.fullmatch(text) else ""

    def _callback(self, function: Node, depth: int) -> list[Part]:
        """`where((builder) => builder.where(...).orWhere(...))`, `where(function () { this.where() })`."""
        filters = Filters()
        body = function.child_by_field_name("body")
        waiting: list[Node] = [body] if body is not None else []
        for _ in range(MAX_STATEMENTS):
            if not waiting:
                break
            node = waiting.pop(0)
            if node.type == "call_expression":
                for call in chain(self._reader, node).calls:
                    self.take(call, filters, depth + 1)
            elif node.type in ("if_statement", "for_in_statement", "for_statement"):
                self.unknown = True
            elif node.type in BLOCKS:
                waiting[:0] = node.named_children
        return filters.parts

    def _special(self, kind: str, args: list[Node]) -> list[Part]:
        if kind == "Raw":
            return self.fragment(args)
        if kind == "Column":
            return []
        if kind == "Exists":
            self.unknown = True
            return []
        column = self.column(args[0])
        return [Condition(column, "search")] if column else []

    def fragment(self, args: list[Node]) -> list[Part]:
        text = text_with_holes(self._reader.value(args[0]), HOLE)
        found = read_fragment(with_patterns(self._reader, text, args[1] if args[1:] else None))
        if found is None:
            self.unknown = True
        return found or []

    def _raw(self, call: Node) -> list[Part]:
        """`where(knex.raw("lower(name) = ?", x))`."""
        args = [each for each in chain(self._reader, call).calls if each.name == "raw"]
        if args and args[0].args:
            return self.fragment(args[0].args)
        self.unknown = True
        return []

    def joined(self, call: Call) -> list[Part]:
        """The condition of a join: `join("t", "a.x", "=", "b.y")`, an object, a callback."""
        rest = [each for each in (bare(arg) for arg in call.args[1:]) if each is not None]
        if not rest:
            return []
        if rest[0].type in FUNCTIONS:
            body = self._callback(rest[0], 1)
            return [_join(part) if isinstance(part, Condition) else part for part in body]
        found: list[Part] = []
        literal = options.literal_of(self._reader, rest[0], "object")
        if literal is not None:
            for child in literal.named_children[: options.MAX_MEMBERS]:
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                names = [self._key(key), self.column(value) if value is not None else ""]
                found += [_join(Condition(name, "=")) for name in names if name]
            return found
        names = [self.column(rest[0]), self.column(rest[-1])] if len(rest) > 1 else []
        return [_join(Condition(name, "=")) for name in names if name]

    def column(self, node: Node) -> str:
        """A column's name as text; empty for anything else."""
        text = text_with_names(self._reader.value(node)).strip()
        return text.replace('"', "").replace("`", "") if COLUMN.fullmatch(text) else ""

    def _text(self, node: Node) -> str:
        value = self._reader.value(node)
        return value.text.strip() if isinstance(value, Literal) else ""


BLOCKS = frozenset(
    ["statement_block", "expression_statement", "return_statement", "await_expression",
     "parenthesized_expression"]
)  # fmt: skip


def _join(condition: Condition) -> Condition:
    return msgspec.structs.replace(condition, clause=Clause.JOIN)


def _negated(parts: list[Part]) -> list[Part]:
    """NOT in front of single conditions; what a negated group asks no index serves."""
    if any(isinstance(part, Either) for part in parts):
        return []
    return negated(parts, NEGATED)
