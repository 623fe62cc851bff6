"""The words of sources that may be names of functions, each with its sign."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.facts import name_sign

if TYPE_CHECKING:
    import re

MAX_VOCABULARY = 50_000  # words of all files of a process that are remembered


class Vocabulary:
    """The words that may be names, by one pattern, with what each came to when it was first met."""

    def __init__(self, telling: re.Pattern[bytes]) -> None:
        self._telling = telling
        self._snake = telling.fullmatch(b"ab_cd") is not None
        self._signs: dict[bytes, bytes] = {}  # empty: no name of a function

    def signs(self, words: set[bytes]) -> dict[bytes, bytes]:
        """Those of the words that may be names of functions, with the sign of each."""
        known = self._signs
        if len(known) > MAX_VOCABULARY:
            known.clear()
        found = {}
        for word in (
            [word for word in words if b"_" in word]
            if self._snake
            else [word for word in words if not word.islower()]
        ):
            sign = known.get(word)
            if sign is None:
                told = self._telling.fullmatch(word) is not None
                sign = known[word] = name_sign(word) if told else b""
            if sign:
                found[word] = sign
        return found


@cache
def vocabulary(telling: re.Pattern[bytes]) -> Vocabulary:
    return Vocabulary(telling)
