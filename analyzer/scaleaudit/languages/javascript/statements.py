"""The statements of module level: imports, exports, constants.

They are few and stand in one list: walking it costs less than query patterns that are tied to
the top of the tree, which the query machine keeps open for every statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

DECLARATIONS = {"lexical_declaration", "variable_declaration"}
# What a constant may be given that says something; functions and classes are not values here.
TELLING = {
    "string",
    "template_string",
    "binary_expression",
    "ternary_expression",
    "member_expression",
    "subscript_expression",
    "call_expression",
    "new_expression",
    "object",
    "array",
    "number",
    "identifier",
    "null",
    "undefined",
    "parenthesized_expression",
    "await_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_assertion",
}
SERVED = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def collect(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    """Adds to the captures: import, assign, exported, default, served, served_as, enum,
    unpack, default_handler."""
    for node in reader.root.named_children:
        kind = node.type
        if kind == "import_statement":
            captures.setdefault("import", []).append(node)
        elif kind in DECLARATIONS:
            _declared(node, captures)
        elif kind == "export_statement":
            _export(reader, node, captures)
        elif kind == "expression_statement":
            inner = node.named_children[0] if node.named_children else None
            if inner is not None and inner.type == "assignment_expression":
                captures.setdefault("exported", []).append(inner)
        elif kind == "enum_declaration":
            captures.setdefault("enum", []).append(node)


def _declared(node: Node, captures: dict[str, list[Node]]) -> list[Node]:
    names = []
    for child in node.named_children:
        name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
        if name is None or value is None:
            continue
        if name.type == "object_pattern" and value.type == "identifier":  # const {Pool} = pg
            captures.setdefault("unpack", []).append(child)
        if name.type != "identifier":
            continue
        names.append(name)
        if value.type in TELLING:
            captures.setdefault("assign", []).append(child)
    return names


def _unpacked(declared: Node) -> list[Node]:
    """The names of `const { GET, POST } = handlers`."""
    patterns = (each.child_by_field_name("name") for each in declared.named_children)
    return [
        name
        for pattern in patterns
        if pattern is not None and pattern.type == "object_pattern"
        for name in pattern.named_children
        if name.type == "shorthand_property_identifier_pattern"
    ]


def _export(reader: JavaScriptReader, node: Node, captures: dict[str, list[Node]]) -> None:
    if node.child_by_field_name("source") is not None:
        captures.setdefault("import", []).append(node)
        return
    declared = node.child_by_field_name("declaration")
    if declared is None:
        if node.child_by_field_name("value") is not None:
            captures.setdefault("default", []).append(node)
            return
        for clause in node.named_children:
            for each in clause.named_children if clause.type == "export_clause" else ():
                if reader.text(each).rpartition(" ")[2] in SERVED:
                    captures.setdefault("served_as", []).append(each)
        return
    names: list[Node] = []
    if declared.type in DECLARATIONS:
        names = [*_declared(declared, captures), *_unpacked(declared)]
    elif declared.type == "enum_declaration":
        captures.setdefault("enum", []).append(declared)
    elif declared.type == "function_declaration":
        name = declared.child_by_field_name("name")
        names = [name] if name is not None else []
        if any(child.type == "default" for child in node.children[:3]):
            captures.setdefault("default_handler", []).append(declared)
    for name in names:
        if name.end_byte - name.start_byte <= 7 and reader.text(name) in SERVED:
            captures.setdefault("served", []).append(name)
