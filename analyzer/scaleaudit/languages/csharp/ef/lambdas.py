"""Conditions as LINQ spells them: `o => o.CustomerId == id && o.Lines.Any(l => l.Open)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

COMPARISONS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not-in",
           "is-null": "is-not-null", "is-not-null": "is-null", "is-true": "is-true"}  # fmt: skip
FUNCTIONS = {"ToLower": "lower", "ToUpper": "upper", "ToLowerInvariant": "lower", "ToUpperInvariant": "upper",
             "Trim": "trim", "ToString": "cast"}  # fmt: skip
PARTS = {"Date": "date", "Year": "year", "Month": "month", "Day": "day", "Hour": "hour", "Length": "length",
         "DayOfWeek": "dayofweek", "TimeOfDay": "time"}  # fmt: skip
SOFT = {"Value"}  # of `DateTime?`: the column itself
LITERALS = {
    "integer_literal", "string_literal", "boolean_literal", "character_literal", "real_literal",
    "verbatim_string_literal",
}  # fmt: skip
CONSTANT = regex(r"(?:[A-Z]\w*\.)+[A-Z]\w*")
LAMBDAS = {"lambda_expression", "simple_lambda_expression", "parenthesized_lambda_expression"}
WRAPPED = {
    "parenthesized_expression",
    "cast_expression",
    "postfix_unary_expression",
    "checked_expression",
}
MAX_DEPTH = 25


class Path(Gathering):
    """An attribute of a row: dotted, and the function around it."""

    names: str
    function: str = ""


class Lambdas:
    """Reads the conditions of one query; `partial` once one was not understood.

    `rows`: what the names of rows stand for: a prefix of the path, and another model's name.
    """

    def __init__(self, reader: CSharpSyntax) -> None:
        self._reader = reader
        self._groups = 0
        self.partial = False
        self.rows: dict[str, tuple[str, str]] = {}

    def of(self, function: Node) -> list[Condition]:
        """The conditions of a lambda given to `Where`, `First`, `Any`."""
        body = self._opened(function, "")
        return self.read(body) if body is not None else self._unknown()

    def sorts(self, function: Node) -> list[Condition]:
        body = self._opened(function, "")
        path = self._path(body) if body is not None else None
        if path is None or path.function in ("length",):
            return []
        return [Condition(path.names, "sort", Clause.SORT, path.function)]

    def member(self, function: Node) -> str:
        """`o => o.Customer`: the dotted name."""
        body = self._opened(function, "")
        path = self._path(body) if body is not None else None
        return path.names if path is not None else ""

    def path(self, node: Node) -> Condition | None:
        """The attribute of a row, as a condition that says nothing of it yet."""
        found = self._path(node)
        return self._condition(found, "=") if found is not None else None

    def _opened(self, function: Node, prefix: str) -> Node | None:
        """The expression of a lambda, its parameter known as a row."""
        if function.type not in LAMBDAS:
            return None
        body = function.child_by_field_name("body")
        given = function.child_by_field_name("parameters")
        name = self._reader.text(given).strip("() ") if given is not None else ""
        name = name.rpartition(" ")[2]
        if body is None or body.type == "block" or not name.isidentifier():
            return None
        self.rows[name] = (prefix, "")
        return body

    def _unknown(self) -> list[Condition]:
        self.partial = True
        return []

    # -- conditions

    def read(self, node: Node, depth: int = 0, *, negated: bool = False) -> list[Condition]:
        if depth > MAX_DEPTH:
            return self._unknown()
        kind = node.type
        if kind == "parenthesized_expression" and node.named_children:
            return self.read(node.named_children[0], depth + 1, negated=negated)
        if kind == "prefix_unary_expression" and self._reader.text(node).startswith("!"):
            return self.read(node.named_children[0], depth + 1, negated=not negated)
        if kind == "binary_expression":
            return self._binary(node, depth, negated=negated)
        if kind == "is_pattern_expression":
            return self._pattern(node, negated=negated)
        if kind == "invocation_expression":
            return self._call(node, depth, negated=negated)
        if kind == "conditional_expression":
            return self._unknown() if self._on_row(node) else []
        path = self._path(node)
        if path is None:
            return self._unknown() if self._on_row(node) else []
        head, _, last = path.names.rpartition(".")
        if last == "HasValue":
            return [Condition(head, "is-null" if negated else "is-not-null")]
        return [self._condition(path, "is-true")]

    def _binary(self, node: Node, depth: int, *, negated: bool) -> list[Condition]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        sign = self._reader.text(operator) if operator is not None else ""
        if left is None or right is None:
            return self._unknown()
        if sign in ("&&", "||"):
            sides = [self.read(each, depth + 1, negated=negated) for each in (left, right)]
            if (sign == "&&") != negated:
                return [*sides[0], *sides[1]]
            return self._either(sides, (left, right))
        if sign not in COMPARISONS:
            return self._unknown() if self._on_row(node) else []
        one, two = self._path(left), self._path(right)
        if one is not None and two is not None:
            return []
        path, other = (one, right) if one is not None else (two, left)
        if path is None:
            return self._unknown() if self._on_row(node) else []
        found = COMPARISONS[sign] if one is not None else MIRRORED.get(sign, COMPARISONS[sign])
        found = NEGATED[found] if negated else found
        if other.type == "null_literal":
            return [self._condition(path, "is-null" if found == "=" else "is-not-null")]
        if self._on_row(other):
            return self._unknown()
        if other.type == "boolean_literal" and found in ("=", "!="):
            return [self._condition(path, "is-true")]
        constant = found == "=" and self._is_constant(other)
        return [self._condition(path, found, constant=constant)]

    def _either(self, sides: list[list[Condition]], nodes: tuple[Node, Node]) -> list[Condition]:
        flat = [each for side in sides for each in side]
        if not all(sides):
            if any(not side and self._on_row(n) for side, n in zip(sides, nodes, strict=True)):
                return []
            return [replace(c, operator="optional", alternative=True) for c in flat]
        self._groups += 1
        return [
            c if c.alternative and c.operator == "optional"
            else replace(c, alternative=True, group=self._groups, branch=number)
            for number, side in enumerate(sides, 1)
            for c in side
        ]  # fmt: skip

    def _pattern(self, node: Node, *, negated: bool) -> list[Condition]:
        """`o.Closed is null`, `o.Kind is Kind.A or Kind.B`."""
        text = self._reader.text(node)
        value = node.child_by_field_name("expression") or node.named_children[0]
        path = self._path(value)
        if path is None:
            return self._unknown() if self._on_row(node) else []
        absent = text.rstrip().endswith(" null")
        if absent:
            turned = (" is not " in text) != negated
            return [self._condition(path, "is-not-null" if turned else "is-null")]
        return [self._condition(path, "!=" if " not " in text or negated else "in", constant=True)]

    def _call(self, node: Node, depth: int, *, negated: bool) -> list[Condition]:
        function = node.child_by_field_name("function")
        args = self._reader.arguments_of(node)
        if function is None or function.type != "member_access_expression":
            return self._unknown() if self._on_row(node) else []
        receiver, named = (
            function.child_by_field_name("expression"),
            function.child_by_field_name("name"),
        )
        if receiver is None or named is None:
            return self._unknown()
        name = self._reader.plain(named)
        own = self._path(receiver)
        given = self._path(args[0]) if args else None
        if own is not None and name in ("Any", "All"):
            return self._children(own, name, args, depth, negated=negated)
        if name == "Contains" and own is None and given is not None:
            return [self._condition(given, "not-in" if negated else "in")]
        if name in (
            "Contains",
            "EndsWith",
            "Like",
            "ILike",
            "Matches",
            "StartsWith",
            "CompareTo",
        ) and (own is not None or given is not None):
            path = own if own is not None else given
            assert path is not None  # one of them is there
            starts = name == "StartsWith" and own is not None and not negated and len(args) == 1
            return [self._condition(path, "like" if starts else "search")]
        if name == "Equals" and own is not None and args:
            return [
                self._condition(own, "!=" if negated else "=", constant=self._is_constant(args[0]))
            ]
        if name in ("IsNullOrEmpty", "IsNullOrWhiteSpace") and given is not None:
            return [self._condition(given, "search")]
        return self._unknown() if self._on_row(node) else []

    def _children(
        self, own: Path, name: str, args: list[Node], depth: int, *, negated: bool
    ) -> list[Condition]:
        """`o.Lines.Any(l => l.Open)`: some row of the other table."""
        if negated or name == "All" or not args:
            return []  # none, or all of them: no index leads to the row
        body = self._opened(args[0], own.names)
        return self.read(body, depth + 1) if body is not None else self._unknown()

    # -- attributes

    def _condition(self, path: Path, operator: str, *, constant: bool = False) -> Condition:
        model = ""
        names = path.names
        if names.startswith("@"):
            model, _, names = names[1:].partition(".")
        return Condition(names, operator, function=path.function, constant=constant, model=model)

    def _path(self, node: Node, depth: int = 0) -> Path | None:
        """The attribute of a row that an expression is, through functions that hide it."""
        if depth > MAX_DEPTH:
            return None
        kind = node.type
        if kind in WRAPPED and node.named_children:
            inner = node.child_by_field_name("value") or node.named_children[0]
            return self._path(inner, depth + 1)
        if kind == "invocation_expression":
            function = node.child_by_field_name("function")
            if function is None or function.type != "member_access_expression":
                return None
            named = function.child_by_field_name("name")
            receiver = function.child_by_field_name("expression")
            known = FUNCTIONS.get(self._reader.text(named)) if named is not None else None
            inner_path = self._path(receiver, depth + 1) if known and receiver is not None else None
            return Path(inner_path.names, known or "") if inner_path is not None else None
        if kind != "member_access_expression":
            return None
        names: list[str] = []
        at: Node | None = node
        function_name = ""
        for _ in range(MAX_DEPTH):
            if at is None:
                return None
            if at.type in WRAPPED and at.named_children:
                at = at.child_by_field_name("value") or at.named_children[0]
                continue
            if at.type != "member_access_expression":
                break
            named = at.child_by_field_name("name")
            name = self._reader.text(named) if named is not None else ""
            if not names and name in PARTS and not function_name:
                function_name = PARTS[name]
            elif not (not names and name in SOFT):
                names.append(name)
            at = at.child_by_field_name("expression")
        if at is None or at.type != "identifier" or not names:
            if at is None or at.type != "identifier" or not function_name:
                return None
            names, function_name = [next(k for k, v in PARTS.items() if v == function_name)], ""
        row = self.rows.get(self._reader.text(at))
        if row is None:
            return None
        prefix, model = row
        dotted = ".".join([*([prefix] if prefix else []), *reversed(names)])
        return Path(f"@{model}.{dotted}" if model else dotted, function_name)

    def _on_row(self, node: Node) -> bool:
        """Whether an expression has to do with a row at all."""
        text = self._reader.text(node)
        return any(re.search(rf"(?<![\w.]){name}\b", text) is not None for name in self.rows)

    def _is_constant(self, node: Node) -> bool:
        return node.type in LITERALS or bool(CONSTANT.fullmatch(self._reader.text(node)))
