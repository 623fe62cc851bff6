"""GitHub's name for a line of a file: the fingerprint by which code scanning follows an alert.

GitHub computes it itself and warns when a result brings another one. The definition: leave
blanks and tabs out, count every line ending as one line feed, put 65535 behind the last
character and zeros behind that; the hash of a line is the polynomial of the 100 UTF-16 units
from its start, base 37, modulo 2**64, in hexadecimal; behind a colon stands how many lines up
to this one have the same hash. (Specification by behaviour: github/codeql-action,
`src/fingerprints.ts`.)
"""

from __future__ import annotations

import sys
from array import array

WINDOW = 100  # UTF-16 units
BASE = 37
MASK = (1 << 64) - 1
END = 65535
LINE_FEED = 10


class LineHashes:
    """The hashes of one file's lines."""

    def __init__(self, content: bytes) -> None:
        text = content.decode("utf-8", "replace")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
        units = array("H")
        units.frombytes(text.encode(f"utf-16-{sys.byteorder[:1]}e", "surrogatepass"))
        starts = [0]
        starts += [at + 1 for at, unit in enumerate(units) if unit == LINE_FEED]
        units.append(END)
        units.extend([0] * WINDOW)
        self._units = units
        self._starts = starts

    def of(self, line: int) -> str | None:
        """`hash:count` of a 1-based line, None when the file has no such line."""
        if not 1 <= line <= len(self._starts):
            return None
        window = self._window(self._starts[line - 1])
        value = 0
        for unit in window:
            value = (value * BASE + unit) & MASK
        earlier = sum(1 for start in self._starts[:line] if self._window(start) == window)
        return f"{value:x}:{earlier}"

    def _window(self, start: int) -> array[int]:
        return self._units[start : start + WINDOW]
