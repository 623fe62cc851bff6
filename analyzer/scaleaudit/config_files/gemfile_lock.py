"""`Gemfile.lock`: the versions of gems that a Ruby program surely runs with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import VersionLocked
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

# What later versions of these do to a schema, older ones do not.
GEMS = ("sequel",)
LOCKED = regex(r"    (?P<name>" + "|".join(GEMS) + r") \((?P<version>\d[\w.]{0,30})\)\s*")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _locked)


def _locked(text: str) -> Iterator[VersionLocked]:
    for number, line in enumerate(text_lines(text), 1):
        gem = LOCKED.fullmatch(line)
        if gem is not None:
            yield VersionLocked(Span(number), gem["name"], gem["version"])
