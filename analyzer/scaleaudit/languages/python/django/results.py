"""What functions of the file give, and what relations of unknown objects lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION
from scaleaudit.languages.python.django.known import Rows
from scaleaudit.languages.python.django.methods import METHODS
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
    found = [known.evaluate(each.value) for each in read.returns]
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


def related(known: Known, steps: list[Step]) -> tuple[Rows | None, int]:
    """`anything.lines.filter(...)`: only the relation is known."""
    for at, step in enumerate(steps):
        if step.kind == "call":
            before = steps[at - 1] if at else None
            if before is None or before.kind != "name" or step.name not in METHODS:
                return None, 0
            unknown = EVERYTHING.match(before.name) or before.name in QUERYSET_NAMES
            if unknown or before.name[:1].isupper():
                return None, 0
            return Rows("relation", "", (before.name,), borrowed=True), at
        if step.kind == "index":
            return None, 0
    return None, 0
