"""Sequelize's conditions: objects with `Op`, `$relation.column$`, functions around columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition
from scaleaudit.inflection import plural
from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.chains import arguments, method
from scaleaudit.languages.javascript.builders.conditions import Either, either, negated
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.lists import pushes
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.builders.values import (
    is_constant,
    is_null,
    pattern_operator,
)
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.sequelize.where_texts import (
    is_text,
    joined_by_and,
    read_text,
    text_behind,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader

OPERATORS = {
    "eq": "=", "ne": "!=", "is": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in",
    "notIn": "not-in", "between": "between", "notBetween": "!=", "like": "like", "iLike": "search",
    "notLike": "search", "notILike": "search", "startsWith": "like", "endsWith": "contains",
    "substring": "contains", "regexp": "search", "iRegexp": "search", "contains": "search",
    "contained": "search", "overlap": "search", "any": "in", "col": "=", "match": "search",
}  # fmt: skip
NEGATED = {
    "=": "!=", "in": "not-in", "is-null": "is-not-null", "<": ">=", ">": "<=", "<=": ">",
    ">=": "<", "like": "search",
}  # fmt: skip
# As they were written up to version 2, in the object of one attribute.
OLD_WORDS = {
    "gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte", "ne": "ne", "between": "between",
    "nbetween": "notBetween", "like": "like", "nlike": "notLike", "in": "in", "not": "not",
}  # fmt: skip
JOINERS = frozenset({"Op.or", "Op.and", "Op.not"})
MAX_DEPTH = 6
MAX_PARTS = 2_000  # looked at for one query: lists may be pushed to lists that are pushed to others


def spelled(key: str) -> str:
    """`$ne`, as operators were written before they were symbols, is `Op.ne`."""
    word = key[1:]
    known = word in OPERATORS or word in ("or", "and", "not")
    return f"Op.{word}" if key[:1] == "$" and known else key


class Where:
    """Reads conditions; `unknown` once one could not be read."""

    def __init__(self, reader: JavaScriptReader, model: str = "") -> None:
        self._reader = reader
        self._own = {model.lower(), plural(model).lower()}  # before columns of its own in SQL
        self.unknown = False
        self._seen = 0

    def variants(self, node: Node | None) -> list[list[Part]]:
        """The conditions, then those of each branch that adds some."""
        node = bare(node)
        if node is None:
            return [[]]
        found = assembled(self._reader, node)
        if found is None:
            return self._texts_joined(node) or [self.parts(node)]
        self.unknown = self.unknown or found.open
        return [self._pairs(way) for way in found.ways]

    def _texts_joined(self, node: Node) -> list[list[Part]]:
        """`parts.join(" AND ")`: the texts of a list, then each that is pushed to it."""
        always, pushed = joined_by_and(self._reader, node)
        base = [part for each in always for part in self._fragment(each)]
        return (
            [base, *([*base, *self._fragment(each)] for each in pushed)] if always or pushed else []
        )

    def parts(self, node: Node | None, depth: int = 0) -> list[Part]:
        """What must hold together: an object, a list, a call."""
        node = bare(node)
        self._seen += 1
        self.unknown = self.unknown or self._seen > MAX_PARTS
        if node is None or depth > MAX_DEPTH or self._seen > MAX_PARTS:
            return []
        found = assembled(self._reader, node)
        if found is not None:
            self.unknown = self.unknown or found.open or bool(found.sides)
            return self._pairs(found.always, depth)
        if is_text(self._reader, node):  # as older versions take SQL
            return self._fragment(node)
        if node.type == "identifier":
            return self._named(node, depth)
        if node.type == "array":
            if node.named_children and is_text(self._reader, node.named_children[0]):
                return self._fragment(node.named_children[0])  # what follows are its values
            return [part for each in node.named_children for part in self.parts(each, depth + 1)]
        if node.type == "call_expression":
            return self._called(node, depth)
        self.unknown = True
        return []

    def _named(self, name: Node, depth: int) -> list[Part]:
        """A text, or a list that begins with one, under a name: `var cond = ["code = ?", code]`."""
        held, whole = text_behind(self._reader, name)
        self.unknown = self.unknown or not whole
        return self.parts(held, depth + 1) if held is not None else []

    def _pairs(self, members: list[tuple[str, Node]], depth: int = 0) -> list[Part]:
        return [part for key, value in members for part in self._member(key, value, depth)]

    def later(self, key: str, value: Node) -> list[Part]:
        """A member that is added after the object is made: `options.where.code = x`."""
        return self._member(key, value, 0)

    def _member(self, key: str, value: Node, depth: int) -> list[Part]:
        attribute, dot, word = key.partition(".Op.")
        if dot:  # `where.day[Op.gte] = x`
            return self._compared(attribute.strip("$"), f"Op.{word}", value, depth)
        given = bare(value)
        if given is None or depth > MAX_DEPTH:
            return []
        key = spelled(key)
        if key in JOINERS:
            return self._joined(key, given, depth)
        path = key.strip("$")
        if given.type == "object":
            inner = assembled(self._reader, given)
            if inner is not None:
                found: list[Part] = []
                for name, operand in inner.always:
                    found.extend(self._compared(path, name, operand, depth))
                return found
        if given.type == "array":
            return [Condition(path, "in", constant=is_constant(self._reader, given))]
        if given.type == "call_expression" and method(self._reader, given) == "literal":
            return [Condition(path, "=")]
        if self._reader.text(given) == "undefined":
            return []
        if is_null(self._reader, given):
            return [Condition(path, "is-null")]
        return [Condition(path, "=", constant=is_constant(self._reader, given))]

    def _compared(self, path: str, name: str, operand: Node, depth: int) -> list[Part]:
        """`{[Op.gt]: x}` of one attribute."""
        if depth > MAX_DEPTH:
            return []
        name = f"Op.{OLD_WORDS[name]}" if name in OLD_WORDS else spelled(name)
        if not name.startswith("Op."):
            return [Condition(path, "search")]  # a key inside a document
        word = name.removeprefix("Op.")
        given = bare(operand)
        if word in ("or", "and"):
            sides = self._sides(path, given, depth)
            if not sides:  # a list made elsewhere
                return [Condition(path, "in" if word == "or" else "search")]
            if word == "or":
                return either(sides)
            return [part for side in sides for part in side]
        if word == "not":
            if given is not None and given.type == "object":
                return [Condition(path, "search")]
            null = is_null(self._reader, given)
            listed = given is not None and given.type == "array"
            return [Condition(path, "is-not-null" if null else "not-in" if listed else "!=")]
        operator = OPERATORS.get(word, "search")
        if operator in ("=", "!=") and is_null(self._reader, given):
            return [Condition(path, "is-null" if operator == "=" else "is-not-null")]
        if word in ("like", "iLike"):
            operator = pattern_operator(self._reader, given, any_case=word == "iLike")
        constant = operator in ("=", "in") and is_constant(self._reader, given)
        return [Condition(path, operator, constant=constant)]

    def _sides(self, path: str, given: Node | None, depth: int) -> list[list[Part]]:
        if given is None:
            return []
        if given.type == "array":
            return [self._member(path, each, depth + 1) for each in given.named_children]
        found = assembled(self._reader, given)
        return [
            self._compared(path, name, operand, depth + 1)
            for name, operand in (found.always if found is not None else [])
        ]

    def _joined(self, key: str, given: Node, depth: int) -> list[Part]:
        sides: list[list[Part]]
        listed = options.literal_of(self._reader, given, "array")
        if listed is not None and listed.id != given.id:  # to which more may be pushed
            pushed = list(pushes(self._reader, given))
            self.unknown = self.unknown or (key != "Op.or" and bool(pushed))
            every = [*listed.named_children, *(pushed if key == "Op.or" else ())]
            sides = [self.parts(each, depth + 1) for each in every if each.type != "comment"]
        elif given.type == "array":
            sides = [self.parts(each, depth + 1) for each in given.named_children if each.is_named]
        else:
            found = assembled(self._reader, given)
            if found is None:
                self.unknown = True
                return []
            self.unknown = self.unknown or found.open
            sides = [self._member(name, each, depth + 1) for name, each in found.always]
        if key == "Op.or":
            return either(sides)
        flat = [part for side in sides for part in side]
        if key == "Op.and":
            return flat
        return negated(flat, NEGATED)

    def _called(self, call: Node, depth: int) -> list[Part]:
        """`where(fn("lower", col("email")), value)`, `and(...)`, `or(...)`."""
        name, args = method(self._reader, call), arguments(call)
        if name == "and":
            return [part for each in args for part in self.parts(each, depth + 1)]
        if name == "or":
            return [Either([self.parts(each, depth + 1) for each in args])]
        first = bare(args[0]) if args else None
        if name in ("literal", "format") and first is not None:
            return self._fragment(first)
        if name == "where" and first is not None and first.type == "call_expression":
            function, inner = "", first
            if method(self._reader, first) == "fn":
                given = arguments(first)
                function = text_of(self._reader, given[0]).lower() if given else ""
                last = bare(given[-1]) if given else None
                inner = last if last is not None and last.type == "call_expression" else first
            column = arguments(inner)
            if method(self._reader, inner) == "col" and column:
                path = text_of(self._reader, column[0])
                if path:
                    return self._of_function(path, function, args[1:], depth)
        self.unknown = True
        return []

    def _fragment(self, text: Node) -> list[Part]:
        """`literal("due < now()")`; what it says of other tables is not known."""
        found = read_text(self._reader, text, self._own)
        self.unknown = self.unknown or found is None
        return found or []

    def _of_function(self, path: str, function: str, rest: list[Node], depth: int) -> list[Part]:
        """`where(fn(...), value)`, `where(fn(...), {[Op.like]: value})`, `where(fn(...), "LIKE", value)`."""
        given = bare(rest[0]) if len(rest) == 1 else None
        found = assembled(self._reader, given) if given is not None else None
        if found is None or given is None or given.type != "object":
            return [Condition(path, "=" if len(rest) < 2 else "search", function=function)]
        compared = [
            part
            for name, operand in found.always
            for part in self._compared(path, name, operand, depth + 1)
        ]
        self.unknown = self.unknown or any(isinstance(part, Either) for part in compared)
        return [
            msgspec.structs.replace(part, function=function)
            for part in compared
            if isinstance(part, Condition)
        ]
