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


def has_choice(reader: PhpReader, parts: list[Part]) -> bool:
    """Whether one of the parts is added in any case: they stand in the arms of one choice."""
    arms: dict[int, int] = {}
    for node, part in parts[:MAX_PARTS] if len(parts) > 1 else ():
        way = way_to(reader, node)
        if way and part.terms and arms.setdefault(*way[-1]) != way[-1][1]:
            return True
    return False
