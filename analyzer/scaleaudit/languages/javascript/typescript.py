"""TypeScript."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_typescript

from scaleaudit.languages.javascript import engine

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts
    from scaleaudit.languages.engine import Engine


@cache
def _engine() -> Engine:
    return engine(
        tree_sitter_typescript.language_typescript, "scaleaudit.languages.javascript.typed"
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
