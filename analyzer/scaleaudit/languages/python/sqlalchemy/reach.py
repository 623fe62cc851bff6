"""How far a chain of calls goes, from where it begins outwards to what runs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.loops import repeats
from scaleaudit.languages.python.sqlalchemy.chains import Chain, take
from scaleaudit.languages.python.sqlalchemy.syntax import last_name, receiver
from scaleaudit.languages.python.sqlalchemy.vocabulary import ENDS, EXECUTES, FEW, PAGINATES
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_CALLS = 60  # of one chain
MAX_USES = 20  # of a result
# `.unique().scalar_one_or_none()`, behind a result.
TAKES_ONE = regex(
    rb"\s*(?:\.\s*(?:unique|scalars|mappings|tuples)\(\s*\)\s*){0,3}"
    rb"\.\s*(?:first|one|one_or_none|scalar|scalar_one|scalar_one_or_none|fetchone)\(\s*\)"
)


class Built(Gathering):
    """A chain with the place where it stands."""

    chain: Chain
    start: Node
    whole: Node  # the outermost expression of it
    executed: bool = False


def followed(reader: PythonReader, chain: Chain, node: Node) -> Built:
    """From the node outwards: calls of the chain, then what runs it."""
    at, executed = climbed(chain, node)
    for _ in range(3):
        outer, ran = run(reader, at)
        if outer is None:
            break
        executed = chain.loaded = True
        chain.limited = chain.limited or ran in FEW
        at, _more = climbed(chain, outer)
    if executed and not chain.limited:
        chain.limited = one_taken(reader, at)
    return Built(chain, node, at, executed)


def one_taken(reader: PythonReader, ran: Node) -> bool:
    """Whether all that is done with a result is to take one row: `result.scalar_one_or_none()`."""
    holder = ran.parent
    left = holder.child_by_field_name("left") if holder is not None else None
    if holder is None or holder.type != "assignment" or left is None or left.type != "identifier":
        return False
    around = reader.function_around(ran) or reader.root
    name = re.escape(reader.hint(left).encode())
    pattern = re.compile(rb"(?<![\w.])" + name + rb"\b(?!\s*=[^=])")
    # Until the end of the line that gives the name to something else.
    again = re.compile(rb"\n[ \t]*" + name + rb"\s*=[^=][^\n]*").search(
        reader.content, holder.end_byte, around.end_byte
    )
    end = again.end() if again is not None else around.end_byte
    uses = list(pattern.finditer(reader.content, holder.end_byte, end))
    return (
        bool(uses)
        and len(uses) <= MAX_USES
        and all(TAKES_ONE.match(reader.content, use.end()) is not None for use in uses)
    )


def climbed(chain: Chain, node: Node) -> tuple[Node, bool]:
    """The last call of the chain, and whether it ends the query."""
    at = node
    for _ in range(MAX_CALLS):
        above = at.parent
        if above is not None and above.type in ("parenthesized_expression", "await"):
            at = above
            continue
        if above is not None and above.type == "subscript":
            value = above.child_by_field_name("value")
            if value is not None and value.id == at.id:
                chain.limited = True
                chain.ended = True
                at = above
                continue
        if above is None or above.type != "attribute":
            break
        of = above.child_by_field_name("object")
        call = above.parent
        if of is None or of.id != at.id or call is None or call.type != "call":
            break
        function = call.child_by_field_name("function")
        if function is None or function.id != above.id or chain.ended:
            break
        (chain.reading or take)(chain, call)
        at = call
    return at, chain.ended


def run(reader: PythonReader, node: Node) -> tuple[Node | None, str]:
    """The call that a statement is handed to: `session.execute(stmt)`."""
    holder = node.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    if holder is None or call is None or call.type != "call":
        return None, ""
    name = last_name(reader, call)
    if name in PAGINATES:
        return call, name
    if not holder.named_children or holder.named_children[0].id != node.id:
        return None, ""
    if name not in EXECUTES or receiver(call) is None:
        return None, ""
    return call, name


# Calls that go over what they are given.
READING = frozenset(
    {"list", "tuple", "set", "sorted", "dict", "len", "enumerate", "zip", "map", "filter", "sum",
     "max", "min", "any", "reversed", "frozenset", "iter", "join", "extend"}
)  # fmt: skip
OF_OBJECTS = frozenset({"join", "extend"})


def read_in_place(reader: PythonReader, node: Node) -> bool:
    """Whether the rows of a query are gone over where it stands: `for order in query`."""
    holder = node.parent
    if holder is None:
        return False
    if holder.type in ("for_statement", "for_in_clause"):
        right = holder.child_by_field_name("right")
        return right is not None and right.id == node.id
    if holder.type == "argument_list" and holder.parent is not None:
        function = holder.parent.child_by_field_name("function")
        name = last_name(reader, holder.parent)
        # `func.sum(part.c.amount)` is worked out by the database: only a name is Python's own.
        plain = function is not None and function.type == "identifier"
        return name in (READING if plain else OF_OBJECTS)
    return holder.type in ("list_splat", "if_statement", "not_operator")


def in_body(reader: PythonReader, node: Node) -> bool:
    """Whether it runs once for each item of a loop; what the loop itself runs over does not."""
    below = node
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            return False
        if above.type == "for_in_clause":
            right = above.child_by_field_name("right")
            holder = above.parent
            clauses = [c for c in holder.named_children if c.type == above.type] if holder else []
            first = bool(clauses) and clauses[0].id == above.id
            if right is not None and right.id == below.id and first and holder is not None:
                return in_body(reader, holder)
        elif above.type in reader.LOOPS:
            right = above.child_by_field_name("right")
            if right is None or right.id != below.id:
                return repeats(reader, above, node)
        below = above
    return False


def ends(reader: PythonReader, top: Node) -> bool:
    """Whether the last call of a chain runs it."""
    at = top
    for _ in range(60):
        if at.type in ("parenthesized_expression", "await") and at.named_children:
            at = at.named_children[0]
            continue
        if at.type == "subscript":
            return True
        if at.type != "call":
            return at.type == "await"
        if last_name(reader, at) in ENDS:
            return True
        function = at.child_by_field_name("function")
        inner = function.child_by_field_name("object") if function is not None else None
        if inner is None:
            return False
        at = inner
    return False


def outermost(node: Node) -> Node:
    """The whole chain of calls that a name stands at the beginning of."""
    at = node
    for _ in range(120):
        above = at.parent
        if above is None:
            break
        if above.type == "attribute":
            of = above.child_by_field_name("object")
            if of is None or of.id != at.id:
                break
        elif above.type == "call":
            function = above.child_by_field_name("function")
            if function is None or function.id != at.id:
                break
        elif above.type == "subscript":
            value = above.child_by_field_name("value")
            if value is None or value.id != at.id:
                break
        elif above.type not in ("parenthesized_expression", "await"):
            break
        at = above
    return at
