"""Regular expressions that are compiled when first used.

Compiling costs a third of a millisecond, and of the hundreds in the tables of all languages and
file formats one scan uses a few dozen.
"""

from __future__ import annotations

import re
import string
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, AnyStr, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Compile = Callable[[str | bytes, int], re.Pattern[Any]]

T = TypeVar("T")

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


PLAIN = frozenset(string.ascii_letters + string.digits + "_-")
OPTIONAL = frozenset("?*{")  # what stands behind a letter that need not be there

_compilers: list[Compile] = [re.compile]


class _Later:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._written = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled: Any = _compilers[-1](*self._written)
        for method in METHODS:  # found here from now on, without this function
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, without compiling yet; a wrong pattern fails at its first use."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))


@contextmanager
def compiled_by(compile_one: Compile) -> Iterator[None]:
    """While the block runs, patterns that are used for the first time are made by this."""
    _compilers.append(compile_one)
    try:
        yield
    finally:
        _compilers.pop()


class FirstFit(Generic[T]):
    """`of(text)`: what the first pattern of a table stands for that fits the whole text.

    Only patterns that begin as the text does are compiled, and tried.
    """

    def __init__(self, table: Iterable[tuple[str, T]]) -> None:
        self._rows = [(beginnings(each), regex(rf"^(?:{each})$"), what) for each, what in table]

    def of(self, text: str) -> T | None:
        for begins, pattern, what in self._rows:
            if text.startswith(begins) and pattern.match(text) is not None:
                return what
        return None


def beginnings(pattern: str) -> tuple[str, ...]:
    """The letters with which a text must begin that fits: those of each choice of the pattern.

    The empty word, with which every text begins, for a choice that does not begin with letters.
    """
    return tuple(_first_letters(choice) for choice in _choices(pattern))


_PARTS = re.compile(r"\\.|\[\^?\]?[^\]]*\]|[()|]", re.DOTALL)  # escapes and sets are passed over


def _choices(pattern: str) -> Iterator[str]:
    depth = start = 0
    for part in _PARTS.finditer(pattern):
        if part[0] in ("(", ")"):
            depth += 1 if part[0] == "(" else -1
        elif part[0] == "|" and not depth:
            yield pattern[start : part.start()]
            start = part.end()
    yield pattern[start:]


def _first_letters(choice: str) -> str:
    length = next((n for n, each in enumerate(choice) if each not in PLAIN), len(choice))
    needed = length - 1 if choice[length : length + 1] in OPTIONAL else length
    return choice[: max(needed, 0)]
