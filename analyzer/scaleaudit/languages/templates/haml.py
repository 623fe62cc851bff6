"""HAML and Slim: lines whose indentation says what stands in a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.templates.ruby_code import ENGINE, RubyCode
from scaleaudit.languages.templates.steps import Steps, read_template
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts

LINE = regex(rb"(?m)^(?P<indent>[ \t]*)(?P<line>[^\n]*\S[^\n]*)$")
COMMENT = regex(rb"-#|/(?!/)|:(?:javascript|css|scss|markdown|plain)")
# What of a line is Ruby: all after a mark, attributes in braces, what is put into text.
CODE = regex(rb"^[-=]|(?:^|[\w\]\)\}\"'])[ ]?[-=!&]?[=-]=?[ ]|#\{|\{|=")
MAX_LINES = 4_000


def extract(content: bytes) -> FileFacts:
    return read_template(content, ENGINE, lines)


def lines(steps: Steps) -> None:
    code = RubyCode(steps)
    loops: list[int] = []  # how far the loops that stand open are indented
    for _, match in zip(range(MAX_LINES), LINE.finditer(steps.content), strict=False):
        indent = len(match["indent"].expandtabs(2))
        while loops and indent <= loops[-1]:
            loops.pop()
            steps.add("end", match.start("line"))
        written = match["line"]
        if COMMENT.match(written) or CODE.search(written) is None:
            continue
        if code.read(match.start("line"), match.end("line")):
            loops.append(indent)
