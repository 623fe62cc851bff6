"""Ruby."""

from functools import cache

import tree_sitter_ruby

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.ruby.frameworks import FRAMEWORKS
from scaleaudit.languages.ruby.function_shape import RUBY
from scaleaudit.languages.ruby.reader import RubyReader

# What stands inside is looked at afterwards: a query that says it takes three times as long to make.
LOCALS = "[(assignment) (operator_assignment)] @assignment"


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_ruby.language,
            __name__,
            RubyReader,
            FRAMEWORKS,
            LOCALS,
            shape=RUBY,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
