"""Where a configuration server takes its files from: folders of this repository, or other ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below, resolve_path
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

# Of git, svn and composite back ends; `native` reads folders alone.
LOCATION = regex(
    r"springcloudconfigserver(?:git|svn|composite)\w*?(?:uri|searchpaths)"
    r"|springcloudconfigserver(?:native|composite)\w*?searchlocations"
)
_SCHEME = regex(r"^(?:classpath\*?:|file:|optional:)+/*")
_REMOTE = regex(r"^(?!file:)(?:[a-z+]+://(?!/)|[\w.-]+@[\w.-]+:)")
_HOLES = regex(r"\{[^{}]*\}")
MAX_LOCATIONS = 50


class ConfigLocations:
    """The folders that one server's settings name; `around` finds the one that holds a file."""

    def __init__(self, index: FactsIndex, server: Component, settings_files: Iterable[str]) -> None:
        self._folders = {folder_of(path) for path in settings_files}
        self._mounts = dict(mounts(server))
        named: list[str] = []
        for text in _texts(index, server):
            for part in text.split(",")[:MAX_LOCATIONS]:
                named += self._named_folders(part.strip())
        self._named = [each for each in dict.fromkeys(named) if each][:MAX_LOCATIONS]

    def around(self, path: str) -> str | None:
        """The outermost folder around a file that the server hands out; None for no such."""
        parts = folder_of(path).split("/")
        for end in range(1, len(parts) + 1):
            folder = "/".join(parts[:end])
            if any(folder == name or folder.endswith(f"/{name}") for name in self._named):
                return folder
        return None

    def names(self, folder: str) -> bool:
        """One of its locations is this very folder."""
        return any(folder == name or folder.endswith(f"/{name}") for name in self._named)

    def mounted(self, folder: str) -> str | None:
        """What of the deploying machine stands at a folder of the server's container."""
        for target, source in self._mounts.items():
            if is_below(folder.rstrip("/"), target):
                return source
        return None

    def is_here(self, text: str) -> bool:
        """A location is some folder of settings in this repository."""
        if _REMOTE.match(text):
            return False
        return any(
            folder == name or folder.endswith(f"/{name}") or folder.startswith(f"{name}/")
            for name in self._named_folders(text)
            for folder in self._folders
        )

    def _named_folders(self, text: str) -> Iterator[str]:
        """Endings of paths, from the whole path as far as it is known to its last folder."""
        if not text or _REMOTE.match(text):
            return
        source = self.mounted(_SCHEME.sub("/", text)) if "classpath" not in text else None
        path = source if source is not None else _SCHEME.sub("", text)
        plain = _HOLES.sub("", path.replace("$", "")).replace("\\", "/")
        parts: list[str] = []
        for part in plain.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", ".", "*", "**"):
                parts.append(part)
        if parts:
            yield "/".join(parts)
            yield parts[-1]


def _texts(index: FactsIndex, server: Component) -> Iterator[str]:
    for path, setting in index.of(SettingDefined):
        if setting.source != "spring" or not is_below(path, server.root or ""):
            continue
        if LOCATION.match(relaxed(setting.key)):
            yield text_with_holes(setting.value)
    for workload in server.workloads:
        for name, (value, _) in workload.environment.items():
            if value is not None and LOCATION.match(relaxed(name)):
                yield text_with_holes(value)


def mounts(server: Component) -> Iterator[tuple[str, str]]:
    """Folder in the container -> folder of the repository, or as written when it is outside."""
    for workload in server.workloads:
        for volume in workload.fact.volumes:
            source, _, target = volume.partition(":")
            if target and "/" in source:
                here = "" if source.startswith(("/", "~", "$", "{")) else source
                inside = resolve_path(folder_of(workload.path), here) if here else None
                yield target.rstrip("/"), inside or source
