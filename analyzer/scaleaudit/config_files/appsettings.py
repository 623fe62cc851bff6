"""`appsettings.json`: the settings of a .NET program, keys joined by `:` as it reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _settings)


def _settings(text: str) -> Iterator[SettingDefined]:
    entries, problem = read_json(text)
    for entry in entries:
        if not entry.opens and entry.path:
            key = ":".join(entry.path)
            value = without_secrets(key, Literal(entry.value or ""))
            yield SettingDefined(Span(entry.line), key, value, "dotnet")
    if problem:
        raise NotUnderstoodError(problem)
