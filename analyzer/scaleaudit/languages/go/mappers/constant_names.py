"""Names of tables and columns that other files keep in constants: `From(TableOrders)`, `sq.Eq{cols.Code: c}`.

Such a name is told as `${tableorders}`; the linker spells it out (`linking/named_tables.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import declared
from scaleaudit.languages.go.mappers import asked
from scaleaudit.languages.go.mappers.fragments import HOLE
from scaleaudit.languages.go.sums import addends

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader


def spelled(reader: GoReader, node: Node) -> str:
    """The text of an expression, constants of other files marked; empty for what is no text."""
    text = asked.text_of(reader, node) or ""
    if node.type == "binary_expression" and HOLE in text:
        parts = [spelled(reader, each) for each in addends(node)]
        return "".join(parts) if all(parts) else text
    return text or elsewhere(reader, node)


def elsewhere(reader: GoReader, node: Node) -> str:
    """The mark of a name that only another file of the package, or another package, can declare."""
    name = node
    if node.type == "selector_expression":
        operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if operand is None or field is None or reader.text(operand) not in reader.imports:
            return ""
        name = field
    elif node.type != "identifier" or declared_here(reader, node):
        return ""
    return "${" + reader.text(name).lower() + "}"


def declared_here(reader: GoReader, name: Node) -> bool:
    text = reader.text(name)
    return (
        text in reader.constants
        or text in reader.variables
        or text in reader.declared
        or declared(reader, text, name) is not None
    )
