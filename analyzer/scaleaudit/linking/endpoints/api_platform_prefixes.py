"""What an application puts in front of the paths that API Platform makes: `/api`, as a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import is_below
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

ROUTER = "api-platform"  # of such endpoints
LOADER = "api_platform"  # what Symfony's routes call it


class ApiPlatformPrefixes:
    """Of `config/routes/api_platform.yaml`, or wherever else the routes are loaded."""

    def __init__(self, index: FactsIndex) -> None:
        loaded: set[tuple[str, str]] = set()
        told: dict[tuple[str, str], str] = {}
        for path, setting in index.of(SettingDefined):
            entry, _, last = setting.key.rpartition(".")
            if setting.source != "symfony" or last not in ("type", "prefix"):
                continue
            text = literal_text(setting.value) or ""
            if last == "prefix":
                told[path, entry] = text.strip("/")
            elif text == LOADER:
                loaded.add((path, entry))
        self._found = {
            path.partition("config/")[0].rstrip("/"): told.get((path, entry), "")
            for path, entry in sorted(loaded)
        }

    def of(self, path: str) -> str:
        folders = [folder for folder in self._found if is_below(path, folder)]
        return f"/{self._found[max(folders, key=len)]}".rstrip("/") if folders else ""
