"""Spring's, Quarkus' and MicroProfile's settings in the form of Java properties."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.config_files.spring_documents import document_settings
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.spring_documents import Entry
    from scaleaudit.facts import FileFacts, SettingDefined

MAX_CONTINUED = 500  # the parser's time grows with the square of these lines
_ENDLESS_LINE = regex(rf"(?:(?<![^\n])[^\n]*+(?<=\\)\n){{{MAX_CONTINUED}}}")
_DOCUMENT_ENDS = {"#---", "!---"}


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _settings)


def _settings(text: str) -> Iterator[SettingDefined]:
    for document in _documents(text):
        yield from document_settings(document)


def _documents(text: str) -> Iterator[list[Entry]]:
    import javaproperties

    if _ENDLESS_LINE.search(text):
        raise NotUnderstoodError(f"more than {MAX_CONTINUED} lines that continue each other")
    entries: list[Entry] = []
    line = 1
    try:
        for element in javaproperties.parse(io.StringIO(text)):
            if isinstance(element, javaproperties.KeyValue):
                entries.append((element.key, element.value, Span(line)))
            elif element.source.strip() in _DOCUMENT_ENDS:
                yield entries
                entries = []
            line += element.source.count("\n")
    except javaproperties.InvalidUEscapeError:
        yield entries
        raise NotUnderstoodError(f"line {line}: no valid \\u escape") from None
    yield entries
