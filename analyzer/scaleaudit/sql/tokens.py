"""Words of a definition with their lines: enough to read what defines tables, in any dialect."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TOKENS = 60_000  # of one statement

_TOKEN = regex(
    r"""
    (?P<skip>\s+|--[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*(?:\*/|$)|\#[ \t][^\n]*)
  | (?P<name>"(?:[^"]|"")*+"|`[^`]*+`|\[[A-Za-z_][\w $]*+\])
  | (?P<string>'(?:[^'\\]|''|\\.){0,5000}+'|\$(?P<tag>[A-Za-z_]\w*)?\$(?:.{0,5000}?\$(?P=tag)?\$)?)
  | (?P<word>[^\W\d][\w$]*+)
  | (?P<number>\d[\w.]*+)
  | (?P<mark>::|->>?|[<>!]=|<>|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    WORD = auto()
    NAME = auto()  # quoted: never a keyword
    STRING = auto()
    NUMBER = auto()
    MARK = auto()


_KINDS = {"word": Kind.WORD, "name": Kind.NAME, "string": Kind.STRING, "number": Kind.NUMBER,
          "mark": Kind.MARK, "tag": Kind.STRING}  # fmt: skip


NAMES_OF_TYPES = {Kind.WORD, Kind.NAME, Kind.NUMBER}


class Token(NamedTuple):
    """`text` is upper case for a word, without quotes for a name; `written` as in the source."""

    kind: Kind
    text: str
    written: str
    at: Span

    @property
    def is_name(self) -> bool:
        return self.kind in (Kind.WORD, Kind.NAME)

    @property
    def name(self) -> str:
        """As a column or table: unquoted names are lower case, as most engines fold them."""
        return self.text.lower() if self.kind is Kind.WORD else self.text


def tokens(text: str, first_line: int = 1) -> list[Token]:
    """The words of a statement without comments; at most `MAX_TOKENS`."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = _KINDS.get(match.lastgroup or "")
        if kind is None:
            continue
        written = match[0]
        if kind is Kind.WORD:
            shown = written.upper()
        elif kind is Kind.NAME:
            shown = written[1:-1]
        else:
            shown = written
        row = bisect_right(starts, match.start())
        at = Span(first_line + row - 1, match.start() - starts[row - 1] + 1)
        found.append(Token(kind, shown, written, at))
        if len(found) == MAX_TOKENS:
            break
    return found


class Reader:
    """Goes through tokens, one way; asking past the end gives an empty mark."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self.position = 0

    @property
    def here(self) -> Token:
        return self.ahead(0)

    def ahead(self, count: int) -> Token:
        at = self.position + count
        return self.tokens[at] if at < len(self.tokens) else _NOTHING

    @property
    def done(self) -> bool:
        return self.position >= len(self.tokens)

    def take(self) -> Token:
        token = self.here
        self.position += 1
        return token

    def words(self, *wanted: str) -> bool:
        """Take these words if they come next, in this order and unquoted."""
        for offset, word in enumerate(wanted):
            token = self.ahead(offset)
            if token.kind not in (Kind.WORD, Kind.MARK) or token.text != word:
                return False
        self.position += len(wanted)
        return True

    def any_of(self, *wanted: str) -> str:
        """Take one of these words if it comes next."""
        for word in wanted:
            if self.words(word):
                return word
        return ""

    def table(self) -> str:
        """A table's bare name in lower case, after any prefix."""
        return self.spelled_table().lower()

    def spelled_table(self) -> str:
        """The same with the capitals of a name in quotes."""
        return self._last_name().rpartition(".")[2]

    def index_name(self) -> str:
        """The name of an index or key in lower case; in quotes it may hold dots."""
        return self._last_name().lower()

    def _last_name(self) -> str:
        name = self.take().name
        while self.here.text == "." and self.here.kind is Kind.MARK:
            self.take()
            name = self.take().name
        return name

    def group(self) -> list[Token]:
        """What stands in the parentheses that open here; empty when none do."""
        if not self.words("("):
            return []
        inside: list[Token] = []
        depth = 1
        while not self.done:
            token = self.take()
            if token.kind is Kind.MARK:
                depth += {"(": 1, ")": -1}.get(token.text, 0)
                if depth == 0:
                    break
            inside.append(token)
        return inside


_NOTHING = Token(Kind.MARK, "", "", Span(0))


def split(found: Sequence[Token]) -> Iterator[list[Token]]:
    """The parts between commas outside of parentheses."""
    part: list[Token] = []
    depth = 0
    for token in found:
        if token.kind is Kind.MARK:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if token.text == "," and depth == 0:
                yield part
                part = []
                continue
        part.append(token)
    if part:
        yield part


def joined(found: Sequence[Token]) -> str:
    """SQL text of tokens in one normal form: lower case, no casts, no needless parentheses."""
    parts: list[str] = []
    cast = False
    for token in found:
        if token.text == "::":
            cast = True
            continue
        if cast and (token.kind in NAMES_OF_TYPES or token.text in ("[", "]", ".")):
            continue
        cast = False
        parts.append(token.written if token.kind is Kind.STRING else token.text.lower())
    text = " ".join(parts)
    text = re.sub(r" ?([().,]|->>?) ?", r"\1", text)
    for _ in range(3):
        text = re.sub(r"(?<![\w])\(((?:\w+|\([^()]*\)))\)", r"\1", text)
    return re.sub(r"\)(?=\w)", ") ", re.sub(r"(?<=\w )\((?=\w)", "(", text)).strip()
