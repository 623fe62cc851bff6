"""Blade: `@foreach ($orders as $order) {{ $order->customer->name }}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.templates.steps import Steps, read_template
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts

ENGINE = "blade"
CHAIN = rb"\$\w+(?:\??->\w+(?:\([^()\n]{0,80}\))?)*"
TOKEN = regex(
    rb"@(?:foreach|forelse)\s*\(\s*(?P<list>"
    + CHAIN
    + rb")\s+as\s+(?:\$\w+\s*=>\s*)?\$(?P<item>\w+)"
    rb"|(?P<loop>@(?:foreach|forelse)\b)"
    rb"|(?P<end>@(?:endforeach|endforelse)\b)"
    rb"|@include(?:If|When|Unless|First)?\s*\((?:[^'\"\n]{0,80},\s*)?['\"](?P<view>[\w.:/-]+)['\"](?P<given>[^\n]{0,300})"
    rb"|@each\s*\(\s*['\"](?P<each>[\w./-]+)['\"]\s*,\s*(?P<rows>"
    + CHAIN
    + rb")\s*,\s*['\"](?P<as>\w+)['\"]"
    rb"|(?P<chain>\$\w+(?:\??->\w+(?:\([^()\n]{0,80}\))?)+)",
    16,
)
GIVEN = regex(rb"['\"](?P<name>\w+)['\"]\s*=>\s*(?P<path>" + CHAIN + rb")")
ARGUMENTS = regex(rb"\([^()]*\)")
HIDDEN = ((b"{{--", b"--}}"), (b"@verbatim", b"@endverbatim"))
VISIBLE = regex(rb"[^\n]")
MAX_TOKENS = 4_000
PLAIN = frozenset({"loop", "errors", "this", "slot", "attributes", "component"})


def extract(content: bytes) -> FileFacts:
    for begin, end in HIDDEN:
        content = without(content, begin, end)
    return read_template(content, ENGINE, tokens)


def without(content: bytes, begin: bytes, end: bytes) -> bytes:
    """With blanks in place of what is no code, so that lines stay where they are."""
    kept: list[bytes] = []
    at = 0
    while (start := content.find(begin, at)) >= 0:
        stop = content.find(end, start)
        if stop < 0:
            break
        kept += [content[at:start], VISIBLE.sub(b" ", content[start : stop + len(end)])]
        at = stop + len(end)
    return b"".join([*kept, content[at:]])


def tokens(steps: Steps) -> None:
    for _, match in zip(range(MAX_TOKENS), TOKEN.finditer(steps.content), strict=False):
        at = match.start()
        if match["list"] is not None:
            steps.add("each", at, text(match["item"]), path_of(match["list"]))
        elif match["loop"] is not None:
            steps.add("each", at, "", "<unknown>")
        elif match["end"] is not None:
            steps.add("end", at)
        elif match["view"] is not None:
            given = tuple(
                (text(each["name"]), path_of(each["path"]))
                for each in GIVEN.finditer(match["given"])
            )
            steps.add("include", at, text(match["view"]), given=given)
        elif match["each"] is not None:
            given = ((text(match["as"]), ""),)
            steps.add("include-each", at, text(match["each"]), path_of(match["rows"]), given)
        elif match["chain"] is not None:
            path = path_of(match["chain"])
            if path.partition(".")[0] not in PLAIN:
                steps.add("read", match.start("chain"), path=path)


def path_of(chain: bytes) -> str:
    """`$order->customer?->name` as a dotted path; a method is marked, since it is no attribute."""
    marked = ARGUMENTS.sub(b"()", chain)
    return text(marked.replace(b"?->", b".").replace(b"->", b".").lstrip(b"$"))


def text(written: bytes) -> str:
    return written.decode("utf-8", "replace")
