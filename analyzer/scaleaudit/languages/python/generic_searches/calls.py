"""Calls that may be searches of a base's: `orders.get_by(session, code=code)`, `Order.find(code=code)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import OF_ANY, SearchCalled
from scaleaudit.languages.file_text import words_only
from scaleaudit.languages.mentions import WORD
from scaleaudit.languages.python.generic_searches.behind import class_behind, is_class
from scaleaudit.languages.python.generic_searches.definitions import is_repository
from scaleaudit.languages.python.sqlalchemy.chains import started
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.keywords import by_key, by_keywords
from scaleaudit.languages.python.sqlalchemy.lists import key_set, members_of
from scaleaudit.languages.python.sqlalchemy.reach import in_body
from scaleaudit.languages.python.sqlalchemy.starts import places
from scaleaudit.languages.python.sqlalchemy.syntax import dotted, given, literal, shown
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.syntax import Given

VERBS = (
    "get find fetch list filter search exists count first one all select query read load retrieve"
    " lookup delete remove update paginate has"
)
BEGINS = rb"(?:" + VERBS.replace(" ", "|").encode() + rb")\w{0,60}"
# What comes before the first keyword, a keyword; or the name of a column with its value.
GIVEN = (
    rb"\(\s*(?:[\w.]{1,60}\s*,\s*){0,3}(?:[a-z]\w*\s*=(?!=)|\*\*\w|[\"'][a-z_]\w*[\"']\s*,"
    rb"|(?:\w+\.)?[A-Z]\w*\.[a-z_]\w*\s*(?:[=!<>]=|[<>]|\.(?:in_|is_)\())"
)
# It begins with the dot, which is found many times faster than the letters behind it.
METHOD = regex(rb"\.(?P<name>" + BEGINS + rb")(?=" + GIVEN + rb")")
FUNCTION = regex(BEGINS)
ARGUMENTS = regex(GIVEN)
# What an object that keeps rows is called, or the module that it comes from.
KEEPERS = regex(
    r"(?i)repo|uow|unit|dao\b|crud|store|manager|service|quer|model|\bdb\b|database|gateway|entit"
)
NO_KEEPERS = frozenset(
    """
    objects query session db client cache environ requests os args headers params json data config settings
    logger log redis conn cursor httpx app request response re form dict kwargs options s3 mock
    """.split()  # noqa: SIM905 - a table to be read
)
NO_COLUMNS = frozenset({"session", "db", "db_session", "timeout", "default", "headers", "params"})
OWN = frozenset({"self", "cls"})
# `Orders(session)`, `super()`
MADE = regex(rb"(?<!\w)(?:[A-Z]\w*|super)\([^()]{0,60}\)\Z")
GAP = b" \t\n\r\f\v\\"  # before the dot: also over the end of a line
ROWS_OF_DJANGO = b".objects."
TESTS = (b"import pytest", b"import unittest", b"from unittest")  # what they ask says nothing
NAME = frozenset(bytes([each]) for each in WORD)
MAX_OWNER = 140  # bytes before a name
MAX_CALLS = 1_000  # of one file
MAX_TEXTS = 4  # arguments without a name


def calls(reader: PythonReader) -> Iterator[SearchCalled]:
    content = reader.content
    if reader.says(*TESTS):
        return
    found = sorted([*methods(content), *functions(reader)])
    for at in found[:MAX_CALLS]:
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        function = leaf.parent if leaf is not None else None
        call = function.parent if function is not None else None
        if leaf is None or function is None or call is None:
            continue
        if function.type == "call" and reader.hint(leaf) in reader.imports:
            yield from called(reader, function, "", reader.hint(leaf))
        if function.type != "attribute" or call.child_by_field_name("function") != function:
            continue
        of = meant(reader, function.child_by_field_name("object"), call)
        if of:
            yield from called(reader, call, of, reader.hint(leaf))


def methods(content: bytes) -> Iterator[int]:
    """By the bytes before a name: what most of them are called on keeps no rows."""
    for match in METHOD.finditer(content):
        at = match.start("name")
        before = content[max(0, at - MAX_OWNER) : at]
        if before.endswith(ROWS_OF_DJANGO):
            continue
        owner = before[:-1].rstrip(GAP)
        if owner.endswith(b")"):
            if MADE.search(owner) is not None:
                yield at
            continue
        name = words_only(owner).rpartition(b" ")[2]
        if name and not name[:1].isdigit() and name.decode() not in NO_KEEPERS:
            yield at


def functions(reader: PythonReader) -> Iterator[int]:
    """What the file imports may search as well."""
    content = reader.content
    for name in reader.imports:
        word = name.encode()
        if FUNCTION.fullmatch(word) is None:
            continue
        for at in places(content, word + b"("):
            before = content[at - 1 : at]
            alone = before not in NAME and before != b"."
            if alone and ARGUMENTS.match(content, at + len(word)) is not None:
                yield at


def meant(reader: PythonReader, of: Node | None, call: Node) -> str:
    """The class, or the object that a module keeps, as the file names it; empty for all else."""
    if of is None:
        return ""
    if of.type == "call":  # `Orders(session).get_by(`, `super().get_by(`
        made = dotted(reader, of.child_by_field_name("function"))
        return own(reader, call) if made == "super" else made if is_class(made) else ""
    written = dotted(reader, of)
    last = written.rpartition(".")[2]
    if not written or last in NO_KEEPERS:
        return ""
    if written in OWN:
        return own(reader, call)
    if is_class(written) or made_here(reader, written):
        return written
    known = class_behind(reader, written, call)
    if known:
        return known
    head = written.partition(".")[0]
    kept = head in reader.imports or (head == written and head in reader.module_values)
    origin = reader.imports.get(head, "")
    if kept and KEEPERS.search(f"{written} {origin}"):
        return written
    holder = written.rpartition(".")[0]
    held = KEEPERS.search(last if holder in OWN else holder)
    return f"{OF_ANY}{last}" if held else ""


def made_here(reader: PythonReader, name: str) -> bool:
    """Whether the module keeps an object of a class for any model under the name."""
    value = reader.module_values.get(name)
    made = value.child_by_field_name("function") if value is not None else None
    return is_repository(dotted(reader, made)) if made is not None else False


def own(reader: PythonReader, call: Node) -> str:
    around = reader.class_around(call)
    return reader.definition_name(around) if around is not None else ""


def called(reader: PythonReader, call: Node, of: str, name: str) -> Iterator[SearchCalled]:
    """As it stands, and with each keyword that a branch adds."""
    found = given(call, reader)
    chain = started(reader, "")
    by_keywords(chain, found)
    texts = tuple(
        literal(reader, each) if each.type == "string" else "" for each in found.args[:MAX_TEXTS]
    )
    held = tuple(dictionaries(reader, found))
    handed = started(reader, "")
    for each in found.args:
        if each.type in ("comparison_operator", "call"):
            read(handed.to, each, Place())
    if not (chain.to.found or chain.to.optional or held or any(texts) or handed.to.found):
        return
    for option in (None, *chain.to.optional):
        asked: Chain = chain
        place = call
        if option is not None:
            key = key_set(reader, option)
            if key is None:
                continue
            asked, place = chain.copy(), option
            by_key(asked, *key)
        yield SearchCalled(
            reader.span(place),
            of,
            name,
            shown(reader, call),
            texts,
            tuple(each for each in asked.to.found if each.path not in NO_COLUMNS),
            tuple(handed.to.found),
            held,
            partial=chain.to.lost or handed.to.lost,
            in_loop=in_body(reader, call),
            scope=reader.scope(call),
        )


def dictionaries(reader: PythonReader, found: Given) -> Iterator[tuple[str, str]]:
    """`filters={"code": code}` as (filters, code)."""
    for name, value in found.keywords.items():
        if value.type in ("dictionary", "identifier"):
            made = members_of(reader, value)
            for key in made.fixed if made is not None else ():
                yield name, key
