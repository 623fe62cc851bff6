"""Configuration repositories that stand outside of the scanned one, as the user names them.

Their settings are read as if a configuration server handed them out: nothing else of them counts.
The paths of their files begin with `config-repo:<name of the folder>/`, so that no report takes
them for files of the scanned repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.config import Config
from scaleaudit.config_files.settings import SERVED_PROPERTIES, SERVED_YAML
from scaleaudit.discovery import Unreadable, discover, read_bounded
from scaleaudit.file_marks import digest_of
from scaleaudit.source import OUTSIDE, Role, Skipped, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MAX_FILES = 5_000  # of one repository; all are kept in memory
MAX_BYTES = 64 << 20  # the same
_KINDS = {".yml": SERVED_YAML, ".yaml": SERVED_YAML, ".properties": SERVED_PROPERTIES}


def read_config_repositories(
    roots: Sequence[Path], max_size: int, taken: Iterable[str] = ()
) -> tuple[list[SourceFile], list[Skipped]]:
    """The settings files of these folders with their content, and what was left out with reasons.

    `taken`: the paths of the scanned repository, which no path of these may look like.
    """
    used = {path.partition("/")[0] for path in taken if path.startswith(OUTSIDE)}
    files: list[SourceFile] = []
    skipped: list[Skipped] = []
    for root in roots:
        name = _free(f"{OUTSIDE}{root.resolve().name}", used)
        used.add(name)
        _read(root, name, max_size, files, skipped)
    return files, skipped


def _free(name: str, used: set[str]) -> str:
    count = 1
    free = name
    while free in used:
        count += 1
        free = f"{name}-{count}"
    return free


def _read(
    root: Path, name: str, max_size: int, files: list[SourceFile], skipped: list[Skipped]
) -> None:
    found = discover(root, Config(max_file_size=max_size), _kind)
    skipped += [structs.replace(each, path=f"{name}/{each.path}") for each in found.skipped]
    left = MAX_BYTES
    for count, file in enumerate(found.files):
        if count >= MAX_FILES or left <= 0:
            much = f"more than {MAX_FILES} files" if left > 0 else f"more than {MAX_BYTES} bytes"
            skipped.append(Skipped(name, f"{much}; the rest was not read"))
            return
        path = f"{name}/{file.path}"
        try:
            content = read_bounded(root, file.path, max_size)
        except Unreadable as error:
            skipped.append(Skipped(path, str(error)))
            continue
        left -= len(content)
        files.append(SourceFile(path, file.kind, Role.SOURCE, digest_of(content), content))


def _kind(path: str) -> str | None:
    name = path.rpartition("/")[2]
    return _KINDS.get(name[name.rfind(".") :].lower()) if "." in name else None
