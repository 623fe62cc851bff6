"""ERB: Ruby between `<%` and `%>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.templates.ruby_code import ENGINE, TELLING, RubyCode
from scaleaudit.languages.templates.steps import Steps, read_template
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts

STATEMENT = regex(rb"[^\n;]+")
OPENS = regex(
    rb"\s*(?:if|unless|case|for|while|until|begin)\b|.*(?<!\w)do\b\s*(?:\|[^|]*\|)?\s*$|[^#]*=\s*(?:if|case|unless)\b",
    16,
)
OPENING = (b"do", b"if", b"unless", b"case", b"for", b"while", b"until", b"begin")
CLOSES = regex(rb"\s*(?:end\b|\})")
MAX_PIECES = 2_000
MAX_BLOCKS = 100


def extract(content: bytes) -> FileFacts:
    return read_template(content, ENGINE, pieces)


def pieces(steps: Steps) -> None:
    code = RubyCode(steps)
    content = steps.content
    blocks: list[bool] = []  # of the blocks open: whether a loop's
    end = 0
    for _ in range(MAX_PIECES):
        start = content.find(b"<%", end) + 2
        end = content.find(b"%>", start)
        if start < 2 or end < 0:
            return
        if content[start : start + 1] in (b"#", b"%"):
            continue
        written = content[start:end]
        if b"render" in written or b"\n" not in written.strip():
            statement(code, blocks, start, end)
            continue
        for each in STATEMENT.finditer(content, start, end):
            statement(code, blocks, *each.span())


def statement(code: RubyCode, blocks: list[bool], start: int, end: int) -> None:
    written = code.steps.content[start:end].lstrip(b"-=")
    if CLOSES.match(written):
        if blocks and blocks.pop():
            code.steps.add("end", start)
        return
    loop = has_any(written, TELLING) and code.read(start, end)
    if len(blocks) < MAX_BLOCKS and (loop or (has_any(written, OPENING) and OPENS.match(written))):
        blocks.append(loop)
