"""What becomes of a query set that a local name holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.mentions import WORD_ENDS, WORD_OR_DOT, mentions
from scaleaudit.languages.python.django.chains import outermost
from scaleaudit.languages.python.django.evaluation import gets_rows, rows_of
from scaleaudit.languages.python.django.known import MAX_SPENT, Later
from scaleaudit.languages.python.django.names import function_part
from scaleaudit.languages.python.django.variables import Given, held_at, reaching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known, Rows
    from scaleaudit.languages.python.django.variables import FunctionRead

MAX_BETWEEN = 60_000  # bytes of the function after an assignment
MAX_USES = 60
MAX_FOLLOWED = 40  # chains that go on from each other


def held(known: Known, chain: Node) -> tuple[FunctionRead, Given] | None:
    """The function and variable that the chain is assigned to."""
    holder = chain.parent
    while holder is not None and holder.type in ("parenthesized_expression", "await"):
        holder = holder.parent
    if holder is None or holder.type not in ("assignment", "named_expression"):
        return None
    function = known.function(chain)
    if function is None:
        return None
    for several in function.given.values():
        for given in several:
            if given.kind == "=" and given.start == holder.start_byte:
                return function, given
    return None


def is_prefix(known: Known, chain: Node) -> bool:
    """Kept in a variable that is nothing but the beginning of other chains."""
    place = held(known, chain)
    if place is None:
        return False
    function, given = place
    extended = False
    for use in uses(known, function, given):
        follow_call(known, use)
        whole = outermost(known.reader, use)
        if whole.id != use.id:
            if held_at(known.reader, function, given.name, use) is not given:
                return False  # what is built there does not know of this branch
            known.chains.setdefault(whole.id, whole)
            extended = True
            continue
        if not (handed_on_to_itself(known, use, given.name) or looked_up_in(known, use)):
            return False
        extended = True
    return extended


def follow_call(known: Known, node: Node) -> None:
    """`narrowed(rows, user)`: what goes on from there is a query too."""
    holder = node.parent
    if holder is not None and holder.type == "keyword_argument":
        holder = holder.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    if call is not None and call.type == "call" and function_part(known, call):
        whole = outermost(known.reader, call)
        known.chains.setdefault(whole.id, whole)


def looked_up_in(known: Known, use: Node) -> bool:
    """`get_object_or_404(qs, pk=pk)`, which is told as the query that it makes."""
    holder = use.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    return call is not None and gets_rows(known.reader.callee(call).rpartition(".")[2])


def prefetched_by(known: Known, chain: Node) -> Node:
    """The place at which the chain, or the variable that holds it, goes into a `Prefetch`."""
    place = held(known, chain)
    for use in uses(known, *place) if place is not None else ():
        for _, above in zip(range(4), known.reader.ancestors(use), strict=False):
            if above.type == "call":
                if known.reader.callee(above).rpartition(".")[2] == "Prefetch":
                    return use
                break
    return chain


def handed_on_to_itself(known: Known, use: Node, name: str) -> bool:
    """`qs = narrowed(qs)`."""
    for above in known.reader.ancestors(use):
        if above.type == "assignment":
            left = above.child_by_field_name("left")
            return left is not None and known.reader.text(left) == name
        if above.type not in ("argument_list", "call", "keyword_argument"):
            return False
    return False


def later_end(known: Known, chain: Node, rows: Rows) -> Rows:
    """With what the only chain that goes on from here adds: `if x: qs = ...` and `return qs[:10]`."""
    later = goes_on(known, chain)
    if later is None:
        return rows
    for before, after in later.steps:
        rows = going_on(rows, before, after)
    return replace(
        rows,
        limited=rows.limited or later.limited,
        aggregate=rows.aggregate or later.aggregate,
        streamed=rows.streamed or later.streamed,
        skips=rows.skips or later.skips,
    )


def goes_on(known: Known, chain: Node, depth: int = 0) -> Later | None:
    """How the variable that holds the chain is used after it; None where that is not known."""
    if chain.id in known.later:
        return known.later[chain.id]
    known.later[chain.id] = None  # while it is looked for: a loop ends here
    found = known.later[chain.id] = _goes_on(known, chain, depth) if depth < MAX_FOLLOWED else None
    return found


def _goes_on(known: Known, chain: Node, depth: int) -> Later | None:
    place = held(known, chain)
    if place is None:
        return None
    function, given = place
    ends: list[Later] = []
    for use in uses(known, function, given):
        whole = outermost(known.reader, use)
        if whole.id == use.id:
            return None
        base = held_at(known.reader, function, given.name, use)
        before = rows_of(known, base.value if base is not None else use)
        after = rows_of(known, whole)
        if before is None or after is None:
            continue
        end = Later([(before, after)], after.limited, after.aggregate, after.streamed, after.skips)
        further = None if after.ended else goes_on(known, whole, depth + 1)
        if further is not None:
            end.steps.extend(further.steps)
            end.limited = end.limited or further.limited
            end.aggregate = end.aggregate or further.aggregate
            end.streamed = end.streamed or further.streamed
            end.skips = end.skips or further.skips
        ends.append(end)
    if len(ends) < 2:
        return ends[0] if ends else None
    return Later(
        [],
        limited=all(end.limited for end in ends),
        skips=any(end.skips for end in ends),
        aggregate=all(end.aggregate for end in ends),
        streamed=all(end.streamed for end in ends),
    )


def going_on(rows: Rows, before: Rows, after: Rows) -> Rows:
    """The rows with what lies between `before` and `after`."""
    found = rows.copy()
    found.asked.members.extend(after.asked.members[len(before.asked.members) :])
    found.asked.partial = found.asked.partial or after.asked.partial
    found.asked.narrowed = found.asked.narrowed or after.asked.narrowed
    found.scopes.extend(after.scopes[len(before.scopes) :])
    found.sorts = after.sorts if after.sorts != before.sorts else found.sorts
    for flag in (
        "limited",
        "aggregate",
        "grouped",
        "streamed",
        "writes",
        "deletes",
        "ended",
        "skips",
    ):
        setattr(found, flag, getattr(found, flag) or getattr(after, flag))
    return found


def uses(known: Known, function: FunctionRead, given: Given) -> list[Node]:
    """The places after an assignment that may see what it gave."""
    found = function.used.get(id(given))
    if found is None:
        found = function.used[id(given)] = list(_uses(known, function, given))
    return found


def _uses(known: Known, function: FunctionRead, given: Given) -> Iterator[Node]:
    reader = known.reader
    lefts = {each.left.start_byte for each in function.given[given.name] if each.left is not None}
    name = given.name.encode()
    start = given.value.end_byte
    end = min(function.node.end_byte, start + MAX_BETWEEN)
    known.spent += 1 + (end - start) // 2_000
    if known.spent > MAX_SPENT:
        return
    count = 0
    for at, _ in mentions(reader.content, name, WORD_OR_DOT, WORD_ENDS, start, end):
        if at in lefts:
            continue
        node = reader.root.descendant_for_byte_range(at, at + 1)
        if node is None or node.type != "identifier":
            continue
        holder = node.parent
        if (
            holder is not None
            and holder.type == "keyword_argument"
            and holder.child_by_field_name("name") == node
        ):
            continue
        count += 1
        if count > MAX_USES:
            return
        if of_lambda(known, node, given.name):
            continue
        sure, maybe = reaching(reader, function, given.name, node)
        if given is sure or given in maybe:
            yield node


def of_lambda(known: Known, node: Node, name: str) -> bool:
    """A lambda between the function and the use has a parameter of that name."""
    for above in known.reader.ancestors(node):
        if above.type == "function_definition":
            return False
        if above.type == "lambda":
            parameters = above.child_by_field_name("parameters")
            if parameters is not None and any(
                known.reader.hint(each) == name for each in parameters.named_children
            ):
                return True
    return False
