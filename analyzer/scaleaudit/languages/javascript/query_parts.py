"""What the readers of query builders share: conditions with their choices, values that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.excerpts import between
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Gathering, Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.facts.orm import Condition
    from scaleaudit.languages.javascript.choices import Choice
    from scaleaudit.languages.javascript.reader import JavaScriptReader

CONSTANT = regex(r"(?:[A-Z]\w*\.)+[A-Z]\w*|[A-Z][A-Z0-9_]+(?:\.\w+)*|[A-Z]\w*\[\"\w+\"\]")
LITERALS = {"string", "number", "true", "false"}
NEGATED = {
    "=": "!=", "!=": "=", "in": "not-in", "not-in": "in", "is-null": "is-not-null",
    "is-not-null": "is-null", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
}  # fmt: skip
MAX_LISTED = 60
MAX_STEPS = 1_000  # expressions looked at for the conditions of one query
MAX_SHOWN = 200  # characters of a query that people see


class Place(Record, frozen=True):
    """Where in the tree of conditions one stands."""

    path: tuple[str, ...] = ()
    choice: Choice = ()
    negated: bool = False
    alternative: bool = False
    group: int = 0
    branch: int = 0


class Chosen(Record, frozen=True):
    condition: Condition
    choice: Choice


class Where(Gathering):
    """What the conditions add up to; `hidden`: some that may narrow are not known."""

    found: list[Chosen] = msgspec.field(default_factory=list)
    hidden: bool = False
    groups: int = 0
    shuffled: bool = False  # what is found is sorted by chance
    steps: int = 0  # expressions looked at: names may lead to names

    def goes_on(self) -> bool:
        """Whether one more expression may be looked at; the rest is `hidden`."""
        self.steps += 1
        self.hidden |= self.steps > MAX_STEPS
        return self.steps <= MAX_STEPS


def is_constant(reader: JavaScriptReader, node: Node) -> bool:
    """A literal, a member of an enumeration, or a list of them."""
    value = bare(node)
    if value is None:
        return False
    if value.type == "array":
        inner = value.named_children
        return bool(inner) and all(_single(reader, each) for each in inner[:MAX_LISTED])
    return _single(reader, value)


def _single(reader: JavaScriptReader, value: Node) -> bool:
    if value.type in LITERALS:
        return True
    if value.type == "template_string":
        return all(child.type != "template_substitution" for child in value.named_children)
    if value.type in ("member_expression", "subscript_expression", "identifier"):
        return CONSTANT.fullmatch(reader.text(value)[:120]) is not None
    return False


def shown(reader: JavaScriptReader, start: int, end: int) -> str:
    """The source of a query in one line, shortened."""
    return between(reader.content, start, end, MAX_SHOWN)
