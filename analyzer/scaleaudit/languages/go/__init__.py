"""Go."""

from functools import cache

import tree_sitter_go

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.go.frameworks import FRAMEWORKS
from scaleaudit.languages.go.function_shape import GO
from scaleaudit.languages.go.reader import GoReader
from scaleaudit.languages.go.scopes import DEFINITIONS

LEVELS = 3  # down to the specs of `import ( ... )`; candidates.py finds what stands deeper


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_go.language,
            __name__,
            GoReader,
            FRAMEWORKS,
            DEFINITIONS,
            levels=LEVELS,
            shape=GO,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
