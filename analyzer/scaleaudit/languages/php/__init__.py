"""PHP: imports, routes, SQL text, and calls of the common libraries."""

from functools import cache

import tree_sitter_php

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.php.frameworks import FRAMEWORKS
from scaleaudit.languages.php.function_shape import PHP
from scaleaudit.languages.php.reader import PhpReader

ASSIGNMENTS = """
(assignment_expression left: [(variable_name) (member_access_expression)] @name right: (_) @value)
(augmented_assignment_expression
  left: (member_access_expression) @name "??=" right: (_) @value)
"""


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_php.language_php, __name__, PhpReader, FRAMEWORKS, ASSIGNMENTS, shape=PHP
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
