"""`go.mod`: a Go module and what it requires directly; `go.work`: the modules of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import PackageDeclared
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _module)


def _module(text: str) -> Iterator[PackageDeclared]:
    name, at = "", 0
    required: dict[str, str] = {}
    used: list[str] = []
    block = ""
    for number, line in enumerate(text_lines(text), 1):
        code, _, comment = line.partition("//")
        words = code.split()
        if not words:
            continue
        directive = block
        if block and words[0] == ")":
            block = ""
            continue
        if not block:
            directive, words = words[0].partition("(")[0], words[1:]
            if code.rstrip().endswith("("):
                block = directive
                continue
        words = [word.strip('"`') for word in words]
        if directive == "module" and words:
            name, at = words[0], number
        elif directive == "require" and words and "indirect" not in comment:
            required[words[0]] = words[1] if len(words) > 1 else ""
        elif directive == "use" and words:
            used.append(words[0])
            at = at or number
    if name or used:
        yield PackageDeclared(
            Span(at), name, "go", tuple(required.items()), tuple(dict.fromkeys(used))
        )
