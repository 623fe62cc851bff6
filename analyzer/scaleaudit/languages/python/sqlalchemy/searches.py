"""Classes that search their own table: `Order.get_by(code=x)`, `Order.filter(Order.code == x)`.

Active-record bases over a session give their heirs such methods, in files of their own; what they are
called and what they are given says enough: a verb with `by`, and columns as keywords.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.python.sqlalchemy.chains import Chain, started, take
from scaleaudit.languages.python.sqlalchemy.keywords import by_keywords
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.reach import Built, followed
from scaleaudit.languages.python.sqlalchemy.syntax import given, last_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

BY_NAMES = regex(
    rb"(?<![\w.])(?:\w+\.){0,2}([A-Z]\w*|cls)[\s\\]{0,40}\."
    rb"[\s\\]{0,40}((?:filter|get|find|first|one|all|exists|count|fetch|select|search)(?:_[a-z]+)?_by)"
    rb"\(\s*(?:[a-z]\w*\s*=[^=]|\*\*)"
)
# Of the class's own columns, also within `or_(`.
BY_COLUMNS = regex(
    rb"(?<![\w.])((?:\w+\.){0,2}[A-Z]\w*)[\s\\]{0,40}\.[\s\\]{0,40}(?:filter|where)\("
    rb"\s*(?:\w+\(\s*){0,2}\(*\1\.[a-z_]"
)
# `get_one(session, Order, code=code)`: functions in the manner of SQLAlchemy's recipes.
OF_CLASS = regex(
    rb"(?<![\w.])(?:(?:get|find|fetch)_(?:one|first|object|instance|row)(?:_or_(?:create|none|404))?"
    rb"|get_or_(?:create|none)|(?:first|one)_or_none)"
    rb"\(\s*(?:(?:\w+\.)?\w+,\s*)?((?:\w+\.)?[A-Z]\w*),\s*(?:[a-z]\w*\s*=[^=])"
)
PATTERNS = (
    (BY_NAMES, (b"_by(",)),
    (BY_COLUMNS, (b".filter(", b".where(")),
    (OF_CLASS, (b"_one", b"_or_", b"_first", b"_object", b"_instance", b"_row")),
)
ONE = frozenset({"get", "first", "one", "exists"})
# Keywords of such methods that are no columns.
NO_COLUMNS = frozenset(
    {"session", "db", "db_session", "commit", "flush", "defaults", "create_method",
     "create_method_kwargs", "on_multiple", "constraint"}
)  # fmt: skip
MAX_FOUND = 400  # of one file


def searched(content: bytes) -> bool:
    """Whether a class of the file is asked by columns, without a query before it."""
    return next(found(content), None) is not None


def found(content: bytes) -> Iterator[int]:
    for pattern, words in PATTERNS:
        if any(word in content for word in words):
            for match in pattern.finditer(content):
                yield match.start(1)


def searches(reader: PythonReader) -> Iterator[tuple[Node, Built]]:
    """(the first word, the chain that begins with it)."""
    for _, at in zip(range(MAX_FOUND), sorted(set(found(reader.content))), strict=False):
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        of: Node | None = leaf
        while of is not None and of.parent is not None and of.parent.type == "attribute":
            above = of.parent.parent
            if above is not None and above.type == "call":
                break
            of = of.parent
        model = class_of(reader, of)
        if leaf is None or of is None or not model or leaf.start_byte != at:
            continue
        chain = started(reader, model)
        chain.reading = by_columns
        handed = of.parent if of.parent is not None else of
        if handed.type == "argument_list" and handed.parent is not None:
            narrowed(chain, handed.parent)
            chain.limited = chain.ended = True
            of = handed.parent
        yield leaf, followed(reader, chain, of)


def by_columns(chain: Chain, call: Node) -> None:
    """As SQLAlchemy's own methods, and those that are called after what they take."""
    verb, _, rest = last_name(chain.to.reader, call).partition("_")
    if not rest.endswith("by") or (verb, rest) in (("order", "by"), ("group", "by")):
        take(chain, call)
        return
    narrowed(chain, call)
    if verb in ONE:
        chain.limited = chain.ended = True
    chain.aggregate = chain.aggregate or verb == "count"


def narrowed(chain: Chain, call: Node) -> None:
    """By the keywords of the call that are columns."""
    given_ = given(call, chain.to.reader)
    columns = {name: each for name, each in given_.keywords.items() if name not in NO_COLUMNS}
    by_keywords(chain, replace(given_, keywords=columns))
