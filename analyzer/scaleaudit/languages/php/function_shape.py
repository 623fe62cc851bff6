"""How functions stand in files of PHP, and how they say who runs them."""

from __future__ import annotations

from scaleaudit.languages.function_marks import ATTRIBUTE, ATTRIBUTE_HARMLESS, CAMEL
from scaleaudit.languages.function_names import Shape
from scaleaudit.regex import regex

PHP = Shape(
    functions=frozenset({"function_definition", "method_declaration"}),
    classes=frozenset(
        {"class_declaration", "trait_declaration", "interface_declaration", "enum_declaration"}
    ),
    through=frozenset({"namespace_definition", "compound_statement", "if_statement"}),
    skipped=frozenset({"namespace_use_declaration", "php_tag", "comment"}),
    bodies=frozenset({"declaration_list", "enum_declaration_list"}),
    openings=(b"function ",),
    telling=CAMEL,
    tests=regex(rb"(?m)^use (?:PHPUnit\\|Tests\\|Pest\\)|extends (?:\w+\\)*TestCase\b"),
    test_marks=(b"PHPUnit", b"Tests\\", b"Pest\\", b"TestCase"),
    root_marks=(b"ShouldQueue", b"AsMessageHandler", b"AsCronTask", b"AsPeriodicTask", b"Command", b"IsGranted", b"prunable"),
    needs=(b"function", b"->", b"::"),
    marked=ATTRIBUTE,
    harmless=ATTRIBUTE_HARMLESS,
    asked=regex(rb"[(\s]\w*Request(?:Interface)? \$"),
    job=regex(
        rb"\bimplements [\w\\, ]*\bShouldQueue\b|#\[(?:AsMessageHandler|AsCronTask|AsPeriodicTask)\b"
        rb"|\bfunction prunable\(\)"  # what `model:prune` deletes, as a schedule calls it
    ),
    staff=regex(rb"\bextends (?:\\?\w+\\)*(?:Command|ContainerAwareCommand)\b|#\[AsCommand\b|#\[IsGranted\('ROLE_(?:SUPER_)?ADMIN'\)"),
)  # fmt: skip
