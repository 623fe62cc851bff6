"""A builder kept in a variable, and what the function goes on to do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.builders.chains import Call, climb
from scaleaudit.languages.javascript.builders.functions import function_of, parameter
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_MENTIONS = 80
MAX_BRANCHES = 16
MAX_NAMES = 3  # that one builder is kept under
LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
WAYS = frozenset({"consequence", "alternative"})
PAGES = regex(r"nestjs-typeorm-paginate\b")  # which cuts the rows and adds no condition
HARMLESS = frozenset({"all", "log", "debug", "info", "Boolean", "stringify"})


class Extended(Gathering):
    """Calls on a builder after it was made.

    `branches`: those that only some conditions make, with the calls around each; `opaque`: it is
    handed to others, who may add to it; `beyond`: functions of other files to which it is handed;
    `exhaustive`: one of the branches is always taken, or nothing runs it beside them.
    """

    always: list[Call] = msgspec.field(default_factory=list)
    branches: list[list[Call]] = msgspec.field(default_factory=list)
    opaque: bool = False
    beyond: list[str] = msgspec.field(default_factory=list)
    exhaustive: bool = False
    held: bool = False  # in a variable at all


def extended(reader: JavaScriptReader, whole: Node, depth: int = 0) -> Extended:
    """What becomes of the builder that an expression is, also under a second name."""
    holder, left = kept(whole)
    if holder is None or left is None:
        return Extended()
    home = _block(reader, holder)
    found = _followed(reader, reader.text(left), whole.end_byte, home, holder, depth)
    found.held = True
    return found


def taken(
    reader: JavaScriptReader, function: Node, position: int, depth: int = 0
) -> Extended | None:
    """What a function does with a builder that it is given; None where that cannot be told."""
    name, body = parameter(reader, function, position), function.child_by_field_name("body")
    if not name or body is None or depth > MAX_NAMES:
        return None
    return _followed(reader, name, body.start_byte, function, None, depth)


def _followed(
    reader: JavaScriptReader, name: str, start: int, home: Node, holder: Node | None, depth: int
) -> Extended:
    """What is done with a name after a place, in the block or function that it lives in."""
    found = Extended()
    branches: dict[tuple[int, ...], list[Call]] = {}
    decided = False  # by what is done under another name
    bare = holder is None  # something may run it as it was made
    choices: dict[int, dict[int, str]] = {}  # an `if` with both sides -> side -> its name
    for mention in _mentions(reader, name, start, home):
        above = mention.parent
        if above is None:
            continue
        if above.type == "assignment_expression" and above.child_by_field_name("left") == mention:
            right = above.child_by_field_name("right")
            if right is None or _grows(reader, right, name):
                continue
            if holder is not None and _other_side(reader, holder, above):
                continue  # that happens only where this builder is not made
            break  # from here on it is another one
        key = tuple(_conditions(reader, mention, home, choices))
        bare = bare or not key
        if above.type in ("arguments", "shorthand_property_identifier"):
            inside = given(reader, above, mention, depth)
            calls, last = climb(reader, above.parent or above)
            calls = [*inside.always, *calls]
        else:
            inside = Extended()
            calls, last = climb(reader, mention)
        renamed = _renamed(reader, last, name) and depth < MAX_NAMES
        more = extended(reader, last, depth + 1) if renamed else Extended()
        more.branches = [*inside.branches, *more.branches]
        found.opaque = found.opaque or more.opaque or inside.opaque
        found.beyond += [*inside.beyond, *more.beyond]
        decided = decided or (more.exhaustive and not key)
        calls = [*calls, *more.always]
        for number, branch in enumerate(more.branches):
            branches.setdefault((*key, last.id, number), []).extend(branch)
        if not calls:
            continue
        if key:
            branches.setdefault(key, []).extend(calls)
        else:
            found.always.extend(calls)
    certain = [sides for sides in choices.values() if len(set(sides.values())) > 1]
    found.exhaustive = bool(certain) or decided or (bool(branches) and not bare)
    for key in list(branches)[:MAX_BRANCHES]:
        # Of each choice that is made anyway, the side that leads here, or else the first.
        usual = [next(iter(sides)) for sides in certain if key[0] not in sides]
        found.branches.append(
            [
                call
                for other, calls in branches.items()
                if key[: len(other)] == other or (other[0] in usual and len(other) == 1)
                for call in calls
            ]
        )
    return found


def given(reader: JavaScriptReader, holder: Node, mention: Node, depth: int) -> Extended:
    """What a call does with the builder that it is given: known of functions of the same file."""
    call = holder.parent
    named = call.child_by_field_name("function") if call is not None else None
    name = reader.text(named).rpartition(".")[2] if named is not None else ""
    if call is None or not name or name in HARMLESS or PAGES.match(reader.imports.get(name, "")):
        return Extended()
    function = function_of(reader, call) if holder.type == "arguments" else None
    args = [each for each in holder.named_children if each.type != "comment"]
    around = reader.function_around(mention)
    if function is None and mention in args and name.isidentifier():
        return Extended(beyond=[name])
    if function is None or function == around or mention not in args:
        return Extended(opaque=True)
    found = taken(reader, function, args.index(mention), depth + 1)
    return found if found is not None else Extended(opaque=True)


def kept(node: Node) -> tuple[Node | None, Node | None]:
    """What gives an expression, or one of two of which it is one, a name; and the name."""
    at, holder = node, node.parent
    while holder is not None and (
        holder.type in ("parenthesized_expression", "as_expression")
        or (holder.type == "ternary_expression" and holder.child_by_field_name("condition") != at)
    ):
        at, holder = holder, holder.parent
    if holder is None or holder.type not in ("variable_declarator", "assignment_expression"):
        return None, None
    left = holder.child_by_field_name("name") or holder.child_by_field_name("left")
    named = left is not None and left.type == "identifier" and left != at
    return (holder, left) if named else (None, None)


def _renamed(reader: JavaScriptReader, last: Node, name: str) -> bool:
    """Whether an expression on a builder is kept under another name."""
    _, left = kept(last)
    return left is not None and reader.text(left) != name


def _other_side(reader: JavaScriptReader, one: Node, other: Node) -> bool:
    """Whether an `if` decides which of two assignments happens."""
    around = {above.id for above in reader.ancestors(other)}
    at = one
    for above in reader.ancestors(one):
        if above.type == "if_statement" and above.id in around:
            sides = [above.child_by_field_name(way) for way in WAYS]
            return at.id in {side.id for side in sides if side is not None} and at.id not in around
        if above.type in reader.FUNCTIONS:
            return False
        at = above
    return False


def _grows(reader: JavaScriptReader, right: Node, name: str) -> bool:
    text = reader.text(right)[:400].lstrip("( ").removeprefix("await ").lstrip("( ")
    return re.match(rf"{re.escape(name)}\b", text) is not None or name in text.split("(", 1)[-1]


def _block(reader: JavaScriptReader, holder: Node) -> Node:
    """Where the variable lives: a variable that is assigned apart may live further out."""
    inner = holder.type == "assignment_expression"
    for above in reader.ancestors(holder):
        if above.type in reader.FUNCTIONS:
            return above
        if above.type == "statement_block" and not inner:
            return above
    return reader.root


def _mentions(reader: JavaScriptReader, name: str, start: int, home: Node) -> Iterator[Node]:
    pattern = re.compile(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"(?![\w$])(\s*:(?!:))?")
    found = pattern.finditer(reader.content, start, home.end_byte)
    for _, match in zip(range(MAX_MENTIONS), found, strict=False):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if node is None or node.type not in ("identifier", "shorthand_property_identifier"):
            continue
        if match[1] and (node.parent is None or node.parent.type != "ternary_expression"):
            continue  # `name: type`
        hidden = False
        for above in reader.ancestors(node):
            if above.id == home.id:
                break
            if above.type in reader.FUNCTIONS and scopes.has_parameter(reader, above, name):
                hidden = True
                break
        if not hidden:
            yield node


def _conditions(
    reader: JavaScriptReader, node: Node, home: Node, choices: dict[int, dict[int, str]]
) -> list[int]:
    """What must hold for the node to be reached, from the outside in."""
    found: list[int] = []
    outermost: tuple[Node, str] | None = None
    at = node
    for above in reader.ancestors(node):
        if above.id == home.id:
            break
        if above.type in ("if_statement", "ternary_expression"):
            for way in WAYS:
                branch = above.child_by_field_name(way)
                if branch is not None and branch.id == at.id:
                    found.append(at.id)
                    outermost = (above, way)
        elif above.type in ("switch_case", "switch_default", "catch_clause") or (
            above.type in LOOPS or above.type in reader.FUNCTIONS
        ):
            found.append(above.id)
            outermost = None
        elif above.type == "binary_expression":
            operator, right = (
                above.child_by_field_name("operator"),
                above.child_by_field_name("right"),
            )
            if operator is not None and operator.type in ("&&", "||") and right == at:
                found.append(above.id)
                outermost = None
        at = above
    if outermost is not None:
        choice, way = outermost
        if choice.child_by_field_name("alternative") is not None:
            choices.setdefault(choice.id, {})[found[-1]] = way
    return found[::-1]
