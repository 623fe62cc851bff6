"""Parts that a builder gets under a condition: which come together, and which in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php.branches import way_to
from scaleaudit.languages.php.forward_steps import CLOSURES

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.branches import Way
    from scaleaudit.languages.php.conditions import Built
    from scaleaudit.languages.php.reader import PhpReader

    Part = tuple[Node, Built]  # with the place where it stands

MAX_PARTS = 200  # of one builder
MAX_TEXT = 200  # characters of a condition


def by_arm(reader: PhpReader, parts: list[Part]) -> list[Part]:
    """Parts of one arm as one, and with those of the arms around it."""
    if len(parts) < 2:
        return parts
    arms: dict[Way, Part] = {}
    alone: list[Part] = []
    for node, part in parts[:MAX_PARTS]:
        way = way_to(reader, node) if node.type not in CLOSURES else ()
        if not way or not part.says:
            alone.append((node, part))
            continue
        if way in arms:
            first, before = arms[way]
            arms[way] = first, before.with_part(part)
            continue
        around = [arms[way[:end]][1] for end in range(1, len(way)) if way[:end] in arms]
        arms[way] = node, around[-1].with_part(part) if around else part
    return [*arms.values(), *alone]


def condition_of(reader: PhpReader, closure: Node) -> str:
    """`$a` of `when($a, fn ($q) => ...)`; of `unless` its opposite."""
    holder = closure.parent.parent if closure.parent is not None else None
    call = holder.parent if holder is not None and holder.type == "arguments" else None
    if closure.type not in CLOSURES or call is None:
        return ""
    args = reader.arguments(call)[0]
    named = call.child_by_field_name("name")
    if len(args) != 2 or args[0] == closure or named is None:
        return ""
    text = "".join(reader.text(args[0])[:MAX_TEXT].split())
    if reader.text(named) == "unless":
        return text[1:] if text.startswith("!") else f"!{text}"
    return text


def has_choice(reader: PhpReader, parts: list[Part]) -> bool:
    """Whether one of the parts is added in any case: they stand in the arms of one choice."""
    asked = {condition_of(reader, node) for node, part in parts[:MAX_PARTS] if part.terms} - {""}
    if any(f"!{each}" in asked for each in asked):
        return True  # `when($a, ...)->when(!$a, ...)`
    arms: dict[int, int] = {}
    for node, part in parts[:MAX_PARTS] if len(parts) > 1 else ():
        way = way_to(reader, node)
        if way and part.terms and arms.setdefault(*way[-1]) != way[-1][1]:
            return True
    return False
