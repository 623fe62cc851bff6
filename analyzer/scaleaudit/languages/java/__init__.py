"""Java."""

from functools import cache

import tree_sitter_java

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.java.frameworks import FRAMEWORKS
from scaleaudit.languages.java.function_shape import JAVA
from scaleaudit.languages.java.reader import JavaReader

LOCALS = """
(local_variable_declaration declarator: (variable_declarator name: (identifier) @name value: (_) @value))
(resource name: (identifier) @name value: (_) @value)
(assignment_expression left: (identifier) @name right: (_) @value)
"""


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_java.language,
            __name__,
            JavaReader,
            FRAMEWORKS,
            LOCALS,
            matters=JavaReader.known.matters,
            shape=JAVA,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
