"""What regular expressions compile to, kept beside Python's own bytecode.

Python keeps what modules compile to, but not what the expressions in them do: those that one scan uses
take it a tenth of a second, as much as a scan of a hundred small files. The file stands in the
`__pycache__` of this module, is written where Python may write bytecode, and trusted as that is.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

Key: TypeAlias = "tuple[str | bytes, int]"
Code: TypeAlias = "tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]"

MAX_KEPT = 8_000  # expressions; all tables together hold some 2,700
WORDS = "I"  # of the machine that searches: 32 bits each


class Codes:
    """What is known of earlier processes, and what this one found out."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known = _read(path)
        self._fresh: dict[Key, Code] = {}

    def compiled(self, pattern: str | bytes, flags: int) -> re.Pattern[Any]:
        key = pattern, int(flags)
        known = self._known.get(key)
        if known is not None:
            with suppress(RuntimeError, ValueError, TypeError, OverflowError):  # a damaged file
                return _machine(pattern, known)
        code = self._fresh.get(key) or _translated(pattern, int(flags))
        if code is None:
            return re.compile(pattern, flags)
        if not self._fresh:
            atexit.register(self.keep)
        self._fresh[key] = code
        return _machine(pattern, code)

    def lend(self, pattern: str) -> None:
        """What others compile by `re.compile` is found there, where it keeps what it compiled last."""
        last = getattr(re, "_cache", None)
        if isinstance(last, dict):
            last[str, pattern, 0] = self.compiled(pattern, 0)

    def keep(self) -> None:
        """For later processes, with what others kept in the meantime."""
        if not self._fresh or sys.dont_write_bytecode or not self._path:
            return
        known = _read(self._path)
        whole = known | self._fresh if len(known) < MAX_KEPT else self._fresh
        own = f"{self._path}.{os.getpid()}"
        try:
            with open(own, "xb") as file:  # noqa: PTH123 - pathlib is not needed to start
                marshal.dump((_form(), whole), file)
            os.replace(own, self._path)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                os.unlink(own)  # noqa: PTH108


@cache
def codes() -> Codes:
    """Those of this process."""
    cached = __spec__.cached
    return Codes(cached.removesuffix(".pyc") + ".codes" if cached else "")


def _form() -> tuple[str, int]:
    return sys.version, import_module("_sre").MAGIC


def _read(path: str) -> dict[Key, Code]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            form, known = marshal.load(file)  # as trusted as bytecode is
    except (OSError, EOFError, ValueError, TypeError, MemoryError):
        return {}
    return known if form == _form() else {}


def _machine(pattern: str | bytes, code: Code) -> re.Pattern[Any]:
    """What searches; raises for what no compiler made."""
    all_flags, words, groups, by_name, names = code
    made: re.Pattern[Any] = import_module("_sre").compile(
        pattern, all_flags, array(WORDS, words).tolist(), groups, by_name, names
    )
    return made


def _translated(pattern: str | bytes, flags: int) -> Code | None:
    """None where this Python keeps its compiler elsewhere."""
    try:
        parsed: Any = import_module("re._parser").parse(pattern, flags)
        words = import_module("re._compiler")._code(parsed, flags)
        state = parsed.state
        names: list[str | None] = [None] * state.groups
        for name, number in state.groupdict.items():
            names[number] = name
        return (
            flags | state.flags,
            array(WORDS, words).tobytes(),
            state.groups - 1,
            dict(state.groupdict),
            tuple(names),
        )
    except (ImportError, AttributeError):
        return None
