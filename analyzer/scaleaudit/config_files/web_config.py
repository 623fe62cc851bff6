"""`Web.config` and `App.config` of the .NET Framework: settings and connection strings.

Keys are those that the newer `appsettings.json` would have: `ConnectionStrings:Shop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import NotUnderstoodError, lines_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.xml_elements import xml_root
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element

MAX_SETTINGS = 2_000


def extract(content: bytes) -> FileFacts:
    try:
        root = xml_root(content, "configuration")
    except NotUnderstoodError as error:
        return FileFacts(problem=str(error), lines=lines_in(content))
    return FileFacts(tuple(_settings(root))[:MAX_SETTINGS], lines=lines_in(content))


def _settings(root: Element) -> Iterator[SettingDefined]:
    for entry in root.all("appSettings", "add"):
        key = entry.attributes.get("key", "")
        if key:
            yield _setting(entry, key, entry.attributes.get("value", ""))
    for entry in root.all("connectionStrings", "add"):
        name, text = entry.attributes.get("name", ""), entry.attributes.get("connectionString", "")
        if name:
            yield _setting(entry, f"ConnectionStrings:{name}", text)


def _setting(entry: Element, key: str, text: str) -> SettingDefined:
    return SettingDefined(Span(entry.line), key, without_secrets(key, Literal(text)), "dotnet")
