"""`CODEOWNERS` of GitHub, GitLab and others: who owns which paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import OwnerDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

MAX_LINE = 20_000  # characters; a longer one names no owners that anybody reads
# GitLab: `[Name]`, `^[Optional]`, `[Name][2]` for two approvals, then default owners.
_SECTION = regex(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s+@?\S+)*)\s*\Z")
_WORD = regex(r"(?:\\.|[^\s\\]++|\\)+")
_OWNER = regex(r"@|[^\s@]+@[^\s@]+\.")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _owners)


def _owners(text: str) -> Iterator[OwnerDeclared]:
    """In file order: the last pattern that fits a path decides. No owners: nobody is asked."""
    default: tuple[str, ...] = ()
    for number, line in enumerate(text_lines(text), 1):
        if len(line) > MAX_LINE:
            continue
        stripped = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        section = _SECTION.match(stripped)
        if section:
            default = tuple(section["owners"].split())
            continue
        words = _WORD.findall(stripped)
        if words:
            pattern = re.sub(r"\\(.)", r"\1", words[0])
            owners = tuple(word for word in words[1:] if _OWNER.match(word))
            yield OwnerDeclared(Span(number), pattern, owners or default)
