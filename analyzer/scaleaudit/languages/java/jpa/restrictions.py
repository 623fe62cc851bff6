"""Conditions of Hibernate's old Criteria: `Restrictions.and(Restrictions.eq("a", x), ...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import Condition
from scaleaudit.languages.java.jpa.flow import calls_on, mentions
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

    Resolve = Callable[[str], str]

MAX_STEPS = 2_000  # criteria looked at for one query
MAX_DEPTH = 12  # of conditions inside conditions
COMPARISONS = {
    "eq": "=", "eqOrIsNull": "=", "idEq": "=", "ne": "!=", "neOrIsNotNull": "!=",
    "gt": ">", "lt": "<", "ge": ">=", "le": "<=", "between": "between", "in": "in", "isNull": "is-null",
    "isNotNull": "is-not-null", "like": "search", "ilike": "search", "set": "=",
    "eqProperty": "search", "neProperty": "search", "gtProperty": "search", "ltProperty": "search",
    "geProperty": "search", "leProperty": "search", "propertyIn": "in", "propertyEq": "=",
    "propertyNotIn": "not-in", "propertyGt": ">", "propertyLt": "<", "propertyGe": ">=",
    "propertyLe": "<=", "notIn": "not-in",
}  # fmt: skip
NEGATED = {"=": "!=", "in": "not-in", "is-null": "is-not-null", "is-not-null": "is-null"}
HARMLESS = frozenset({"isEmpty", "isNotEmpty", "sizeEq", "sizeGe", "sizeGt", "sizeLe", "sizeLt",
                      "exists", "notExists"})  # fmt: skip
SIDES = 100  # of one OR
LITERALS = frozenset(
    {"string_literal", "decimal_integer_literal", "true", "false", "number_literal",
     "boolean_literal", "character_literal"}
)  # fmt: skip
CONSTANT = regex(r"(?:[\w.]*[A-Z]\w*\.)?[A-Z][A-Z0-9_]+")


class Found(Gathering):
    """Conditions read so far; `lost`: one of them is not known."""

    conditions: list[Condition] = msgspec.field(default_factory=list)
    groups: int = 0
    lost: bool = False
    left: list[int] = msgspec.field(
        default_factory=lambda: [MAX_STEPS]
    )  # shared with what is inside

    def spent(self) -> bool:
        """Whether conditions made of each other have been followed long enough."""
        self.left[0] -= 1
        self.lost |= self.left[0] < 0
        return self.left[0] < 0

    def group(self) -> int:
        self.groups += 1
        return self.groups


def is_constant(reader: JvmReader, node: Node | None) -> bool:
    """A literal, or a name that is written like a constant."""
    if node is None:
        return False
    return node.type in LITERALS or CONSTANT.fullmatch(reader.text(node)[:200]) is not None


def pattern_operator(reader: JvmReader, args: Sequence[Node]) -> str:
    """`like` for a pattern with a known beginning, else `search`."""
    if len(args) > 2:
        mode = reader.text(args[2]).rpartition(".")[2]
        return {"START": "like", "EXACT": "="}.get(mode, "search")
    if len(args) < 2:
        return "search"
    node = args[1]
    if node.type == "binary_expression":
        first, last = node.named_children[0], node.named_children[-1]
        while first.type == "binary_expression":
            first = first.named_children[0]
        ends, starts = reader.text(last), reader.text(first)
        return "like" if ends == '"%"' and "%" not in starts else "search"
    value = reader.value(node)
    if isinstance(value, Literal) and value.text[:1] not in ("%", "_", ""):
        return "like"
    return "search"


def criterion(
    reader: JvmReader, node: Node, resolve: Resolve, found: Found, depth: int = 0
) -> None:
    """Adds what one criterion asks."""
    if depth > MAX_DEPTH or found.spent():
        found.lost = True
        return
    if node.type == "identifier":
        held_criterion(reader, node, resolve, found, depth)
        return
    if node.type in ("cast_expression", "parenthesized_expression"):
        criterion(reader, node.named_children[-1], resolve, found, depth + 1)
        return
    if not reader.is_call(node):
        found.lost = True
        return
    links = [link for link in reader.chain(node) if link.node is not None and not link.constructor]
    if not links or links[0].node is None:
        found.lost = True
        return
    name, first = links[0].name, links[0].node
    later = [link for link in links[1:] if link.node is not None]
    args = reader.arguments_of(first)
    if name in ("and", "conjunction", "or", "disjunction"):
        sides = [*args]
        for link in later:
            if link.name == "add" and link.node is not None:
                sides.extend(reader.arguments_of(link.node))
        combined(reader, sides, resolve, found, depth, either=name in ("or", "disjunction"))
        return
    if name == "not" and args:
        inner = Found(groups=found.groups, left=found.left)
        criterion(reader, args[0], resolve, inner, depth + 1)
        found.groups, found.lost = inner.groups, found.lost or inner.lost
        found.conditions += [
            replace(each, operator=NEGATED.get(each.operator, "!=")) for each in inner.conditions
        ]
        return
    if name == "forName" and later and later[0].node is not None:
        name, args = later[0].name, [*args, *reader.arguments_of(later[0].node)]
    if name == "naturalId":
        for link in later:
            given = reader.arguments_of(link.node) if link.node is not None else []
            compared(reader, link.name, given, resolve, found, ignores_case=False)
        return
    ignores_case = name == "ilike" or any(link.name == "ignoreCase" for link in later)
    compared(reader, name, args, resolve, found, ignores_case=ignores_case)


def compared(
    reader: JvmReader,
    name: str,
    args: list[Node],
    resolve: Resolve,
    found: Found,
    *,
    ignores_case: bool,
) -> None:
    operator = COMPARISONS.get(name, "")
    if name in HARMLESS:
        return
    if not operator or not args:
        found.lost = True
        return
    if name == "idEq":
        found.conditions.append(Condition("id", "="))
        return
    written = reader.value(args[0])
    if not isinstance(written, Literal):
        found.lost = True
        return
    if operator == "search" and name in ("like", "ilike"):
        operator = pattern_operator(reader, args)
    constant = len(args) > 1 and is_constant(reader, args[1])
    function = "lower" if ignores_case else ""
    found.conditions.append(
        Condition(resolve(written.text), operator, function=function, constant=constant)
    )


def combined(
    reader: JvmReader,
    sides: list[Node],
    resolve: Resolve,
    found: Found,
    depth: int,
    *,
    either: bool,
) -> None:
    if not either or len(sides) < 2:
        for side in sides:
            criterion(reader, side, resolve, found, depth + 1)
        return
    group = found.group()
    for number, side in enumerate(sides, 1):
        inner = Found(groups=found.groups, left=found.left)
        criterion(reader, side, resolve, inner, depth + 1)
        found.groups, found.lost = inner.groups, found.lost or inner.lost
        nested = all(each.alternative for each in inner.conditions)
        found.conditions += [
            replace(each, alternative=True, group=group, branch=side_of(number, each, nested))
            for each in inner.conditions
        ]


def side_of(number: int, inner: Condition, nested: bool) -> int:
    """The sides of an OR inside an OR are sides of the whole."""
    return number * SIDES + inner.branch if nested else number


def held_criterion(
    reader: JvmReader, node: Node, resolve: Resolve, found: Found, depth: int
) -> None:
    """A criterion in a variable: what it is made of, and what is added to it."""
    made = reader.local(reader.text(node), node)
    if made is None or not reader.is_call(made):
        found.lost = True
        return
    links = reader.chain(made)
    name = links[-1].name
    if name not in ("disjunction", "conjunction"):
        criterion(reader, made, resolve, found, depth + 1)
        return
    sides: list[Node] = []
    for mention in mentions(reader, reader.text(node), made):
        if mention.node.start_byte >= node.start_byte:
            break
        for call in mention.calls:
            if reader.chain(call)[-1].name == "add":
                sides.extend(reader.arguments_of(call))
    combined(reader, sides, resolve, found, depth, either=name == "disjunction")


__all__ = ["Found", "calls_on", "criterion", "is_constant", "pattern_operator"]
