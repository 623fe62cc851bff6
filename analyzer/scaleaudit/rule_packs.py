"""The packages of rules that are installed, by the entry points of their distributions.

`importlib.metadata` tells the same, and imports the readers of mail headers and archives to do so:
a tenth of a scan of an unchanged repository. It is asked only where the plain look finds nothing.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

GROUP = "scaleaudit.rules"
FILE_NAME = "entry_points.txt"


def installed_packs() -> list[ModuleType]:
    """The packages, imported, in the order of their names."""
    found = {pack for text in _lists() for pack in _packs(text)}
    if not found:
        from importlib.metadata import entry_points

        return [entry.load() for entry in sorted(entry_points(group=GROUP))]
    return [import_module(module) for _, module in sorted(found)]


def _lists() -> Iterator[str]:
    """What the distributions say of their entry points."""
    for folder in sys.path:
        names: list[str] = []
        with suppress(OSError):
            names = os.listdir(folder or ".")  # noqa: PTH208 - names only, no Path objects
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                yield _read(f"{folder or '.'}/{name}/{FILE_NAME}")


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - hundreds of folders
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


def _packs(text: str) -> Iterator[tuple[str, str]]:
    """Names and packages of one list: `[group]`, then `name = package` in each line."""
    if GROUP not in text:
        return
    group = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif group == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, module = line.partition("=")
            yield name.strip(), module.partition("[")[0].strip()
