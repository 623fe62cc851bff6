"""What the expressions in a query compare: `u.age > ^age and not is_nil(u.email)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.elixir.ecto.building import UNBOUND, Bound, condition
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    elements,
    is_field,
    local_name,
    named,
    operands,
    operator,
    pairs,
    quoted,
    raw,
    receiver,
    unwrapped,
    word,
)
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

COMPARED = {b"==": "=", b"!=": "!=", b"<": "<", b"<=": "<=", b">": ">", b">=": ">=", b"in": "in",
            b"not in": "not-in"}  # fmt: skip
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not-in",
           "not-in": "in", "is-null": "is-not-null", "is-not-null": "is-null"}  # fmt: skip
PATTERNS = frozenset({b"like", b"ilike"})
# Functions of one column that a query may compare.
AROUND = frozenset(
    {b"coalesce", b"type", b"count", b"json_extract_path", b"sum", b"min", b"max", b"avg"}
)
IN_FRAGMENT = regex(r"\s*(\w+)\(\s*\?\s*\)\s*")
CAST = regex(r"\s*\(?\?\)?\s*::\s*(\w+)\s*")
LITERALS = frozenset(
    {"string", "integer", "float", "atom", "boolean", "sigil", "char", "quoted_atom", "nil"}
)
MAX_DEPTH = 40


class Read(Gathering):
    """What one expression comes to."""

    conditions: list[Condition]
    partial: bool = False
    groups: int = 0  # ORs so far


class Column(Gathering):
    bound: Bound
    name: str
    function: str = ""


class Expressions:
    """Reads the expressions of one query. `bound` are the short names in force."""

    def __init__(
        self,
        reader: ElixirReader,
        bound: dict[str, Bound],
        names: dict[str, Bound],
        groups: int,
    ) -> None:
        self._reader, self._bound, self._names = reader, bound, names
        self.read = Read([], groups=groups)

    def add(self, node: Node, *, negated: bool = False, depth: int = 0) -> None:
        node = unwrapped(node)
        if depth > MAX_DEPTH:
            self.read.partial = True
            return
        sign = operator(node) if node.type in ("binary_operator", "unary_operator") else b""
        left, right = operands(node) if node.type == "binary_operator" else (None, None)
        if left is not None and right is not None and sign in (b"and", b"or", b"&&", b"||"):
            if (sign in (b"or", b"||")) is negated:
                self.add(left, negated=negated, depth=depth + 1)
                self.add(right, negated=negated, depth=depth + 1)
            else:
                self._either(node, negated=negated, depth=depth)
        elif sign in (b"not", b"!"):
            inner = node.child_by_field_name("operand")
            if inner is not None:
                self.add(inner, negated=not negated, depth=depth + 1)
        elif left is not None and right is not None and sign in COMPARED:
            self._compare(left, COMPARED[sign], right, negated=negated)
        elif node.type == "call":
            self._call(node, negated=negated)
        elif raw(node) not in (b"true",):
            self.read.partial = True

    def _either(self, node: Node, *, negated: bool, depth: int) -> None:
        """The sides of an OR, however many, as branches of one group."""
        joining = {b"and", b"&&"} if negated else {b"or", b"||"}
        sides: list[Node] = []
        waiting = [node]
        while waiting and len(sides) < MAX_DEPTH:
            each = unwrapped(waiting.pop())
            left, right = operands(each) if each.type == "binary_operator" else (None, None)
            if left is not None and right is not None and operator(each) in joining:
                waiting += [right, left]
            else:
                sides.append(each)
        self.read.groups += 1
        group = self.read.groups
        for branch, side in enumerate(sides, 1):
            before = len(self.read.conditions)
            self.add(side, negated=negated, depth=depth + 1)
            self.read.conditions[before:] = [
                replace(each, alternative=True, group=group, branch=branch)
                for each in self.read.conditions[before:]
            ]

    def _call(self, node: Node, *, negated: bool) -> None:
        name = local_name(node)
        given, _ = arguments(node)
        if name == b"is_nil" and given:
            self._one(given[0], "is-not-null" if negated else "is-null", constant=True)
        elif name in PATTERNS and len(given) == 2:
            self._pattern(name, given[0], given[1], negated=negated)
        elif is_field(node):
            column = self.column(node)
            if column is None:
                self.read.partial = True
            else:
                sign = "=" if negated else "is-true"
                self._tell(column, sign, constant=True)
        elif name == b"exists" or (name == b"fragment" and negated):
            self.read.partial = self.read.partial or name != b"exists"
        else:
            self.read.partial = True

    def _pattern(self, name: bytes, node: Node, pattern: Node, *, negated: bool) -> None:
        begin = self._beginning(pattern)
        kind = "contains" if begin[:1] in ("%", "_") else "like" if begin else "search"
        if name == b"ilike" and kind == "like":
            kind = "search"  # no index in the order of its letters serves it
        column = self.column(node)
        if column is not None and not negated:
            self._tell(column, kind)
        elif column is None:
            self.read.partial = True

    def _beginning(self, node: Node, depth: int = 0) -> str:
        """How a pattern begins, as far as that is known."""
        node = unpinned(unwrapped(node))
        if node.type == "string":
            first = node.named_children[0] if node.named_children else None
            if first is None or first.type == "interpolation":
                last = node.named_children[-1] if node.named_children else None
                return "?" if last is not None and last.type == "quoted_content" else ""
            return word(first)
        if node.type == "binary_operator" and operator(node) == b"<>":
            left, _ = operands(node)
            return (self._beginning(left, depth + 1) or "?") if left is not None else ""
        if node.type == "identifier" and depth < 4:
            made = self._reader.local(word(node), node)
            return self._beginning(made, depth + 1) if made is not None else ""
        return ""

    def _one(self, node: Node, sign: str, *, constant: bool = False) -> None:
        column = self.column(node)
        if column is None:
            self.read.partial = True
        else:
            self._tell(column, sign, constant=constant)

    def _compare(self, left: Node, sign: str, right: Node, *, negated: bool) -> None:
        sign = NEGATED.get(sign, sign) if negated else sign
        one, two = self.column(left), self.column(right)
        if one is not None and two is not None:
            if one.bound is not two.bound and sign == "=":
                self._tell(one, sign, Clause.JOIN)
                self._tell(two, sign, Clause.JOIN)
            return
        if one is None and two is not None and sign not in ("in", "not-in"):
            one, right, sign = two, left, TURNED.get(sign, sign)
        if one is None:
            # `^id in u.tags`: a member of a list
            member = sign in ("in", "not-in") and two is not None
            if member and two is not None:
                self._tell(two, "search")
            else:
                self.read.partial = self.read.partial or not (is_value(left) and is_value(right))
            return
        self._tell(one, sign, constant=is_constant(right))

    def _tell(
        self, column: Column, sign: str, clause: Clause = Clause.FILTER, *, constant: bool = False
    ) -> None:
        if not column.bound.known:
            self.read.partial = True
            return
        self.read.conditions.append(
            condition(
                column.bound, column.name, sign, clause,
                function=column.function, constant=constant,
            )
        )  # fmt: skip

    def column(self, node: Node, depth: int = 0) -> Column | None:
        """`u.name`, `field(u, :name)`, `as(:user).name`, also in a function."""
        node = unwrapped(node)
        if depth > 4:
            return None
        if node.type == "access_call":
            target, key = node.child_by_field_name("target"), node.child_by_field_name("key")
            held = self.column(target, depth + 1) if target is not None else None
            if held is None:
                return None
            return Column(held.bound, held.name, f"->{quoted(key) or atom(key)}")
        if node.type != "call":
            return None
        if is_field(node):
            holder = receiver(node)
            target = node.child_by_field_name("target")
            name = word(target.child_by_field_name("right")) if target is not None else ""
            bound = self._holder(holder) if holder is not None else None
            return Column(bound, name) if bound is not None else None
        called = local_name(node)
        given, _ = arguments(node)
        if called == b"field" and len(given) == 2:
            bound = self._holder(given[0])
            name = atom(given[1])
            if bound is None or not name:
                return Column(UNBOUND, "") if bound is not None else None
            return Column(bound, name)
        if called in AROUND and given:
            inner = self.column(given[0], depth + 1)
            kind = "cast" if called == b"type" else called.decode()
            if called == b"json_extract_path":
                kind = "->" + ".".join(quoted(e) for e in elements(given[1])) if given[1:] else "->"
            return Column(inner.bound, inner.name, kind) if inner is not None else None
        if called == b"fragment" and len(given) == 2:
            text = quoted(given[0])
            match = IN_FRAGMENT.fullmatch(text) or CAST.fullmatch(text)
            inner = self.column(given[1], depth + 1)
            if inner is not None:
                return Column(inner.bound, inner.name, match[1].lower() if match else "?")
        return None

    def _holder(self, node: Node) -> Bound | None:
        if node.type == "identifier":
            return self._bound.get(word(node))
        if local_name(node) == b"as":
            given, _ = arguments(node)
            return self._names.get(atom(given[0]) if given else "", UNBOUND)
        return None


def keyword_conditions(node: Node, bound: Bound) -> list[Condition]:
    """`where: [state: ^state, kind: "a"]`, and the same in `get_by`."""
    found = []
    for key, value in pairs(node):
        sign = "is-null" if raw(value) == b"nil" else "="
        found.append(condition(bound, key, sign, Clause.FILTER, constant=is_constant(value)))
    return found


def unpinned(node: Node) -> Node:
    """`^name` is the value of `name`."""
    if node.type == "unary_operator" and operator(node) == b"^":
        inner = node.child_by_field_name("operand")
        return unwrapped(inner) if inner is not None else node
    return node


def is_value(node: Node) -> bool:
    node = unwrapped(node)
    return node.type in LITERALS or (
        node.type == "unary_operator" and operator(node) in (b"^", b"@", b"-")
    )


def is_constant(node: Node) -> bool:
    node = unpinned(unwrapped(node))
    if node.type == "list":
        return all(is_constant(each) for each in named(node)) and bool(named(node))
    if node.type == "unary_operator":
        return operator(node) == b"@"
    if node.type in ("string", "sigil"):
        return not any(child.type == "interpolation" for child in node.named_children)
    return node.type in LITERALS
