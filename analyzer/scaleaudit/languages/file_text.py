"""The bytes of one file, with quick answers to whether something is written in them.

Each word of a file once is a fifth of the file, and next to all that is asked for is not there: it
is looked for among the words first.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import ClassVar

LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_WORD = re.compile(rb"\w+")


class FileText:
    """What every reader knows of its file before it looks at the tree."""

    SIGILS: ClassVar[bytes] = b""  # signs that make a variable of the word behind them

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._said: dict[bytes, bool] = {}
        self._mentions: dict[str, bool] = {}

    @cached_property
    def words_in_place(self) -> bytes:
        """The file with blanks for everything that is no word."""
        return words_only(self.content, self.SIGILS)

    @cached_property
    def words(self) -> set[bytes]:
        return set(self.words_in_place.split())

    @cached_property
    def each_word(self) -> bytes:
        """Every word of the file once, in no order."""
        return b" ".join(self.words)

    @cached_property
    def words_in_small_letters(self) -> bytes:
        """The same in small letters."""
        return self.each_word.lower()

    def says(self, *texts: bytes) -> bool:
        """Whether one of some texts stands anywhere in the file; each is looked for once a file."""
        for text in texts:
            known = self._said.get(text)
            if known is None:
                known = self._said[text] = (
                    longest_word(text) in self.each_word and text in self.content
                )
            if known:
                return True
        return False

    def mentions(self, words: str) -> bool:
        """Whether a regular expression is found anywhere in the file; searched once a file."""
        known = self._mentions.get(words)
        if known is None:
            known = self._mentions[words] = re.search(words.encode(), self.content) is not None
        return known


def words_only(content: bytes, sigils: bytes = b"") -> bytes:
    return content.translate(_as_words(sigils))


@cache
def _as_words(sigils: bytes) -> bytes:
    kept = LETTERS + sigils
    return bytes(each if each in kept else ord(" ") for each in range(256))


@cache
def longest_word(text: bytes) -> bytes:
    """The longest word of a text; nothing for signs alone."""
    return max(_WORD.findall(text), key=len, default=b"")
