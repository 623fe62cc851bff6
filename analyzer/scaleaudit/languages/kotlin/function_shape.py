"""How functions stand in files of Kotlin, and how they say who runs them."""

from __future__ import annotations

from scaleaudit.languages.function_marks import ANY_CASE
from scaleaudit.languages.function_names import Shape
from scaleaudit.languages.java.function_shape import (
    JVM_ANNOTATION,
    JVM_ASKED,
    JVM_HARMLESS,
    JVM_JOB,
    JVM_ROOT_MARKS,
    JVM_STAFF,
    JVM_TEST_MARKS,
    JVM_TESTS,
)
from scaleaudit.regex import regex

KOTLIN = Shape(
    functions=frozenset({"function_declaration", "secondary_constructor"}),
    classes=frozenset({"class_declaration", "object_declaration", "companion_object"}),
    through=frozenset({"ERROR"}),
    skipped=frozenset({"import", "package_header", "line_comment", "block_comment"}),
    bodies=frozenset({"class_body", "enum_class_body"}),
    openings=(b"fun ",),
    telling=ANY_CASE,
    tests=JVM_TESTS,
    test_marks=JVM_TEST_MARKS,
    root_marks=JVM_ROOT_MARKS,
    marked=JVM_ANNOTATION,
    harmless=JVM_HARMLESS,
    asked=regex(JVM_ASKED + rb"|A(?<!\wA)pplicationCall)\b"),
    job=regex(
        JVM_JOB
        + rb"|\)?\s*:\s*[\w<>(), .]*\b(?:Job|Tasklet|QuartzJobBean|CommandLineRunner|ApplicationRunner)\b\(?\)?\s*\Z"
    ),
    staff=regex(JVM_STAFF),
)
