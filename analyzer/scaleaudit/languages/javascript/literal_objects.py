"""Objects that calls are given, put together from literals, variables, spreads and assignments.

A member that stands under a condition (`...(state && {state})`, `if (state) where.state = state`)
belongs to a choice: it is there or not, whatever the other choices are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.builders import functions
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Gathering, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_DEPTH = 8
MAX_MEMBERS = 120  # of one object
MAX_LATER = 40  # assignments to members of one variable
CONDITIONAL = {
    "if_statement", "switch_case", "switch_default", "ternary_expression", "catch_clause",
    "for_statement", "for_in_statement", "while_statement",
}  # fmt: skip
EMPTY = {"undefined", "null", "false"}


class Member(Record, frozen=True):
    key: str
    value: Node
    choice: Choice = ()


class Shape(Gathering):
    """What is known of an object; `hidden`: it has, or may have, members that are not."""

    members: list[Member] = msgspec.field(default_factory=list)
    hidden: bool = False

    def tells(self, key: str) -> bool:
        """Whether a member always stands there: nobody writes one for a spread beside it to undo."""
        return any(each.key == key and not each.choice for each in self.members)


def shape(
    reader: JavaScriptReader, node: Node | None, choice: Choice = (), depth: int = 0
) -> Shape:
    """The members of an expression that stands for an object."""
    found = Shape()
    _add(reader, bare(node), choice, depth, found)
    return found


def _add(
    reader: JavaScriptReader, node: Node | None, choice: Choice, depth: int, into: Shape
) -> None:
    if node is None or node.type in EMPTY:
        return
    if depth > MAX_DEPTH or len(into.members) > MAX_MEMBERS:
        into.hidden = True
        return
    if node.type == "object":
        _literal(reader, node, choice, depth, into)
    elif node.type in ("identifier", "shorthand_property_identifier"):
        if reader.text(node) not in EMPTY:
            _variable(reader, node, choice, depth, into)
    elif node.type == "ternary_expression":
        for inner, side in ways(node):
            _add(reader, inner, (*choice, side), depth + 1, into)
    elif node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        sides = bare(node.child_by_field_name("left")), bare(node.child_by_field_name("right"))
        if operator is not None and operator.type == "&&" and sides[1] is not None:
            _add(reader, sides[1], (*choice, (node.id, sides[1].id)), depth + 1, into)
        elif operator is not None and operator.type in ("??", "||"):
            for each in sides:
                _add(reader, each, choice, depth + 1, into)
        else:
            into.hidden = True
    elif node.type == "call_expression":
        _call(reader, node, choice, depth, into)
    else:
        into.hidden = True


def _literal(reader: JavaScriptReader, node: Node, choice: Choice, depth: int, into: Shape) -> None:
    for child in node.named_children[:MAX_MEMBERS]:
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is None or value is None or key.type == "computed_property_name":
                into.hidden = True
            else:
                into.members.append(Member(reader.text(key).strip("'\""), value, choice))
        elif child.type == "shorthand_property_identifier":
            into.members.append(Member(reader.text(child), child, choice))
        elif child.type == "spread_element" and child.named_children:
            _add(reader, bare(child.named_children[0]), choice, depth + 1, into)


def _call(reader: JavaScriptReader, node: Node, choice: Choice, depth: int, into: Shape) -> None:
    """`Prisma.validator<...>()({...})`, and functions of the file that return an object."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "call_expression":
        args, _, _ = reader.arguments(node)
        _add(reader, args[0] if len(args) == 1 else None, choice, depth + 1, into)
        into.hidden = into.hidden or len(args) != 1
        return
    made = function_of(reader, function) if function is not None else None
    made = made or functions.function_of(reader, node)  # a method of the class
    result = (options.returned(made) or functions.returned(made)) if made is not None else None
    if result is None or (result.type != "object" and result.id in reader.working):
        into.hidden = True
    else:
        reader.working.add(result.id)
        _add(reader, result, choice, depth + 1, into)
        reader.working.discard(result.id)


