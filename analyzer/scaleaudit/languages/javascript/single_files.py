"""Components of Vue and Svelte in one file: the scripts in it, read as TypeScript.

All else is blanked, so that lines and columns stay. Where a script's tag stood, a comment says that
it runs in a page.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import tree_sitter_typescript

from scaleaudit.facts import FileFacts
from scaleaudit.languages.javascript import engine
from scaleaudit.languages.javascript.reader import IN_PAGE
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.engine import Engine

# Types may stand in quotes: `<script generics="Row extends Record<string, Cell>">`.
OPENED = regex(rb"<script\b[^<>\"]{0,200}(?:\"[^\"]{0,300}\"[^<>\"]{0,100}){0,6}>")
CLOSED = b"</script"
NOT_BLANK = regex(rb"[^\r\n]")
MAX_SCRIPTS = 4  # of one component


@cache
def _engine() -> Engine:
    return engine(
        tree_sitter_typescript.language_typescript, "scaleaudit.languages.javascript.typed"
    )


def extract(content: bytes) -> FileFacts:
    scripts = scripts_of(content)
    if scripts is None:
        return FileFacts(lines=content.count(b"\n") + 1)
    return _engine().extract(scripts)


def scripts_of(content: bytes) -> bytes | None:
    """The file with nothing but its scripts; None where it has none."""
    parts: list[bytes] = []
    at = 0
    for found in islice(OPENED.finditer(content), MAX_SCRIPTS):
        end = content.find(CLOSED, found.end())
        if found.start() < at or end < 0:
            continue
        parts.append(NOT_BLANK.sub(b" ", content[at : found.start()]))
        tag = content[found.start() : found.end()]
        parts.append(IN_PAGE + NOT_BLANK.sub(b" ", tag[len(IN_PAGE) :]))
        parts.append(content[found.end() : end])
        at = end
    if not parts:
        return None
    parts.append(NOT_BLANK.sub(b" ", content[at:]))
    return b"".join(parts)
