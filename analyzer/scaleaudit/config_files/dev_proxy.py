"""`proxy.conf.json` of Angular's server for developers: whom it passes requests on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.config_files.secret_values import masked
from scaleaudit.facts import DEV_PROXY, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _targets)


def _targets(text: str) -> Iterator[SettingDefined]:
    entries, problem = read_json(text)
    for entry in entries:
        if entry.path and entry.path[-1] == "target" and entry.value:
            yield SettingDefined(
                Span(entry.line), DEV_PROXY, Literal(masked(entry.value)), DEV_PROXY
            )
    if problem:
        raise NotUnderstoodError(problem)
