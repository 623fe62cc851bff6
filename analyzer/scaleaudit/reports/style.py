"""How plain text is dressed for a terminal: width, colours, links."""

from __future__ import annotations

import unicodedata
from textwrap import TextWrapper

from scaleaudit.record import Record
from scaleaudit.reports.escaping import uri_path, visible

JOINED = "\ue000"  # a private character in place of a blank at which no line ends

CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


class Style(Record, frozen=True):
    """`links` is the URI of the scanned root with a slash at its end; empty: no hyperlinks."""

    color: bool = False
    links: str = ""
    width: int = 80

    def paint(self, text: str, *looks: str) -> str:
        if not self.color or not looks or not text:
            return text
        return f"\x1b[{';'.join(CODES[look] for look in looks)}m{text}\x1b[0m"

    def link(self, text: str, address: str) -> str:
        """OSC 8; terminals that do not know it show the text."""
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if self.links else text

    def file(self, text: str, path: str) -> str:
        """The text, leading to a file under the scanned root."""
        return self.link(text, self.links + uri_path(path))


def cells(text: str) -> int:
    """Columns that a terminal needs; the text must be free of escapes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def wrapped(
    text: str, width: int, first: str = "", rest: str | None = None, *, whole: str = ""
) -> list[str]:
    """The text as lines of at most `width`; words longer than that (paths) stay whole.

    A bullet stays with its first word. `whole`: the end of the text, which is not broken over two
    lines.
    """
    wrapper = TextWrapper(
        width=max(width, 20),
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    shown = visible(text)
    if shown.startswith("- "):
        shown = f"-{JOINED}{shown[2:]}"
    if whole and shown.endswith(whole):
        shown = shown.removesuffix(whole) + whole.replace(" ", JOINED)
    return [line.replace(JOINED, " ") for line in wrapper.wrap(shown)] or [first.rstrip()]