def function_of(reader: JavaScriptReader, name: Node) -> Node | None:
    """The function of this file's own level that an identifier names."""
    if name.type != "identifier":
        return None
    word = reader.text(name)
    declared = reader.declared.get(word)
    if declared is not None and declared.type in reader.FUNCTIONS:
        return declared
    written = re.compile(
        rb"\bfunction\s+"
        + re.escape(word.encode())
        + rb"\b|\bconst\s+"
        + re.escape(word.encode())
        + rb"\s*=\s*(?:async\s*)?\("
    )
    match = written.search(reader.content)
    node = reader.root.descendant_for_byte_range(match.start(), match.end()) if match else None
    for _ in range(3):
        if node is None or node.type in reader.FUNCTIONS:
            return node
        if node.type == "lexical_declaration":
            inner = node.named_children[0].child_by_field_name("value")
            return inner if inner is not None and inner.type in reader.FUNCTIONS else None
        node = node.parent
    return None


def _variable(
    reader: JavaScriptReader, node: Node, choice: Choice, depth: int, into: Shape
) -> None:
    name = reader.text(node)
    function, values = given(reader, name, node)
    if not values:
        into.hidden = True
        return
    home = block_of(values[0])
    for value, around in given_before(reader, node, values, home):
        _add(reader, bare(value), (*choice, *around), depth + 1, into)
    if function is not None:
        for member in later_members(reader, name, function, node, home):
            into.members.append(Member(member.key, member.value, (*choice, *member.choice)))


def given(reader: JavaScriptReader, name: str, node: Node) -> tuple[Node | None, list[Node]]:
    """The function whose local it is, and all that it is given there or in the module."""
    for function in scopes.functions_around(reader, node):
        values = scopes.locals_of(reader, function).get(name)
        if values:
            return function, sorted(values, key=lambda each: each.start_byte)
        if scopes.has_parameter(reader, function, name):
            return None, []
    declared = reader.declared.get(name)
    return None, [declared] if declared is not None else []


def given_before(
    reader: JavaScriptReader, use: Node, values: list[Node], home: Node | None
) -> Iterator[tuple[Node, Choice]]:
    """Those values of a variable that are written before its use, with the branches around each."""
    for value in values:
        if value.start_byte < use.start_byte and value.id not in reader.working:
            reader.working.add(value.id)
            yield value, conditions_around(reader, value, home)
            reader.working.discard(value.id)


def ways(choice: Node) -> Iterator[tuple[Node, tuple[int, int]]]:
    """The two sides of `? :`, each with its part of a choice."""
    for side in ("consequence", "alternative"):
        inner = bare(choice.child_by_field_name(side))
        if inner is not None:
            yield inner, (choice.id, inner.id)


def block_of(value: Node) -> Node | None:
    above = value.parent
    for _ in range(MAX_DEPTH):
        if above is None or above.type in ("statement_block", "program", "switch_case"):
            break
        above = above.parent
    return above


def conditions_around(reader: JavaScriptReader, node: Node, home: Node | None) -> Choice:
    """The branches between a node and the block of its variable, outermost first."""
    found: list[tuple[int, int]] = []
    below = node
    for above in reader.ancestors(node):
        if home is not None and above.id == home.id:
            break
        if above.type in reader.FUNCTIONS:
            break
        if above.type in CONDITIONAL:
            found.append(_way(above, below))
        below = above
    return tuple(reversed(found))


def _way(decision: Node, below: Node) -> tuple[int, int]:
    """Of `if` and `? :` the side that is taken; the cases of a switch are sides of it."""
    if decision.type.startswith("switch_") and decision.parent is not None:
        return decision.parent.id, decision.id
    return decision.id, below.id


def later_members(
    reader: JavaScriptReader, name: str, function: Node, use: Node, home: Node | None
) -> Iterator[Member]:
    """`where.state = x`, `where["state"] = x`, `where.AND.push({...})` before the use."""
    written = re.compile(
        rb"(?<![\w.$])" + re.escape(name.encode()) + rb"!?(?:\??\.(\w+)|\[[\"'](\w+)[\"']\])"
        rb"(?:\s*=(?![=>])|\s*(?:as\s[^;=()]{1,80}\))?[!?]*\.push\()"
    )
    end = use.start_byte
    for count, match in enumerate(written.finditer(reader.content, function.start_byte, end)):
        if count >= MAX_LATER:
            return
        leaf = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        above = leaf.parent if leaf is not None else None
        if above is None:
            continue
        key = (match[1] or match[2]).decode()
        around = conditions_around(reader, above, home)
        if above.type == "assignment_expression":
            value = above.child_by_field_name("right")
            if value is not None:
                yield Member(key, value, around)
        elif above.type == "call_expression" or leaf is not None:
            holder = above if above.type == "arguments" else leaf
            for child in holder.named_children if holder is not None else ():
                yield Member(key, child, around)
