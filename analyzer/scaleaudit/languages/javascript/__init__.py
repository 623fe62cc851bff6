"""JavaScript; its modules `typescript` and `tsx` are the same reader on two more grammars."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_javascript

from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.javascript.frameworks import FRAMEWORKS
from scaleaudit.languages.javascript.function_shape import JAVASCRIPT
from scaleaudit.languages.javascript.reader import JavaScriptReader
from scaleaudit.languages.javascript.relevance import matters

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts

# Run on demand: assignments inside one function.
LOCALS = """
(variable_declarator name: (identifier) @name value: (_) @value)
(variable_declarator
  name: (object_pattern) @pattern
  value: [(identifier) (member_expression)] @from)
(assignment_expression left: (identifier) @name right: (_) @value)
"""


def engine(grammar: Callable[[], object], own_queries: str) -> Engine:
    """The extractor for one grammar of the family; `own_queries` is a package of `.scm` files."""
    return Engine(
        LanguageParts(
            grammar,
            __name__,
            JavaScriptReader,
            FRAMEWORKS,
            LOCALS,
            more_queries=own_queries,
            matters=matters,
            shape=JAVASCRIPT,
            cached=True,
        )
    )


@cache
def _engine() -> Engine:
    return engine(tree_sitter_javascript.language, f"{__name__}.plain")


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
