"""Rust: routes of actix-web, axum and Rocket, clients of other services, stores."""

from functools import cache

import tree_sitter_rust

from scaleaudit.facts import FileFacts
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.rust.reader import RustReader

LOCALS = """
(let_declaration pattern: (identifier) @name value: (_) @value)
"""


@cache
def _engine() -> Engine:
    return Engine(LanguageParts(tree_sitter_rust.language, __name__, RustReader, (), LOCALS))


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
