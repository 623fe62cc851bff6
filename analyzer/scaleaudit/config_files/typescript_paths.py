"""`tsconfig.json`: short names for folders, which imports of a workspace begin with."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import lines_in, text_of
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.json_entries import JsonEntry

SOURCE = "tsconfig"
MAX_ALIASES = 500
EVERY = "*"  # any module that has no name of its own: it lies below `baseUrl`


def extract(content: bytes) -> FileFacts:
    """One setting for each name: its key as imports write it, its value as seen from the file."""
    entries, problem = read_json(text_of(content))
    facts = tuple(_aliases(entries))[:MAX_ALIASES]
    return FileFacts(facts, problem=problem if facts else "", lines=lines_in(content))


def _aliases(entries: list[JsonEntry]) -> Iterator[SettingDefined]:
    root = next((e for e in entries if e.path == ("compilerOptions", "baseUrl")), None)
    base = root.value if root is not None else "."
    if root is not None and base and not base.startswith("/"):
        yield SettingDefined(Span(root.line), EVERY, Literal(normpath(f"{base}/*")), SOURCE)
    for entry in entries:
        path = entry.path
        if path[:2] == ("compilerOptions", "paths") and len(path) == 4 and path[3] == "0":
            target = normpath(f"{base or '.'}/{entry.value}") if entry.value else ""
            if target and not target.startswith("/"):
                yield SettingDefined(Span(entry.line), path[2], Literal(target), SOURCE)
