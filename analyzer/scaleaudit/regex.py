"""Regular expressions that are compiled when first used.

Compiling costs a third of a millisecond, and of the hundreds in the tables of all languages and
file formats one scan uses a few dozen.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class _Later:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._written = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled: Any = re.compile(*self._written)
        for method in METHODS:  # found here from now on, without this function
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, without compiling yet; a wrong pattern fails at its first use."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))
