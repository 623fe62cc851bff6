"""The function of the same file that a call runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.callees import bare

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


def returned(function: Node) -> Node | None:
    """What a function gives back, where that is one expression at its end."""
    body = bare(function.child_by_field_name("body"))
    if body is None or body.type != "statement_block":
        return body
    last = [each for each in body.named_children if each.type == "return_statement"]
    return bare(last[0].named_children[0]) if len(last) == 1 and last[0].named_children else None


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


def function_handed(reader: JavaScriptReader, given: Node) -> Node | None:
    """The function that an argument is: written there, by its name, or made by a call of another."""
    if given.type in CALLABLE:
        return given
    if given.type == "identifier":
        name = reader.text(given)
        values = [bare(each) for each in scopes.all_values(reader, name, given)]
        if not values:
            return function_named(reader, name)
        only = values[0] if len(values) == 1 else None
        return only if only is not None and only.type in CALLABLE else None
    maker = function_of(reader, given) if given.type == "call_expression" else None
    return _function_made(maker) if maker is not None else None


def _function_made(maker: Node) -> Node | None:
    """What `(code) => (query) => ...` gives, also by the one `return` of its block."""
    made = bare(maker.child_by_field_name("body"))
    if made is not None and made.type == "statement_block":
        told = [each for each in made.named_children if each.type == "return_statement"]
        given = told[0].named_children if len(told) == 1 else []
        made = bare(given[0]) if given else None
    return made if made is not None and made.type in CALLABLE else None


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
