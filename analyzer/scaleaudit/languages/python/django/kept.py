"""Rows that an object keeps: `self.orders = Order.objects.filter(...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.eager import of_others
from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.known import Known, Rows

GIVEN = regex(rb"self\.(\w+)(?:\s*:[^=\n]{1,80})?\s*=(?!=)")
MAX_KEPT = 80  # attributes that a class is given
MAX_VALUES = 6  # of one attribute


def kept_rows(known: Known, own: ClassRead, name: str) -> Rows | None:
    """What the methods of a class give an attribute; of several values only whose rows they are."""
    values = kept_values(known, own).get(name, [])
    if not values or len(values) > MAX_VALUES or known.spent > MAX_SPENT:
        return None
    found = [known.evaluate(each) for each in values if each.type != "none"]
    rows = [each for each in found if each is not None and each.kind == "rows" and not each.ended]
    if not rows or len(rows) != len(found) or len({(each.model, each.via) for each in rows}) != 1:
        return None
    if len(rows) == 1:
        return rows[0].copy()
    several = of_others("rows", rows[0].model)
    several.via, several.asked.partial = rows[0].via, True
    return several


def kept_values(known: Known, own: ClassRead) -> dict[str, list[Node]]:
    """The right sides of assignments to attributes, by name."""
    before = known.kept.get(own.name)
    if before is not None:
        return before
    found = known.kept[own.name] = {}
    reader = known.reader
    for count, match in enumerate(
        GIVEN.finditer(reader.content, own.node.start_byte, own.node.end_byte)
    ):
        if count == MAX_KEPT:
            break
        node: Node | None = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        for _ in range(3):
            if node is None or node.type == "assignment":
                break
            node = node.parent
        right = node.child_by_field_name("right") if node is not None else None
        if right is not None and reader.class_around(right) == own.node:
            found.setdefault(match[1].decode(), []).append(right)
    return found
