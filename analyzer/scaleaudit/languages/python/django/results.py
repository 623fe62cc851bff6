"""What functions of the file give, and what relations of unknown objects lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.methods import CERTAIN, METHODS, plain
from scaleaudit.languages.python.django.names import QUERYSET_NAMES
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.chains import Step
    from scaleaudit.languages.python.django.known import Known

# Managers that by their names leave nothing out.
EVERYTHING = regex(
    r"(?:objects|_default_manager|_base_manager|(?:all|global|raw)_objects|unfiltered(?:_objects)?|unscoped"
    r"|everything|\w+_with_deleted)$"
)


def returned(known: Known, function: Node) -> Rows | None:
    """The rows that a function of the file gives; when it gives several things, only their model."""
    read = known.read(function)
    if not read.returns or len(read.returns) > 8:
        return None
    several = [each for each in read.returns if not is_nothing(known, each.value)]
    found = [known.evaluate(each.value) for each in several]
    rows = [each for each in found if each is not None and each.kind in ("rows", "relation", "one")]
    if not rows:
        return None
    if len(found) == 1:
        return rows[0].copy()
    if len({(each.model, each.via, each.kind) for each in rows}) != 1:
        return None
    start = Rows(rows[0].kind, rows[0].model, rows[0].via)
    start.asked.partial = True
    start.eager.append(ANY_RELATION)
    return start


def is_nothing(known: Known, value: Node) -> bool:
    """`return None`, `return []`, `return Order.objects.none()`: no rows, of which nothing is asked."""
    if value.type == "none" or (value.type in ("list", "tuple") and not value.named_child_count):
        return True
    return value.type == "call" and known.reader.callee(value).endswith(".none")


def related(steps: list[Step]) -> tuple[Rows | None, int]:
    """`anything.lines.filter(...)`: only the relation is known."""
    for at, step in enumerate(steps):
        if step.kind == "call":
            before = steps[at - 1] if at else None
            if before is None or before.kind != "name":
                return None, 0
            if not (step.name in METHODS or goes_on(steps[at + 1 :])):
                return None, 0
            unknown = EVERYTHING.match(before.name) or before.name in QUERYSET_NAMES
            if unknown or before.name[:1].isupper():
                return None, 0
            return Rows("relation", "", (before.name,), borrowed=True), at
        if step.kind == "index":
            return None, 0
    return None, 0


def goes_on(rest: list[Step]) -> bool:
    """A method of a query set follows: what stands before it gives rows, `order.lines.open().filter()`."""
    return any(each.kind == "call" and plain(each.name) in CERTAIN for each in rest[:4])
