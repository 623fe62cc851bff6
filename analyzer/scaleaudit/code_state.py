"""Short texts that change when code does: what results were made by, told without reading it.

Sizes and times of modules stand for them, and the names of installed distributions, which hold
their versions, for what they bring.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = os.path.dirname(__file__)  # noqa: PTH120 - hundreds of paths
CODE = (".py", ".scm")
PAGES = (".md",)
DISTRIBUTIONS = (".dist-info", ".egg-info")
READERS = ("tree_sitter", "sqlglot")


@cache
def extractor_version() -> str:
    """Changes when the code of any extractor or a grammar changes, so that old facts are dropped."""
    inner = ("facts", "languages", "config_files", "schemas", "sql")
    return _version([HERE], [os.path.join(HERE, name) for name in inner])  # noqa: PTH118


@cache
def code_version() -> str:
    """Changes when any code of scaleaudit changes, rules apart."""
    return _version([], [HERE])


@cache
def folder_version(folder: str) -> str:
    """Changes when a module of the folder changes; raises `OSError`."""
    return _version([folder], [])


def installed_version(packages: Sequence[str]) -> str:
    """Changes when scaleaudit, the packages of rules in these folders, or what is installed does.

    Raises `OSError`.
    """
    state = hashlib.sha1(code_version().encode(), usedforsecurity=False)
    for folder in packages:
        _look_below(folder, state, CODE + PAGES)
    for path in distributions():
        state.update(path.encode("utf-8", "surrogateescape"))
        try:
            info = os.stat(f"{path}/entry_points.txt")  # noqa: PTH116 - hundreds
        except OSError:
            continue
        state.update(f" {info.st_size} {info.st_mtime_ns}\n".encode())
    return state.hexdigest()


def distributions() -> list[str]:
    """The folders with what installed distributions say of themselves."""
    found = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - names only, no Path objects
        except OSError:
            continue
        found += [
            f"{folder or '.'}/{name}" for name in sorted(names) if name.endswith(DISTRIBUTIONS)
        ]
    return found


def _version(folders: Sequence[str], whole: Sequence[str]) -> str:
    """Of the code in `folders`, and of that in `whole` with all folders below."""
    state = hashlib.sha1(sys.version.encode(), usedforsecurity=False)
    for folder in folders:
        _look(folder, state, CODE)
    for folder in whole:
        _look_below(folder, state, CODE)
    for path in distributions():
        name = path.rpartition("/")[2]
        if name.startswith(READERS):
            state.update(name.encode("utf-8", "surrogateescape"))
    return state.hexdigest()[:16]


def _look_below(folder: str, state: hashlib._Hash, kinds: tuple[str, ...]) -> None:
    waiting = [folder]
    while waiting:
        waiting.extend(reversed(_look(waiting.pop(), state, kinds)))


def _look(folder: str, state: hashlib._Hash, kinds: tuple[str, ...]) -> list[str]:
    """Adds the sizes and times of a folder's code; the folders inside it."""
    inner = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            name = entry.name
            if name.endswith(kinds):
                info = entry.stat()
                state.update(f"{name} {info.st_size} {info.st_mtime_ns}\n".encode())
            elif "." not in name and name != "__pycache__" and entry.is_dir():
                inner.append(entry.path)
    return inner
