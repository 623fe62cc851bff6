"""Ruby."""

from functools import cache

import tree_sitter_ruby

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.ruby.frameworks import FRAMEWORKS
from scaleaudit.languages.ruby.function_shape import RUBY
from scaleaudit.languages.ruby.reader import RubyReader

LOCALS = """
[(assignment left: (identifier) @name right: (_) @value)
 (operator_assignment left: (identifier) @name right: (_) @value)]
"""


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_ruby.language,
            __name__,
            RubyReader,
            FRAMEWORKS,
            LOCALS,
            levels=1,
            shape=RUBY,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
