"""`launchSettings.json`: on which ports a .NET project listens when a developer starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.facts import SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

KEY = "applicationUrl"
EXPRESS = ("iisSettings", "iisExpress")  # Visual Studio's own server, with ports of its own
MAX_URLS = 10  # of one profile


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _listening)


def _listening(text: str) -> Iterator[SettingDefined]:
    """One for each address of a profile, or of IIS Express, which has its port for TLS apart."""
    entries, problem = read_json(text)
    for entry in entries:
        if entry.path == (*EXPRESS, "sslPort") and (entry.value or "0").strip("0").isdigit():
            address = Literal(f"https://localhost:{entry.value}")
            yield SettingDefined(Span(entry.line), KEY, address, "launch")
        of_profile = len(entry.path) == 3 and entry.path[0] == "profiles" and entry.path[2] == KEY
        if of_profile or entry.path == (*EXPRESS, KEY):
            for url in (entry.value or "").split(";")[:MAX_URLS]:
                if "localhost" in url or "0.0.0.0" in url or "127.0.0.1" in url:
                    yield SettingDefined(Span(entry.line), KEY, Literal(url.strip()), "launch")
    if problem:
        raise NotUnderstoodError(problem)
