"""Conditions that a function gathers: `filters.append(Order.paid == True)`, `by["code"] = code`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.branching import branches, conditional, excludes
from scaleaudit.languages.python.sqlalchemy.syntax import bare, given, items, last_name, literal
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_MENTIONS = 100
EACH, EITHER = frozenset({"and_", "iand", "&"}), frozenset({"or_", "ior", "|"})
SAME = frozenset({"list", "tuple", "set"})
COMPREHENSIONS = frozenset({"list_comprehension", "generator_expression", "set_comprehension"})


class Listed(Gathering):
    """The elements of a list: those that are always there, and those of branches."""

    fixed: list[Node]
    optional: list[Node]


def element_of(node: Node) -> Node | None:
    """`X.a == y` of `[X.a == y for y in ys]`."""
    node = bare(node)
    return node.child_by_field_name("body") if node.type in COMPREHENSIONS else None


def behind(reader: PythonReader, node: Node) -> Node:
    """What a local name is assigned, when that is done once; else the node itself."""
    node = bare(node)
    if node.type == "identifier":
        return reader.local(reader.hint(node), node) or node
    return node


def gathered(reader: PythonReader, node: Node) -> Listed | None:
    """None where the list is not made in this function, or is changed out of sight."""
    node = bare(node)
    if node.type in ("list", "tuple"):
        return Listed(items(node), [])
    around = reader.function_around(node)
    if node.type != "identifier" or around is None:
        return None
    name = reader.hint(node)
    bound = reader.assigned_here(name, node) or paired(reader, around, name)
    made = [each for each in bound if not kept(reader, each, name)]
    assigned = made[0] if len(made) == 1 and made[0].id != node.id else None
    if assigned is None or assigned.type not in ("list", "tuple") or given_to(reader, around, name):
        return None
    found = Listed(items(assigned), [])
    base = branches(assigned, around)
    pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"\s*(?:\.\w+\(|\+=)")
    for count, match in enumerate(
        pattern.finditer(reader.content, assigned.end_byte, node.start_byte)
    ):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if leaf is None or count > MAX_MENTIONS:
            return None
        added = additions(reader, leaf)
        if added is None:
            return None
        here = branches(leaf, around)
        if not excludes(here, base):
            (found.optional if conditional(here, base) else found.fixed).extend(added)
    return found


def grown(reader: PythonReader, node: Node) -> Listed | None:
    """`by = Order.paid == True` with what `by &= Order.code == code` adds to it.

    None where it is not made once in this function, or may be an alternative.
    """
    around, name = reader.function_around(node), reader.hint(node)
    word = re.escape(name.encode())
    again = re.compile(rb"(?<![\w.])" + word + rb"\b")
    made = [each for each in reader.assigned_here(name, node) if not again.search(of(reader, each))]
    if around is None or len(made) != 1 or made[0].id == node.id:
        return None
    found = Listed(made, [])
    base = branches(made[0], around)
    pattern = re.compile(rb"(?<![\w.])(" + word + rb")\s*(?:[&|]=|=\s*\(?" + word + rb"\s*[&|])")
    for match in pattern.finditer(reader.content, made[0].end_byte, node.start_byte):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        line = leaf.parent if leaf is not None else None
        side = line.child_by_field_name("right") if line is not None else None
        right = bare(side) if side is not None else None
        if leaf is None or right is None or b"|" in match[0]:
            return None
        if right.type == "binary_operator" and again.match(of(reader, right)):
            right = right.child_by_field_name("right") or right
        here = branches(leaf, around)
        if not excludes(here, base):
            (found.optional if conditional(here, base) else found.fixed).append(right)
    return found


def of(reader: PythonReader, node: Node) -> bytes:
    return reader.content[node.start_byte : node.end_byte]


def paired(reader: PythonReader, function: Node, name: str) -> list[Node]:
    """What a name is given beside others: `wheres, values = [], []`."""
    word = re.escape(name.encode())
    pattern = re.compile(rb"(?m)^[ \t]*(?:\w+[ \t]*,[ \t]*)*(" + word + rb")[ \t]*(?=,|=(?!=))")
    found: list[Node] = []
    for match in pattern.finditer(reader.content, function.start_byte, function.end_byte):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        holder = leaf.parent if leaf is not None else None
        line = holder.parent if holder is not None and holder.type == "pattern_list" else None
        right = line.child_by_field_name("right") if line is not None else None
        if leaf is None or holder is None or right is None or right.type != "expression_list":
            continue
        at = next(n for n, each in enumerate(holder.named_children) if each.id == leaf.id)
        found += right.named_children[at : at + 1]
    return found


class Fold(Gathering):
    """`reduce(or_, parts)`: one condition of many."""

    either: bool
    parts: Node


def fold_of(reader: PythonReader, node: Node) -> Fold | None:
    """None for other calls, and where what puts the parts together is not known."""
    args = given(node, reader).args if last_name(reader, node) == "reduce" else ()
    if len(args) < 2:
        return None
    by = bare(args[0])
    if by.type == "lambda":
        body = by.child_by_field_name("body")
        sign = body.child_by_field_name("operator") if body is not None else None
        word = reader.text(sign) if sign is not None else ""
    else:
        word = reader.hint(by).rpartition(".")[2]
    either = word in EITHER
    return Fold(either, args[1]) if either or word in EACH else None


def kept(reader: PythonReader, value: Node, name: str) -> bool:
    """Whether a list is assigned its own conditions again: `parts = [reduce(and_, parts)]`."""
    value = bare(value)
    inside = items(value) if value.type in ("list", "tuple") else [value]
    if len(inside) != 1 or inside[0].type != "call":
        return False
    fold = fold_of(reader, inside[0])
    given_ = given(inside[0], reader)
    if fold is not None:
        whole = [] if fold.either else [fold.parts]
    elif last_name(reader, inside[0]) in EACH | SAME and value is inside[0]:
        whole = [*given_.splats, *given_.args]
    else:
        whole = list(given_.splats) if last_name(reader, inside[0]) in EACH else []
    return len(whole) == 1 and reader.hint(bare(whole[0])) == name


def given_to(reader: PythonReader, function: Node, name: str) -> bool:
    """`if by is None: by = {}`: what a function is called with may hold more."""
    holder = function.child_by_field_name("parameters")
    pattern = rb"(?<![\w.])" + re.escape(name.encode()) + rb"\b"
    return holder is not None and any(
        re.match(pattern, reader.content[each.start_byte : each.end_byte])
        for each in holder.named_children
    )


def additions(reader: PythonReader, leaf: Node) -> list[Node] | None:
    holder = leaf.parent
    if holder is not None and holder.type == "augmented_assignment":
        right = holder.child_by_field_name("right")
        return items(right) or None
    call = holder.parent if holder is not None and holder.type == "attribute" else None
    if call is None or call.type != "call":
        return None
    args = given(call, reader).args
    name = last_name(reader, call)
    if name == "append" and args:
        return [args[0]]
    if name == "extend" and args:
        return items(args[0]) or None
    return None


class Keyed(Gathering):
    """The members of a dictionary: those that are always there, and where branches set others."""

    fixed: dict[str, Node]
    optional: list[Node]


def members_of(reader: PythonReader, node: Node) -> Keyed | None:
    """Of a dictionary that stands there, or that this function made and filled; None for others."""
    node = bare(node)
    if node.type != "identifier":
        there = written(reader, node)
        return Keyed(there, []) if there is not None else None
    around = reader.function_around(node)
    name = reader.hint(node)
    assigned = reader.local(name, node)
    made = written(reader, assigned) if assigned is not None else None
    if made is None or around is None or assigned is None or given_to(reader, around, name):
        return None
    found = Keyed(made, [])
    pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"\b")
    base = branches(assigned, around)
    for match in pattern.finditer(reader.content, assigned.end_byte, node.start_byte):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        setting = leaf.parent.parent if leaf is not None and leaf.parent is not None else None
        key = key_set(reader, setting) if setting is not None else None
        if leaf is None or setting is None or key is None:
            return None
        here = branches(leaf, around)
        if conditional(here, base):
            found.optional.append(setting)
        else:
            found.fixed[key[0]] = key[1]
    return found


def written(reader: PythonReader, node: Node) -> dict[str, Node] | None:
    """`{"code": code}`, `dict(code=code)`."""
    if node.type == "call" and last_name(reader, node) == "dict":
        made = given(node, reader)
        return None if made.args or made.splats or made.more else dict(made.keywords)
    if node.type != "dictionary":
        return None
    pairs = [child for child in node.named_children if child.type != "comment"]
    found = reader.members(node)
    return found if len(found) == len(pairs) else None


def key_set(reader: PythonReader, setting: Node) -> tuple[str, Node] | None:
    """`by["code"] = code`."""
    if setting.type != "assignment":
        return None
    left, right = setting.child_by_field_name("left"), setting.child_by_field_name("right")
    key = left.child_by_field_name("subscript") if left is not None else None
    if key is None or right is None:
        return None
    name = literal(reader, key)
    return (name, right) if name else None
