"""Names that say of a text that it is an address: what is worth following from file to file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.file_text import FileText

TELLING = regex(
    r"(?i)ur[li]s?(?![a-z])|hosts?(name)?(?![a-z])|addr|endpoint|origin|upstream|base_?path"
    r"|target|server|service|domain|dsn|gateway|(^|_)base(?![a-z])|api_?(root|base|prefix|path|version)|(route|global|path)_?prefix"
)
# The same words, and what texts put together of an address and a path look like.
SCHEME = b"://"
WORDS = (b"url", b"uri", b"host", b"addr", b"endpoint", b"upstream", b"_base", b"base_")
SHAPES = (b'f"{', b"f'{", b"`${", b'+ "/', b"+ '/", b'+"/', b"+'/", b"+ f")
# Where addresses come from; a file without any of these has none to hand on.
ORIGINS = (
    b"://", b"environ", b"getenv", b".env", b"onfig", b"ettings", b"URL", b"HOST", b"Getenv",
    b"flag.String",
)  # fmt: skip
# At the start of a line: no call that hands anything on.
NO_CALLS = (b"def ", b"async def ", b"import ", b"from ", b"class ", b"#", b"//", b"*", b"export *",
            b"function ", b"func ")  # fmt: skip
MAX_PLACES = 2_000  # of one file
MAX_LINE = 2_000
ADDRESS = regex(r"^[\w+.-]*://|^[\w.-]+:\d{2,5}(/|$)")
MAX_ARGUMENTS = 8  # of one call


def telling(name: str) -> bool:
    return TELLING.search(name) is not None


def may_be_address(value: Value, *, in_table: bool = False) -> bool:
    """Whether a value that is handed on, or kept in a table, may be (part of) an address."""
    match value:
        case Setting() | Parameter():
            return True
        case Literal(text=text):
            return len(text) <= 500 and ADDRESS.search(text) is not None
        case Join(parts=parts):
            first = parts[0]
            if isinstance(first, Literal):
                return ADDRESS.search(first.text) is not None
            return may_be_address(first, in_table=in_table)
        case Name(name=name):
            return telling(name) or (not in_table and name.isupper())
        case OneOf(choices=choices):
            return any(may_be_address(each, in_table=in_table) for each in choices)
        case Unknown():
            return False


def telling_places(file: FileText) -> Iterator[int]:
    """Offsets of words that are about addresses, at most one a line, in no order.

    Plain searches for a few words are many times faster than one expression for all of them.
    """
    if not has_addresses(file):
        return
    content, written = file.content, file.words_in_small_letters
    lowered = content.lower()
    words = [word for word in WORDS if word in written]
    seen: set[int] = set()
    for text, sought in ((lowered, (SCHEME, *words)), (content, SHAPES)):
        for word in sought:
            at = text.find(word)
            while at >= 0 and len(seen) < MAX_PLACES:
                start = text.rfind(b"\n", max(0, at - MAX_LINE), at) + 1
                end = text.find(b"\n", at, at + MAX_LINE)
                end = end if end >= 0 else at + MAX_LINE
                if start not in seen:
                    line = text[start:at].lstrip()
                    if not line.startswith(NO_CALLS):
                        seen.add(start)
                        yield at
                at = text.find(word, max(end, at + 1))


def has_addresses(file: FileText) -> bool:
    """Whether a file may hold an address or read one."""
    return file.says(*ORIGINS)
