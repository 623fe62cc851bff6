"""C#."""

from functools import cache

import tree_sitter_c_sharp

from scaleaudit.facts import FileFacts
from scaleaudit.languages.csharp.frameworks import FRAMEWORKS
from scaleaudit.languages.csharp.function_shape import CSHARP
from scaleaudit.languages.csharp.reader import CSharpReader
from scaleaudit.languages.engine import Engine, LanguageParts

LOCALS = """
(variable_declarator name: (identifier) @name (_) @value .)
(assignment_expression left: (identifier) @name right: (_) @value)
"""


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_c_sharp.language, __name__, CSharpReader, FRAMEWORKS, LOCALS, shape=CSHARP
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
