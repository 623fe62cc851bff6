"""What fields and properties of a class are given: where they are declared, or in a constructor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

MAX_MEMBERS = 2_000
MAX_STATEMENTS = 500


def given(reader: CSharpSyntax, name: str, node: Node) -> Node | None:
    """The one expression that a field or property of the class around a node is given."""
    around = reader.class_around(node)
    if around is None:
        return None
    known = reader.members.get(around.id)
    if known is None:
        known = reader.members[around.id] = {}
        for member, value in _assigned(reader, around):
            known.setdefault(member, []).append(value)
    values = known.get(name, ())
    return values[0] if len(values) == 1 and not _inside(values[0], node) else None


def _inside(value: Node, node: Node) -> bool:
    return value.start_byte <= node.start_byte < value.end_byte


def _assigned(reader: CSharpSyntax, around: Node) -> Iterator[tuple[str, Node]]:
    body = around.child_by_field_name("body")
    declared: set[str] = set()
    later: list[tuple[str, Node]] = []
    for member in body.named_children[:MAX_MEMBERS] if body is not None else ():
        if member.type == "field_declaration":
            for each in member.named_children:
                for one in each.named_children if each.type == "variable_declaration" else ():
                    if one.type == "variable_declarator":
                        name = reader.definition_name(one)
                        declared.add(name)
                        if len(one.named_children) > 1:
                            yield name, one.named_children[-1]
        elif member.type == "property_declaration":
            name = reader.definition_name(member)
            declared.add(name)
            value = member.child_by_field_name("value")
            if value is not None and value.type == "arrow_expression_clause":
                value = value.named_children[0] if value.named_children else None
            if value is not None:
                yield name, value
        elif member.type == "constructor_declaration":
            later += _in_constructor(reader, member)
    yield from ((name, value) for name, value in later if name in declared)


def _in_constructor(reader: CSharpSyntax, constructor: Node) -> Iterator[tuple[str, Node]]:
    body = constructor.child_by_field_name("body")
    statements = [body] if body is not None else []
    if body is not None and body.type == "block":
        statements = body.named_children[:MAX_STATEMENTS]
    for statement in statements:
        for each in statement.named_children:
            left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
            if each.type == "assignment_expression" and left is not None and right is not None:
                yield reader.text(left).removeprefix("this."), right
