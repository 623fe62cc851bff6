"""Where in the bytes of a file queries of peewee or Tortoise may begin, and what tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.signs import narrows
from scaleaudit.languages.python.sqlalchemy.starts import CLASS_BEFORE, MAX_BEFORE, places
from scaleaudit.languages.python.sqlalchemy.starts import spoken as sqlalchemy_spoken
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.python.reader import PythonReader

SPOKEN = (b"peewee", b"playhouse", b"tortoise")  # of which a file with models names one
PEEWEE = (
    b"select update delete get get_or_none create bulk_create insert insert_many insert_from replace"
    b" replace_many get_or_create"
).split()
TORTOISE = (
    b"filter exclude get get_or_none all create bulk_create get_or_create first update_or_create"
    b" annotate exists latest earliest"
).split()
MAKING = (b"create", b"get_or_create")
# What has classes with such methods of its own; an `await` is Tortoise's.
OTHERS = (b"tortoise", b"django", b"sqlalchemy", b"mongoengine", b"await ")
MARKS = (b"peewee", b"playhouse", b".select(", b").where(")
BY_EXPRESSION = regex(rb"\.get(?:_or_none)?\(\s{0,20}\(*[A-Z]\w*\.")
MAX_STARTS = 2_000


def may_be_peewee(reader: PythonReader) -> bool:
    """Whether a file may go on with queries of peewee's that other files begin."""
    if not reader.says(b".where(") or sqlalchemy_spoken(reader):
        return False
    return reader.says(b"peewee") or narrows(reader)


def starts(reader: PythonReader) -> list[tuple[int, str]]:
    """The last word of a class's name, and the method that is called on it."""
    content = reader.content
    words: dict[bytes, None] = {}
    if reader.says(*MARKS) or BY_EXPRESSION.search(content) is not None:
        words.update(dict.fromkeys(PEEWEE))
        if reader.says(b"peewee", b"playhouse"):
            words[b"filter"] = None  # elsewhere it is Tortoise's
    elif not reader.says(*OTHERS):
        words.update(dict.fromkeys(MAKING))  # of models that another file declares
    if reader.says(b"tortoise", b"await "):
        words.update(dict.fromkeys(TORTOISE))
    found: list[tuple[int, str]] = []
    for word in words:
        for at in places(content, b"." + word + b"("):
            start = max(0, at - MAX_BEFORE)
            before = CLASS_BEFORE.search(content[start : at + 1])
            if before is not None:
                found.append((start + before.start(1), word.decode()))
    return sorted(found)[:MAX_STARTS]
