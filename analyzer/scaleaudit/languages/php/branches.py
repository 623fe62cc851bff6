"""Where a place stands among the conditions of its function."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

# Constructs around a place from the outside in, each with the part of it that the place is in.
Way: TypeAlias = "tuple[tuple[int, int], ...]"

ARMS = frozenset({"body", "alternative", "return_expression", "right"})
CHOICES = frozenset({"if_statement", "conditional_expression"})
PARTS = frozenset(
    ["else_clause", "else_if_clause", "case_statement", "default_statement", "catch_clause",
     "match_conditional_expression", "match_default_expression"]
)  # fmt: skip
LOOPS = frozenset({"foreach_statement", "for_statement", "while_statement", "do_statement"})
SHORT = frozenset({"&&", "||", "and", "or", "??"})


def way_to(reader: PhpReader, node: Node) -> Way:
    """The branches and loops around a node, within its function."""
    found: list[tuple[int, int]] = []
    below = node
    for above in reader.ancestors(node):
        kind = above.type
        if kind in reader.FUNCTIONS:
            found.append((above.id, 0)) if kind != "method_declaration" else None
            break
        if kind in CHOICES or kind in LOOPS:
            condition = above.child_by_field_name("condition")
            if below != condition and (
                kind not in LOOPS or below == above.child_by_field_name("body")
            ):
                found.append((above.id, below.id))
        elif kind in PARTS and above.parent is not None:
            holder = above.parent
            # An `else` is an arm of its `if`, which comes next.
            if kind not in ("else_clause", "else_if_clause"):
                found.append((holder.id, above.id))
            elif below == above.child_by_field_name("condition"):
                found.append((above.id, 0))
        elif kind == "binary_expression":
            operator = above.child_by_field_name("operator")
            if (
                operator is not None
                and operator.type in SHORT
                and below == above.child_by_field_name("right")
            ):
                found.append((above.id, below.id))
        below = above
    return tuple(reversed(found))


def is_certain(base: Way, place: Way) -> bool:
    """Whether whoever comes from `base` comes to the place whatever the conditions say."""
    return base[: len(place)] == place


def excludes(base: Way, place: Way) -> bool:
    """Whether the two stand in different arms of one choice."""
    arms = dict(base)
    return any(key in arms and arms[key] != arm for key, arm in place)
