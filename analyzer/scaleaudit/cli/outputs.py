"""`-o FORMAT=FILE`: checked before the scan, written after it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scaleaudit.cli.program import Failure
from scaleaudit.cli.words import REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse_outputs(values: Iterable[str], root: Path) -> list[tuple[str, Path]]:
    """Format and file of each; raises `Failure` for what could not be written."""
    found: dict[Path, str] = {}
    for value in values:
        name, equals, file = value.partition("=")
        if not equals or not file:
            raise Failure(f"--output {value}: write FORMAT=FILE, for instance json=report.json")
        if name not in REPORTS:
            raise Failure(f"--output {value}: unknown format {name}{_nearest(name)}")
        if file == "-":
            raise Failure(f"--output {value}: for standard output use --output-format {name}")
        path = Path(file)
        if path in found:
            raise Failure(f"--output {value}: {file} is named twice")
        check_writable(path, root)
        found[path] = name
    return [(name, path) for path, name in found.items()]


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, REPORTS, n=1, cutoff=0.5)
    return f", did you mean {near[0]}?" if near else f"; there are {', '.join(REPORTS)}"


def check_writable(path: Path, root: Path) -> None:
    """Better before a scan of minutes than after it.

    A link in the scanned folder may lead to any file of the user: one that leaves the folder is
    not written through.
    """
    try:
        if path.is_dir():
            raise Failure(f"{path} is a folder, not a file")
        if not path.parent.is_dir():
            raise Failure(f"no such folder: {path.parent}")
        here = Path(os.path.abspath(path))  # noqa: PTH100 - links must stay as they are
        inside = here.is_relative_to(os.path.abspath(root))  # noqa: PTH100
        if inside and not path.resolve().is_relative_to(root.resolve()):
            raise Failure(f"{path} is a link out of the scanned folder")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise Failure(f"{path}: cannot be written: Permission denied")
    except (OSError, ValueError, RuntimeError) as error:
        raise Failure(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def write(path: Path, text: str | bytes) -> None:
    try:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error
