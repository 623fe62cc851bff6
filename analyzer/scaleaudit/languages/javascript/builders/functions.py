"""The function of the same file that a call runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

CALLABLE = frozenset({"arrow_function", "function_expression", "function_declaration"})
VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
MAX_MEMBERS = 400  # of a class or a module


def function_of(reader: JavaScriptReader, call: Node) -> Node | None:
    """`name(...)` and `this.name(...)`; None for what stands elsewhere."""
    called = call.child_by_field_name("function")
    if called is not None and called.type == "identifier":
        return function_named(reader, reader.text(called))
    if called is None or called.type != "member_expression":
        return None
    held, named = called.child_by_field_name("object"), called.child_by_field_name("property")
    if held is None or named is None or held.type != "this":
        return None
    return _method(reader, call, reader.text(named))


def function_named(reader: JavaScriptReader, name: str) -> Node | None:
    """A function that the module itself declares."""
    found = reader.declared.get(name)
    if found is not None:
        return found if found.type in CALLABLE else None
    for child in reader.root.named_children[:MAX_MEMBERS]:
        inner = child.child_by_field_name("declaration") or child
        each = inner if inner.type == "function_declaration" else None
        for declarator in inner.named_children if inner.type in VARIABLES else ():
            value = declarator.child_by_field_name("value")
            if value is not None and value.type in CALLABLE:
                each = declarator
        named = each.child_by_field_name("name") if each is not None else None
        if each is not None and named is not None and reader.text(named) == name:
            return each.child_by_field_name("value") or each
    return None


def parameter(reader: JavaScriptReader, function: Node, position: int) -> str:
    """The name of a parameter; empty for a pattern."""
    single = function.child_by_field_name("parameter")
    listed = function.child_by_field_name("parameters")
    several = listed.named_children if listed is not None else []
    given = [
        each for each in ([single] if single is not None else several) if each.type != "comment"
    ]
    if position >= len(given):
        return ""
    named = given[position].child_by_field_name("pattern") or given[position]
    return reader.text(named) if named.type == "identifier" else ""


def _method(reader: JavaScriptReader, at: Node, name: str) -> Node | None:
    around = reader.class_around(at)
    body = around.child_by_field_name("body") if around is not None else None
    for child in body.named_children[:MAX_MEMBERS] if body is not None else ():
        named = child.child_by_field_name("name") or child.child_by_field_name("property")
        if named is None or reader.text(named) != name:
            continue
        if child.type == "method_definition":
            return child
        value = child.child_by_field_name("value")
        if value is not None and value.type in CALLABLE:
            return value
    return None
