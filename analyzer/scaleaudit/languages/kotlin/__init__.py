"""Kotlin; the libraries of the JVM are those of Java's tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_kotlin

from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.kotlin.frameworks import FRAMEWORKS
from scaleaudit.languages.kotlin.function_shape import KOTLIN
from scaleaudit.languages.kotlin.reader import KotlinReader
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

    from scaleaudit.facts import FileFacts

LOCALS = """
(property_declaration (variable_declaration . (identifier) @name) (_) @value .)
(assignment left: (identifier) @name right: (_) @value)
"""


def _blank(match: re.Match[bytes]) -> bytes:
    name = match[1] or b""
    return name + b" " * (len(match[0]) - len(name))


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_kotlin.language,
            __name__,
            KotlinReader,
            FRAMEWORKS,
            LOCALS,
            matters=KotlinReader.known.matters,
            shape=KOTLIN,
        )
    )


# The grammar takes `get<Order>(url)` for two comparisons: one plain type, then one argument.
TYPE_ARGUMENT = regex(rb"(?<=\w)<[\w.]{1,200}>(?=\()|(\b[a-z]\w*)(<[\w.]{1,200}>)(?=[ \t]*\{)")
# What Koin and Kodein are asked for (`val orders by inject<Orders>()`), with its type as a declaration
# has it, in as many bytes.
ASKED_BY = regex(rb"(\bval\s+\w+) by (inject|instance)<([\w.]{1,200})>\(\)")
ASKED = regex(rb"(\bval\s+\w+) = (get|instance)<([\w.]{1,200})>\(\)")


def extract(content: bytes) -> FileFacts:
    """The facts of one file; type arguments become blanks, so that places stay where they are."""
    if b">" in content:
        content = ASKED_BY.sub(rb"\1: \3 = \2() ", content)
        content = ASKED.sub(rb"\1: \3 = \2()", content)
        content = TYPE_ARGUMENT.sub(_blank, content)
    if not content.endswith(b"\n"):  # the grammar takes the end of the last line for its sign
        content += b"\n"
    return _engine().extract(content)
