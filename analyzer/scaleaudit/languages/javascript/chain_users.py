"""A chain that a function of the file gives back, or is handed: what is done with it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.builders.handed import callers
from scaleaudit.languages.javascript.builders.variables import given
from scaleaudit.languages.javascript.chains import Chain, Step, chain_of, follow
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

RUNS = regex(r"execute\w*|stream")
GOES_ON = regex(r"(?:where|orderBy|limit|offset|execute|stream|select|innerJoin|leftJoin)\w*")
MAX_HANDED = 3  # functions around one query


def chains_of(reader: JavaScriptReader, first: Node) -> Iterator[Chain]:
    """The chain as its own function leaves it, or as each caller of that function in the file does."""
    own = chain_of(reader, first)
    for _ in range(MAX_HANDED):
        if not _passed_on(reader, own):
            break
    runs = any(RUNS.fullmatch(step.name) for step in own.steps)
    users = [] if runs or own.handed else callers(reader, own.whole)
    if not users:
        yield own
    for user in users:
        steps: list[Step] = []
        end = follow(reader, user, (), steps)
        yield Chain(end, [*own.steps, *steps])


def _passed_on(reader: JavaScriptReader, found: Chain) -> bool:
    """`this.onlyDue(db.selectFrom("loans"), day).execute()`: with what the function adds."""
    holder = found.whole.parent
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    called = call.child_by_field_name("function") if call is not None else None
    if holder is None or call is None or called is None or call.type != "call_expression":
        return False
    receiver = called.child_by_field_name("object")
    if called.type != "identifier" and (receiver is None or receiver.type != "this"):
        return False  # a part of another query
    steps: list[Step] = []
    end = follow(reader, call, (), steps)
    if not steps or GOES_ON.fullmatch(steps[0].name) is None:
        return False
    inside = given(reader, holder, found.whole, 0)
    found.steps += [Step(each.name, each.node) for each in inside.always]
    for number, branch in enumerate(inside.branches):
        choice = ((call.id, number),)
        found.steps += [Step(each.name, each.node, choice) for each in branch]
    found.handed += inside.beyond
    if inside.opaque:
        found.handed.append(reader.text(called))
    found.steps += steps
    found.whole = end
    return True
