"""Addresses that Kotlin hands to functions outside classes: `fetch("$BASE/orders", client)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.handed_on import handed
from scaleaudit.languages.telling import MAX_ARGUMENTS, telling, telling_places
from scaleaudit.values import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import ArgumentsGiven
    from scaleaudit.languages.kotlin.reader import KotlinReader

MAX_LEVELS = 14


def parameter(reader: KotlinReader, name: str, node: Node) -> Parameter | None:
    """The text that a function outside classes takes, where its name says that it is an address."""
    if not telling(name):
        return None
    function = next((a for a in reader.ancestors(node) if a.type in reader.FUNCTIONS), None)
    if function is None or function.parent is None or function.parent.type != "source_file":
        return None
    holder = next((c for c in function.children if c.type == "function_value_parameters"), None)
    given = [c for c in holder.named_children if c.type == "parameter"] if holder else []
    for at, each in enumerate(given):
        if reader.definition_name(each) == name and reader.type_name(each) in ("String", "URL"):
            return Parameter(qualified(reader, reader.definition_name(function)), name, at)
    return None


def qualified(reader: KotlinReader, name: str) -> str:
    """A function by its package: imported, else of the file's own package."""
    return reader.imports.get(name) or f"{reader.namespace}.{name}".lstrip(".")


def arguments_given(reader: KotlinReader) -> Iterator[ArgumentsGiven]:
    """What the file hands to functions that stand outside classes, here or elsewhere."""
    seen: set[int] = set()
    for at in telling_places(reader):
        node = reader.root.descendant_for_byte_range(at, at + 1)
        for _ in range(MAX_LEVELS):
            if node is None or node.type in reader.FUNCTIONS:
                break
            callee = node.named_children[0] if node.type == "call_expression" else None
            if callee is not None and callee.type == "identifier" and node.id not in seen:
                seen.add(node.id)
                name = reader.text(callee)
                args, keywords, _ = reader.arguments(node)
                if name[:1].islower() and len(args) <= MAX_ARGUMENTS:
                    named = [(str(place), each) for place, each in enumerate(args)]
                    named += keywords.items()
                    yield from handed(reader, node, qualified(reader, name), named, every=False)
            node = node.parent
