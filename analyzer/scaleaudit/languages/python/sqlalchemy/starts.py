"""Where in the bytes of a file queries may begin; plain searches, since every file is looked at."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.python.reader import PythonReader

MARKS = (b"sqlmodel", b"ession.add")
OF_EXTENSION = (b"db.session", b"db.add")  # Flask-SQLAlchemy
PEEWEE = regex(rb"(?m)^\s*(?:from|import)\s+(?:peewee|playhouse)\b")
ASKED = regex(rb"query\(\s*(?:[\w.]*[A-Z]|cls\b)|query[\s\\]*\.")
CLASS_BEFORE = regex(rb"(?<![\w.])(?:\w+\.)*([A-Z]\w*|cls|model|self)[\s\\]{0,40}\.\Z")
CALLED = regex(rb"query\s*\(")
GOES_ON = regex(rb"query[\s\\]*\.\s*\w")  # also on the next line, behind a backslash
# `query = Order.query`, `for order in Order.query:`
KEPT = regex(rb"query[ \t]*(?:[\n#),\]:]|(?:if|for)\s|\Z)")
FUNCTIONS = (b"select(", b"update(", b"delete(", b"exists(", b"Query(")
RELATED = (b".filter(", b".where(")
RELATION = regex(rb"(?:^|[^\w.\"'])(?:[a-z_]\w*\.){1,3}([a-z]\w*)\Z")
NO_RELATIONS = frozenset({b"query", b"session", b"objects", b"db"})
BEGUN = (b"query.", b"q.", b"qs.", b"stmt.", b"statement.")
NARROWED = regex(rb"\w+\.(?:filter|where|filter_by|join|outerjoin|order_by)\(")
OWN = regex(
    rb"\bself\.(\w*(?:statement|query|select|stmt)\w*)\(\s*[^()\n]{0,80}\)\s*\."
    rb"\s*(?:where|filter|filter_by|join|outerjoin|order_by|options)\("
)
NAME_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
QUOTES = frozenset(b"\"'")
MAX_BEFORE = 80
MAX_STARTS = 2_000


class Form(Enum):
    SESSION = "session.query(Order)"
    CLASS = "Order.query."
    FUNCTION = "select(Order)"
    RELATION = "order.lines.filter(Line.sku == 1)"
    OWN = "self.base_query().where(Order.x == 1)"
    BEGUN = "query.filter(Order.x == 1)"  # by somebody else


def spoken(reader: PythonReader) -> bool:
    """Whether the file has to do with SQLAlchemy at all."""
    content = reader.content
    named = reader.says(b"peewee", b"playhouse")
    if named and PEEWEE.search(content) is not None and b"sqlalchemy" not in content.lower():
        return False
    if names_library(reader) or reader.says(*MARKS) or says_db(reader, OF_EXTENSION):
        return True
    return reader.says(b".query") and ASKED.search(content) is not None


def names_library(reader: PythonReader) -> bool:
    return reader.says(b"lchemy") and reader.says(b"sqlalchemy", b"SQLAlchemy")


def says_db(reader: PythonReader, words: tuple[bytes, ...]) -> bool:
    """Of words that all begin with `db.`, which hardly any file has."""
    return reader.says(b"db.") and reader.says(*words)


@lru_cache(maxsize=1)  # for the queries of a file, and for its loops
def starts(content: bytes) -> list[tuple[int, Form]]:
    """The place of a name and what it may begin, in order."""
    found = [*sessions(content), *functions(content), *relations(content), *begun(content)]
    if b"self." in content:
        found += [(match.start(1), Form.OWN) for match in OWN.finditer(content)]
    return sorted(found, key=lambda each: each[0])[:MAX_STARTS]


def places(content: bytes, word: bytes) -> Iterator[int]:
    at = content.find(word)
    while at >= 0:
        yield at
        at = content.find(word, at + len(word))


def sessions(content: bytes) -> Iterator[tuple[int, Form]]:
    for at in places(content, b".query"):
        if CALLED.match(content, at + 1) is not None:
            yield at + 1, Form.SESSION
        elif any(each.match(content, at + 1) is not None for each in (GOES_ON, KEPT)):
            before = CLASS_BEFORE.search(content[max(0, at - MAX_BEFORE) : at + 1])
            if before is not None:
                yield max(0, at - MAX_BEFORE) + before.start(1), Form.CLASS


def functions(content: bytes) -> Iterator[tuple[int, Form]]:
    for word in FUNCTIONS:
        for at in places(content, word):
            before = content[at - 1] if at else 0
            if before not in NAME_BYTES and before not in QUOTES:
                yield at, Form.FUNCTION


def relations(content: bytes) -> Iterator[tuple[int, Form]]:
    for word in RELATED:
        for at in places(content, word):
            start = max(0, at - MAX_BEFORE)
            before = RELATION.search(content[start:at])
            if before is not None and before[1] not in NO_RELATIONS:
                yield start + before.start(1), Form.RELATION


def begun(content: bytes) -> Iterator[tuple[int, Form]]:
    for word in BEGUN:
        for at in places(content, word):
            before = content[at - 1] if at else 0
            alone = before not in NAME_BYTES and before != ord(".")
            if alone and NARROWED.match(content, at) is not None:
                yield at, Form.BEGUN
