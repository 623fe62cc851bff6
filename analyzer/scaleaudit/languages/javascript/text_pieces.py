"""What a string expression is put together from: text that is always there, and text by choice.

`query += " AND a = $1"` in an `if`, `where.push("a = $1")` with `where.join(" AND ")`, and
`${filter}` that is empty unless a branch gives it something. What is not understood is a gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import method_name
from scaleaudit.languages.javascript.text_parts import (
    Arm,
    Choice,
    Listed,
    Part,
    Sum,
    Text,
    says_nothing,
)
from scaleaudit.languages.javascript.text_steps import declaration, later_steps, steps
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_DEPTH = 8  # names that stand for texts with names
MAX_STEPS = 3_000  # expressions of one text
MAX_PARTS = 200
NOTHING = {"null", "undefined", "false"}
SAME = {"filter", "flat", "reverse", "slice"}
WRAPPED = regex(
    r"\(\s*\(?\s*(\w+)\s*(?::\s*\w+\s*)?\)?\s*=>\s*"
    r"(?:\1|`\(?\s*\$\{\s*\1\s*\}\s*\)?`)\s*,?\s*\)"
)


def parts_of(reader: JavaScriptReader, node: Node) -> list[Part]:
    """The parts of a text, with what later statements add to the variable that it is given to."""
    known = reader.text_parts.get(node.id)
    if known is None:
        pieces = Pieces(reader)
        known = reader.text_parts[node.id] = [*pieces.of(node), *later_steps(pieces, node)]
    return known


class Pieces(Gathering):
    """Puts parts together within a budget."""

    reader: JavaScriptReader
    left: int = MAX_STEPS
    depth: int = 0

    def of(self, node: Node | None) -> list[Part]:
        at = bare(node)
        self.left -= 1
        if at is None or self.left < 0 or self.depth > MAX_DEPTH:
            return [Text(UNKNOWN)]
        self.depth += 1
        found = self._of(at)
        self.depth -= 1
        return found

    def _of(self, node: Node) -> list[Part]:
        if node.type in NOTHING:
            return []
        if node.type in ("string", "template_string"):
            return self._string(node)
        if node.type == "binary_expression":
            return self._binary(node)
        if node.type == "ternary_expression":
            sides = ("consequence", "alternative")
            return self._choice([node.child_by_field_name(side) for side in sides])
        if node.type == "call_expression":
            return self._call(node)
        if node.type == "identifier":
            return self._variable(node)
        return [Text(self.reader.value(node))]

    def _string(self, node: Node) -> list[Part]:
        if node.type == "string" or not any(
            each.type == "template_substitution" for each in node.named_children
        ):
            value = self.reader.value(node)
            return [] if value == Literal("") else [Text(value)]
        return self.inside(node.named_children)

    def inside(self, children: list[Node]) -> list[Part]:
        """The parts of a template, from one of its children on."""
        found: list[Part] = []
        for child in children[:MAX_PARTS]:
            if child.type == "template_substitution":
                found += self.of(child.named_children[0] if child.named_children else None)
            else:
                found.append(Text(Literal(self.reader.text(child))))
        return found

    def _binary(self, node: Node) -> list[Part]:
        operator = node.child_by_field_name("operator")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        kind = operator.type if operator is not None else ""
        if kind == "+":
            return [*self.of(left), *self.of(right)]
        if kind == "&&" and right is not None:
            inner = self.of(right)
            return [] if says_nothing(inner) else [Choice([Arm(right, inner)])]
        if kind in ("||", "??"):
            if right is not None and right.type == "null":
                return [Text(UNKNOWN)]  # a value of a statement: no part of its text is null
            return self._choice([left, right])
        return [Text(UNKNOWN)]

    def _choice(self, sides: list[Node | None]) -> list[Part]:
        arms = [Arm(side, self.of(side)) for side in sides if side is not None]
        told = [arm for arm in arms if not says_nothing(arm.parts)]
        return [Choice(told, optional=len(told) < len(sides))] if told else []

    def _call(self, node: Node) -> list[Part]:
        function, given = (
            node.child_by_field_name("function"),
            node.child_by_field_name("arguments"),
        )
        if given is not None and given.type == "template_string":  # sql`...`
            return self._string(given)
        receiver = function.child_by_field_name("object") if function is not None else None
        name = method_name(self.reader, node)
        if name == "join" and receiver is not None:
            first = given.named_children[0] if given and given.named_children else None
            separator = self.reader.value(first) if first is not None else Literal(",")
            items = self.items(receiver)
            if items is not None and isinstance(separator, Literal):
                return [Listed(separator.text, items)]
        elif name in ("trim", "toString") and receiver is not None:
            return self.of(receiver)
        return [Text(self.reader.value(node))]

    # -- variables

    def _variable(self, node: Node) -> list[Part]:
        name = self.reader.text(node)
        declared = declaration(self.reader, name, node)
        value = declared.child_by_field_name("value") if declared is not None else None
        if declared is None or (value is not None and (bare(value) or value).type == "array"):
            return [Text(self.reader.value(node))]
        return [
            *(self.of(value) if value is not None else ()),
            *steps(self, name, declared, node.start_byte),
        ]

    # -- lists

    def items(self, node: Node) -> list[Part] | None:
        """The elements of a list, each a part of its own; None where it is none that is known."""
        at = bare(node)
        for _ in range(MAX_DEPTH):
            if at is None or at.type != "call_expression" or not self._keeps(at):
                break
            function = at.child_by_field_name("function")
            at = bare(function.child_by_field_name("object")) if function is not None else None
        if at is not None and at.type == "array":
            return self.elements(at.named_children)
        if at is None or at.type != "identifier":
            return None
        name = self.reader.text(at)
        declared = declaration(self.reader, name, at)
        value = declared.child_by_field_name("value") if declared is not None else None
        self.depth += 1
        begun = self.items(value) if value is not None and self.depth <= MAX_DEPTH else None
        self.depth -= 1
        if declared is None or begun is None:
            return None
        return [*begun, *steps(self, name, declared, at.start_byte, listed=True)]

    def _keeps(self, call: Node) -> bool:
        """Whether the elements of a list still say what they said: `.map((each) => `(${each})`)`."""
        name = method_name(self.reader, call)
        given = call.child_by_field_name("arguments")
        text = self.reader.text(given)[:200] if given is not None else ""
        return name in SAME or (name == "map" and WRAPPED.fullmatch(text) is not None)

    def elements(self, nodes: list[Node]) -> list[Part]:
        found: list[Part] = []
        for each in nodes[:MAX_PARTS]:
            if each.type == "comment":
                continue
            if each.type == "spread_element":
                found += self._spread(each)
                continue
            parts = self.of(each)
            alone = parts[0] if len(parts) == 1 else None
            if alone is not None and isinstance(alone, Choice):
                found.append(alone)  # `code && "code = $1"`: an element that may not be there
            elif parts:
                found.append(Sum(parts))
        return found

    def _spread(self, node: Node) -> list[Part]:
        """`...(code ? ["code = $1"] : [])`."""
        inner = bare(node.named_children[0]) if node.named_children else None
        if inner is None or inner.type != "ternary_expression":
            return (self.items(inner) if inner is not None else None) or [Text(UNKNOWN)]
        arms: list[Arm] = []
        for side in ("consequence", "alternative"):
            at = inner.child_by_field_name(side)
            items = self.items(at) if at is not None else None
            if at is None or items is None:
                return [Text(UNKNOWN)]
            if items:
                arms.append(Arm(at, items))
        return [Choice(arms, optional=len(arms) < 2)] if arms else []
