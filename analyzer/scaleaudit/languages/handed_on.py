"""What a call hands to a function of the repository, and what such a function gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven
from scaleaudit.languages.telling import may_be_address, telling, telling_places
from scaleaudit.record import Record
from scaleaudit.values import Literal, Name, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

MAX_STATEMENTS = 60  # of a function that are searched for what it returns
MAX_RETURNS = 6


class Around(Record, frozen=True, kw_only=True):
    """How calls stand around what they are given, in the types of nodes of a language.

    `outwards`: how many calls are looked at, for one of a library may be an argument itself.
    """

    calls: frozenset[str]
    through: frozenset[str]  # what may stand between a call and a part of its argument
    levels: int
    outwards: int

    def call(self, node: Node | None, levels: int) -> Node | None:
        """The call that an expression is the callee, or in an argument, of."""
        for _ in range(levels):
            above = node.parent if node is not None else None
            if node is None or above is None or node.type not in self.through:
                return None
            if above.type in self.calls:
                return above
            node = above
        return None


def telling_calls(
    reader: Reader, around: Around, named: Callable[[Node], str], seen: set[int]
) -> Iterator[tuple[Node, str]]:
    """Calls whose arguments may be addresses, the innermost that has a name, with that name.

    `named` says nothing of what no function of the repository can be; `seen` are left out.
    """
    for at in telling_places(reader):
        node = reader.root.descendant_for_byte_range(at, at + 1)
        for _ in range(around.outwards):
            call = around.call(node, around.levels)
            if call is None or call.id in seen:
                break
            seen.add(call.id)
            name = named(call) if call.id not in reader.known_calls else ""
            if name:
                yield call, name
                break
            node = call


def handed(
    reader: Reader, call: Node, name: str, named: Iterable[tuple[str, Node]], *, every: bool
) -> Iterator[ArgumentsGiven]:
    """The arguments that are known, where one of them may be an address.

    `named`: by place or keyword; `every`: any text counts, for the function asks for it.
    """
    values: list[tuple[str, Value]] = [(key, reader.value(each)) for key, each in named]
    known = tuple((key, value) for key, value in values if not isinstance(value, Unknown))
    if any(
        may_be_address(value) or (every and isinstance(value, Literal | Name)) for _, value in known
    ):
        yield ArgumentsGiven(reader.span(call), name, known)


def result_of(called: str) -> Name | None:
    """The text that a call returns, where the function's name says that it is an address."""
    return Name(f"{called}()") if called and telling(called.rpartition(".")[2]) else None


def returns(function: Node, inside: frozenset[str]) -> Iterator[Node]:
    """The expressions that a function returns, itself or in branches, which are `inside` it."""
    body = function.child_by_field_name("body")
    waiting = [body] if body is not None else []
    found = 0
    for _ in range(MAX_STATEMENTS):
        if not waiting or found >= MAX_RETURNS:
            return
        at = waiting.pop()
        if at.type == "return_statement":
            if at.named_children:
                found += 1
                yield at.named_children[0]
        elif at.type in inside:
            waiting += reversed(at.named_children[:MAX_STATEMENTS])
