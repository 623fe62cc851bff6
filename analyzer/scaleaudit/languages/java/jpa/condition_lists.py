"""Conditions of jOOQ that are gathered before a query takes them: in a list, in a variable, by a function.

`listOfNotNull(code?.let { ORDERS.CODE.eq(it) })`, `conditions.add(...)`, `condition = condition.and(...)`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.flow import mentions
from scaleaudit.languages.java.jpa.helpers import values_of
from scaleaudit.languages.java.jpa.predicate_builders import MAX_PARTS, Gathered
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

LISTS = frozenset(
    {"listOfNotNull", "listOf", "mutableListOf", "arrayListOf", "of", "asList", "ArrayList", "newArrayList",
     "emptyList", "LinkedList"}
)  # fmt: skip
EMPTY = frozenset({"noCondition", "trueCondition"})
ADDS = frozenset({"add", "and", "plus"})
ASKED = frozenset({"isEmpty", "isNotEmpty", "size", "stream", "toTypedArray"})
ASSIGNMENTS = frozenset({"assignment", "assignment_expression"})
CONDITIONAL = frozenset({"if_expression", "ternary_expression"})
DECLARED = (
    rb"\b(?:val|var|Condition|(?:Mutable|Array)?List<[^=\n;]{0,60}>|Collection<[^=\n;]{0,60}>)\s+%s\s*"
    rb"(?::[^=\n]{1,80})?=\s*"
)
RETURNS = regex(rb"\b(?:Condition|fun)\s{1,9}$")  # before the name of a function
BEFORE = 20  # bytes
CHOSEN = frozenset({"let", "run", "takeIf", "also"})
MAX_DEPTH = 4


def gathered_conditions(reader: JvmReader, node: Node, depth: int = 0) -> Gathered | None:
    """What an expression has gathered; None for a condition that stands there itself."""
    if depth > MAX_DEPTH:
        return None
    if node.type == "identifier":
        return of_variable(reader, node, depth)
    links = reader.chain(node) if reader.is_call(node) or "creation" in node.type else []
    name = links[-1].name if links else ""
    args = reader.arguments_of(node) if links else []
    if name in LISTS or "creation" in node.type:
        return elements(reader, args)
    if name == "and" and len(args) == 1 and links[0].name in ("DSL", "and"):
        return gathered_conditions(reader, args[0], depth + 1)
    if links and (len(links) == 1 or (len(links) == 2 and links[0].name == "this")):
        return of_function(reader, node, links[-1].name)
    return None


def elements(reader: JvmReader, args: list[Node]) -> Gathered:
    found = Gathered()
    for each in args[:MAX_PARTS]:
        always, options = sides(reader, each)
        found.always += always
        found.options += options
    return found


def sides(reader: JvmReader, node: Node) -> tuple[list[Node], list[Node]]:
    """(conditions that hold in any case, those of a choice): `code?.let { ... }`, `if (x) a else null`."""
    if reader.text(node) in ("null", ""):
        return [], []
    if node.type in CONDITIONAL:
        condition = node.child_by_field_name("condition")
        arms = [
            each for each in node.named_children if condition is None or each.id != condition.id
        ]
        return [], [arm for arm in arms if reader.is_call(arm)]
    if reader.is_call(node) and reader.chain(node)[-1].name in CHOSEN:
        last = node.named_children[-1] if node.named_children else None
        block = last.named_children[-1] if last is not None and last.named_children else None
        inner = block.named_children[-1] if block is not None and block.named_children else None
        return [], [inner] if inner is not None else []
    return [node], []


def of_variable(reader: JvmReader, node: Node, depth: int) -> Gathered | None:
    """A list, or a condition to which others are joined before it is used; None for what is made at once."""
    name, around = reader.text(node), reader.function_around(node)
    if around is None:
        return None
    made = declared(reader, name, around, node)
    if made is None:
        return None
    found = gathered_conditions(reader, made, max(depth + 1, MAX_DEPTH - 1))
    if found is None:
        empty = reader.is_call(made) and reader.chain(made)[-1].name in EMPTY
        found = Gathered(always=[] if empty else [made])
    for mention in mentions(reader, name, made):
        if mention.node.start_byte >= node.start_byte:
            break
        into = found.options if mention.branch else found.always
        assigned = added(reader, mention.node)
        if assigned is not None:
            always, options = sides(reader, assigned)
            into.extend(always)
            found.options += options
            continue
        found.known &= not mention.handed_on
        for call in mention.calls:
            called = reader.chain(call)[-1].name
            if called in ADDS and len(into) < MAX_PARTS:
                into.extend(reader.arguments_of(call)[-1:])
            elif called not in ASKED:
                found.known = False
    return found


def added(reader: JvmReader, node: Node) -> Node | None:
    """The right side of `conditions += ...`."""
    holder = node.parent
    if holder is None or holder.type not in ASSIGNMENTS or holder.named_children[0].id != node.id:
        return None
    return holder.named_children[-1] if any(c.type == "+=" for c in holder.children) else None


def declared(reader: JvmReader, name: str, around: Node, use: Node) -> Node | None:
    pattern = re.compile(DECLARED % re.escape(name.encode()))
    found = [*pattern.finditer(reader.content, around.start_byte, use.start_byte)]
    if len(found) != 1:
        return None
    at = reader.root.descendant_for_byte_range(found[0].end(), found[0].end() + 1)
    while at is not None and at.parent is not None and at.parent.start_byte == at.start_byte:
        at = at.parent
    return at


def of_function(reader: JvmReader, call: Node, name: str) -> Gathered | None:
    """What a function of the file gives back: `where(ofShop(shop))`."""
    content = reader.content
    found = [
        match
        for match in re.finditer(re.escape(name.encode()) + rb"\s*(?=\()", content)
        if RETURNS.search(content, max(0, match.start() - BEFORE), match.start())
    ]
    if len(found) != 1:
        return None
    leaf = reader.root.descendant_for_byte_range(found[0].end(), found[0].end() + 1)
    method = leaf.parent if leaf is not None else None
    while method is not None and method.type not in reader.METHODS:
        method = method.parent
    if method is None or method.start_byte <= call.start_byte < method.end_byte:
        return None
    body = method.child_by_field_name("body") or next(
        (each for each in method.named_children if each.type == "function_body"), None
    )
    inner = body.named_children if body is not None else []
    if len(inner) == 1 and reader.is_call(
        inner[0]
    ):  # `fun ofShop(shop: Long) = ORDERS.SHOP.eq(shop)`
        return Gathered(always=[inner[0]])
    given = values_of(reader, method)
    if len(given) == 1:
        return Gathered(always=given)
    return Gathered(options=given) if given else None
