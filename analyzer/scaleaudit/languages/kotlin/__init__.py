"""Kotlin; the libraries of the JVM are those of Java's tables."""

from functools import cache

import tree_sitter_kotlin

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.kotlin.frameworks import FRAMEWORKS
from scaleaudit.languages.kotlin.reader import KotlinReader

LOCALS = """
(property_declaration (variable_declaration . (identifier) @name) (_) @value .)
(assignment left: (identifier) @name right: (_) @value)
"""


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
        )
    )


def extract(content: bytes) -> FileFacts:
    if not content.endswith(b"\n"):  # the grammar takes the end of the last line for its sign
        content += b"\n"
    return _engine().extract(content)
