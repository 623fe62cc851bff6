"""Tables that a function of peewee's `Meta` names: `table_function = make_table_name`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.syntax import bare, dotted, given, last_name, literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

NAME = ".__name__"
SNAKE = "make_snake_case"  # of peewee
AS_WRITTEN, SMALL, SNAKED = "{name}", "{lower}", "{snake}"


def name_template(reader: PythonReader, function: Node) -> str:
    """`shop_{lower}` for a function of the file that puts `shop_` before a class's name."""
    wanted = reader.text(function)
    found = next(
        (
            child
            for child in reader.root.named_children
            if child.type == "function_definition" and reader.definition_name(child) == wanted
        ),
        None,
    )
    body = found.child_by_field_name("body") if found is not None else None
    names: dict[str, str] = {}
    for statement in body.named_children if body is not None else ():
        inner = statement.named_children[0] if statement.named_children else None
        if statement.type == "return_statement" and inner is not None:
            made = _made(reader, inner, names).replace(AS_WRITTEN, SMALL)
            return made if SMALL in made or SNAKED in made else ""
        if inner is not None and inner.type == "assignment":
            left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            names[dotted(reader, left)] = _made(reader, right, names) if right is not None else ""
        elif inner is None or inner.type != "string":
            return ""
    return ""


def _made(reader: PythonReader, node: Node, names: dict[str, str]) -> str:
    """What an expression comes to; empty: not known."""
    node = bare(node)
    name = dotted(reader, node)
    if name.endswith(NAME):
        return AS_WRITTEN
    if name in names:
        return names[name]
    if node.type == "binary_operator":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None or reader.text(operator) != "+":
            return ""
        parts = [_made(reader, left, names), _made(reader, right, names)]
        return "".join(parts) if all(parts) else ""
    if node.type == "call":
        function, found = node.child_by_field_name("function"), given(node, reader)
        called = last_name(reader, node)
        if called == SNAKE and len(found.args) == 1:
            inside = _made(reader, found.args[0], names)
            return inside.replace(AS_WRITTEN, SNAKED)
        held = function.child_by_field_name("object") if function is not None else None
        if called == "lower" and held is not None and not found.args:
            return _made(reader, held, names).replace(AS_WRITTEN, SMALL)
        return ""
    if node.type == "string":
        return _text(reader, node, names)
    return ""


def _text(reader: PythonReader, node: Node, names: dict[str, str]) -> str:
    if not any(child.type == "interpolation" for child in node.named_children):
        return literal(reader, node)
    parts: list[str] = []
    for child in node.named_children:
        if child.type == "interpolation":
            parts.append(
                _made(reader, child.named_children[0], names) if child.named_children else ""
            )
            if not parts[-1]:
                return ""
        elif child.type == "string_content":
            parts.append(reader.text(child))
    return "".join(parts)
