"""What the names in a migration stand for: its constants, each round of a loop, each call of a function."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import bare, given, items, last_name, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

    Names = dict[str, str]

MAX_ROUNDS = 60  # of one loop
PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern"})
TEXTS = frozenset({"string", "concatenated_string"})


@contextmanager
def standing(reader: PythonReader, names: Names) -> Iterator[None]:
    """The names mean these texts inside."""
    before = reader.standing
    reader.standing = {**before, **names}
    try:
        yield
    finally:
        reader.standing = before


def constants(reader: PythonReader) -> Names:
    """`TABLE = "orders"`, in the module."""
    return {
        name: literal(reader, node)
        for name, node in reader.module_values.items()
        if node.type in TEXTS
    }


def rounds(reader: PythonReader, loop: Node) -> list[Names]:
    """Of `for table, column in [("orders", "code"), ...]`; one without names where it runs over others."""
    left, right = loop.child_by_field_name("left"), loop.child_by_field_name("right")
    if left is None or right is None:
        return [{}]
    targets = left.named_children if left.type in PATTERNS else [left]
    found: list[Names] = []
    for row in rows(reader, right)[:MAX_ROUNDS]:
        values = row if len(targets) > 1 else row[:1]
        if len(values) != len(targets):
            return [{}]
        known = ((reader.hint(t), literal(reader, v)) for t, v in zip(targets, values, strict=True))
        found.append({name: text for name, text in known if text})
    return found or [{}]


def rows(reader: PythonReader, node: Node) -> list[list[Node]]:
    """What a loop runs over, each element taken apart: a list, a dictionary's items, a name of either."""
    node = bare(node)
    if node.type == "call" and last_name(reader, node) == "items":
        function = node.child_by_field_name("function")
        node = (function.child_by_field_name("object") if function is not None else None) or node
    if node.type == "identifier":
        name = reader.hint(node)
        node = reader.local(name, node) or reader.module_values.get(name) or node
    if node.type == "dictionary":
        pairs = (each for each in node.named_children if each.type == "pair")
        return [list(each.named_children) for each in pairs]
    return [items(each) or [each] for each in items(node)]


def handed(reader: PythonReader, function: Node, call: Node) -> Names:
    """The parameters of a function of the file that a call gives texts."""
    held = function.child_by_field_name("parameters")
    names = [
        reader.hint(each.child_by_field_name("name") or each)
        for each in (held.named_children if held is not None else ())
    ]
    found = given(call, reader)
    told = {**dict(zip(names, found.args, strict=False)), **found.keywords}
    known = ((name, literal(reader, node)) for name, node in told.items())
    return {name: text for name, text in known if text}
