"""A query under construction, followed inside its function: the calls on it, and their branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.words import occurrences
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_MENTIONS = 300  # of one variable in one function
MAX_LEVELS = 60
# What runs only sometimes: the arms of conditions, of loops and of handlers.
BRANCHES = frozenset(
    {"if_statement", "if_expression", "switch_block_statement_group", "switch_rule", "when_entry",
     "ternary_expression", "catch_clause", "catch_block", "for_statement", "enhanced_for_statement",
     "while_statement", "do_statement", "lambda_expression", "lambda_literal"}
)  # fmt: skip
HOLDERS = frozenset(
    {"variable_declarator", "assignment_expression", "property_declaration", "assignment"}
)


class Mention(Gathering):
    """One use of a variable: the calls made on it there, first to last, and the branch it is in."""

    node: Node
    calls: list[Node]
    branch: int  # 0: always
    handed_on: bool = False  # an argument of a call, returned, kept


def calls_on(reader: JvmReader, node: Node) -> list[Node]:
    """`a`, `b` and `c` of `node.a().b().c()`."""
    found: list[Node] = []
    for call in reader.calls_after(node):
        found.append(call)
        if len(found) > MAX_LEVELS:
            break
    return found


def chains(reader: JvmReader, start: re.Pattern[bytes], most: int) -> Iterator[tuple[Node, Node]]:
    """The call of each name that `start` finds as its group, with the last call on its result."""
    seen: set[int] = set()
    for match in start.finditer(reader.content):
        call = call_named(reader, match)
        if call is None:
            continue
        top = [call, *calls_on(reader, call)][-1]
        if top.id in seen or len(seen) >= most:
            continue
        seen.add(top.id)
        yield call, top


def call_named(reader: JvmReader, match: re.Match[bytes]) -> Node | None:
    """The call of the name that a search found as its first group."""
    at = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
    for _ in range(4):
        at = at.parent if at is not None else None
        if at is None or reader.is_call(at):
            return at
    return None


def variable_of(reader: JvmReader, node: Node) -> str:
    """The variable that an expression is the value of; empty when it is none's."""
    at = node
    for above in reader.ancestors(node):
        if above.type in ("parenthesized_expression", "cast_expression", "as_expression"):
            at = above
            continue
        if above.type not in HOLDERS:
            return ""
        if above.type in ("assignment_expression", "assignment"):
            left, right = above.named_children[0], above.named_children[-1]
            if right.id != at.id or left.type != "identifier":
                return ""
            return reader.text(left)
        return reader.definition_name(above) if above.named_children[-1].id == at.id else ""
    return ""


def mentions(reader: JvmReader, name: str, start: Node) -> Iterator[Mention]:
    """The uses of a variable after `start`, in the function around it, in order."""
    around = reader.function_around(start)
    if around is None:
        return
    outer = branch_chain(reader, start, around)
    told = 0
    for at, end in occurrences(reader.content, name.encode(), start.end_byte, around.end_byte):
        if told > MAX_MENTIONS:
            return
        node = reader.root.descendant_for_byte_range(at, end)
        if node is None or node.type != "identifier":
            continue
        parent = node.parent
        if parent is None or is_member_name(parent, node):
            continue
        told += 1
        calls = calls_on(reader, node)
        last = calls[-1] if calls else node
        yield Mention(node, calls, branch_of(reader, node, around, outer), handed_on(last, calls))


def is_member_name(parent: Node, node: Node) -> bool:
    """The name of a method or a field after a dot, of a parameter, of a declaration."""
    if parent.type in ("method_invocation", "field_access"):
        named = parent.child_by_field_name("name") or parent.child_by_field_name("field")
        return named is not None and named.id == node.id
    if parent.type == "navigation_expression":
        return parent.named_children[0].id != node.id
    return parent.type in ("formal_parameter", "method_declaration", "variable_declaration")


def handed_on(last: Node, calls: list[Node]) -> bool:
    """Whether the object itself goes where nobody follows it."""
    if calls:
        return False
    parent = last.parent
    return parent is not None and (
        "argument" in parent.type
        or parent.type == "return_statement"
        or parent.type == "jump_expression"
    )


def branch_chain(reader: JvmReader, node: Node, around: Node) -> set[int]:
    return {arm.id for arm in arms(reader, node, around)}


def branch_of(reader: JvmReader, node: Node, around: Node, outer: set[int]) -> int:
    """The innermost arm that holds the node but not the place where the query begins."""
    return next((arm.id for arm in arms(reader, node, around) if arm.id not in outer), 0)


def arms(reader: JvmReader, node: Node, around: Node) -> Iterator[Node]:
    """The arms of conditions around a node, from the inside; a condition's test is none."""
    below = node
    for above in reader.ancestors(node):
        if above.id == around.id:
            return
        if above.type in BRANCHES and not is_test(above, below):
            yield below if above.type in ("if_statement", "if_expression") else above
        below = above


def is_test(above: Node, below: Node) -> bool:
    test = above.child_by_field_name("condition") or above.child_by_field_name("value")
    return test is not None and test.id == below.id
