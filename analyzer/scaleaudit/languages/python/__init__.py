"""Python."""

from functools import cache

import tree_sitter_python

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.python.frameworks import FRAMEWORKS
from scaleaudit.languages.python.function_shape import PYTHON
from scaleaudit.languages.python.places import places_of
from scaleaudit.languages.python.reader import PythonReader

LOCALS = "(assignment left: (identifier) @name right: (_) @value)"


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_python.language,
            __name__,
            PythonReader,
            FRAMEWORKS,
            LOCALS,
            places=places_of,
            shape=PYTHON,
            cached=True,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
