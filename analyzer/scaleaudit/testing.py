"""Run the examples of a rule's page; built-in and third-party packs test themselves with it.

A section of the page (from one heading to the next) with titled code blocks is one example, a
small repository: the title is the path. A line that ends in a comment `finding` is where the
rule must speak; everywhere else it must be silent. The mark is taken out before the scan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.rules import Rule

SECTION = regex(r"^(?=#{1,6} )", re.MULTILINE)
BLOCK = regex(
    r'^```[\w+-]+ title="(?P<path>[^"]+)"\n(?P<text>.*?)^```\s*$', re.MULTILINE | re.DOTALL
)
MARK = regex(r"[ \t]*(#|//|--|;|/\*|<!--)[ \t]*finding[ \t]*(\*/|-->)?[ \t]*$", re.MULTILINE)


class Example(Record, frozen=True):
    """One section of a page: files, and the places (path, line) where the rule must speak."""

    name: str
    files: tuple[SourceFile, ...]
    expected: frozenset[tuple[str, int]]

    def found(self, rule: Rule) -> set[tuple[str, int]]:
        """Where the rule speaks, through the whole real pipeline."""
        result = scan(self.files, [rule])
        return {(finding.location.path, finding.location.line) for finding in result.findings}


class BadExample(Exception):
    """A page's example cannot be run: a file of an unknown kind."""


def examples(page: str) -> Iterator[Example]:
    """All examples of a page; raises `BadExample`."""
    fenced = re.compile(r"^```.*?^```\s*$", re.MULTILINE | re.DOTALL)
    hidden = fenced.sub(
        lambda m: re.sub(r"(?m)^#", "\1", m[0]), page
    )  # `# x` in code is no heading
    for section in SECTION.split(hidden):
        text = section.replace("\1", "#")
        files: list[SourceFile] = []
        expected: set[tuple[str, int]] = set()
        for block in BLOCK.finditer(text):
            path = block["path"]
            kind = file_kinds()(path)
            if kind is None:
                raise BadExample(f"{path}: no extractor reads such a file")
            for number, line in enumerate(block["text"].splitlines(), 1):
                if MARK.search(line):
                    expected.add((path, number))
            content = MARK.sub("", block["text"]).encode()
            files.append(SourceFile(path, kind, role_of(path)[0], "", content))
        if files:
            yield Example(text.partition("\n")[0].lstrip("# "), tuple(files), frozenset(expected))
