"""How functions stand in files of JavaScript and TypeScript, and how they say who runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.function_marks import CAMEL, DECORATOR
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node


TS_HARMLESS = regex(
    rb"(?i)(?:transactional|inject\w*|span|traced?|log\w*|cache\w*|memoi[sz]e\w*|deprecated|retry\w*|measure\w*|withspan|override)"
)

FUNCTION_VALUES = {"arrow_function", "function_expression", "generator_function"}
HOLDERS = {
    "variable_declarator", "pair", "field_definition", "public_field_definition",
    "assignment_expression",
}  # fmt: skip


def value_function(node: Node) -> Node | None:
    """The function that a name is given: plain, or as an argument of what wraps it."""
    if node.type not in HOLDERS:
        return None
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if value is None or value.type in FUNCTION_VALUES:
        return value
    given = value.child_by_field_name("arguments") if value.type == "call_expression" else None
    for each in given.named_children[:4] if given is not None else ():
        if each.type in FUNCTION_VALUES:
            return each
    return None


def exported(node: Node) -> bool:
    """`export { a, b }`, `module.exports = { a, b }`: the names alone, under which others use them."""
    if node.type == "export_clause":
        return all(each.child_by_field_name("alias") is None for each in node.named_children)
    if node.type == "shorthand_property_identifier":
        return node.parent is not None and _is_exports(node.parent)
    if node.type == "object" and _is_exports(node):
        return all(each.type == "shorthand_property_identifier" for each in node.named_children)
    return False


def _is_exports(node: Node) -> bool:
    left = node.parent.child_by_field_name("left") if node.parent is not None else None
    return left is not None and left.text in (b"module.exports", b"exports")


JAVASCRIPT = Shape(
    functions=frozenset({"function_declaration", "generator_function_declaration", "method_definition"}),
    classes=frozenset({"class_declaration", "abstract_class_declaration", "class"}),
    wrapping=frozenset(),
    through=frozenset(
        {"export_statement", "lexical_declaration", "variable_declaration", "variable_declarator",
         "expression_statement", "assignment_expression", "object", "pair", "internal_module",
         "statement_block", "as_expression", "satisfies_expression"}
    ),
    skipped=frozenset(
        {"import_statement", "comment", "interface_declaration", "type_alias_declaration"}
    ),
    bodies=frozenset({"class_body"}),
    openings=(b"=>", b"function", b") {", b"class ", b"export", b"):"),
    telling=CAMEL,
    tests=None,
    test_marks=(
        b"\ndescribe(", b"\ndescribe.", b"\ntest(", b"\nit(", b"\nsuite(", b"vitest", b"@jest/globals",
        b"@playwright/test", b"@nestjs/testing",
    ),
    root_marks=(b"@", b"WorkerHost"),
    idle=(b"useState(", b"useEffect(", b"use client", b"React.FC", b"@angular/core"),
    marked=DECORATOR,
    harmless=TS_HARMLESS,
    asked=regex(rb"\(\s*_?(?:req|request)\b"),
    job=regex(
        rb"@(?:Cron|Interval|Timeout|Process|Processor|OnQueue\w+|OnWorkerEvent|EventPattern|SqsMessageHandler)\("
        rb"|extends(?<!\wextends) WorkerHost\b"
    ),
    staff=regex(
        rb"@Roles\(\s*(?:\w+\.|['\"])(?:SUPER_?)?ADMIN['\"]?\s*\)|@UseGuards\([^)]*\b\w*(?<!Non)(?<!Not)Admin(?:Auth)?Guard\b"
    ),
    beside=frozenset({"decorator"}),
    value=value_function,
    exported=exported,
)  # fmt: skip
