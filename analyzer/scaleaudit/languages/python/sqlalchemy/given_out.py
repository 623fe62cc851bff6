"""Functions that hand out a query for others to go on with: `base_orders().filter(Order.code == code)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL, RowsGiven
from scaleaudit.languages.python.sqlalchemy.narrowing import is_returned, parted
from scaleaudit.languages.python.sqlalchemy.starts import places
from scaleaudit.languages.python.sqlalchemy.syntax import statements
from scaleaudit.languages.python.sqlalchemy.variables import Following, extended
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.reach import Built

WORDS = (b"where", b"filter", b"filter_by", b"join", b"outerjoin", b"order_by")
# `base_orders`, `self.base_orders`, `Order.open`, `models.Order.open`
NAME_BEFORE = regex(rb"(?<![\w.])((?:[A-Za-z_]\w*\.){0,2}[a-z_]\w*)\Z")
MAX_CALL = 140  # bytes of a call before what goes on from it
MAX_NAME = 60
BETWEEN = b" \t\r\n\\"  # of a call and what goes on from it
OWN = ("self.", "cls.")
# What SQLAlchemy itself begins queries with.
LIBRARY = frozenset(
    """
    select insert update delete exists query execute scalars scalar union union_all intersect alias aliased
    subquery cte text table lateral join outerjoin case cast column and_ or_ not_ func values tuple_
    """.split()  # noqa: SIM905 - a table to be read
)
MODULES = ("sqlalchemy", "sqlmodel", "peewee", "playhouse")
MAX_CALLS = 200  # of such functions in one file


def rows_given(reader: PythonReader, begun: Iterable[Built]) -> Iterator[RowsGiven]:
    """Of the chains of a file those that are all that a function gives back."""
    for built in begun:
        function = reader.function_around(built.start)
        if function is None or function.type != "function_definition" or built.executed:
            continue
        name = called(reader, function)
        chain = built.chain.copy()
        if (
            not name
            or not chain.model
            or chain.via
            or not given_back(reader, chain, built, function)
        ):
            continue
        yield RowsGiven(
            at=reader.span(function),
            framework=chain.framework,
            name=name,
            model=chain.model,
            conditions=tuple(chain.to.found),
            scopes=tuple(dict.fromkeys(chain.scopes)),
            limited=chain.limited,
            partial=chain.partial or chain.to.lost or bool(chain.to.optional),
        )


def given_back(reader: PythonReader, chain: Chain, built: Built, function: Node) -> bool:
    """Whether the function gives the query in any case; the chain becomes what it surely asks."""
    if gives_no_query(chain):
        return False
    body = function.child_by_field_name("body")
    returns = [each for each in statements(body) if each.type == "return_statement"]
    if len(returns) != 1:
        return False
    if is_returned(built.whole):
        return True
    following = Following(reader, set())
    name, assignment = following.kept(built.whole)
    if not name or assignment is None:
        return False
    statement = assignment.parent
    if statement is None or statement.parent != body:
        return False
    life = following.life(name, assignment.end_byte, {}, function)
    returned = [part for part in life.uses if is_returned(part.whole)]
    fixed, optional = parted(life, returned, returns)
    for part in fixed:
        extended(chain, part)
    chain.partial = chain.partial or life.handed or bool(optional)
    return len(returned) == 1 and not gives_no_query(chain)


def gives_no_query(chain: Chain) -> bool:
    return chain.ended or chain.writes or chain.inserts or chain.aggregate


def called(reader: PythonReader, function: Node) -> str:
    """`open_orders`, `Orders.open`; empty for functions inside of others."""
    name = reader.definition_name(function)
    around = next((a for a in reader.ancestors(function) if a.type != "decorated_definition"), None)
    if around is not None and around.type == "module":
        return name
    own = reader.class_around(function)
    if own is None or around is None or around.parent != own or name.startswith("__"):
        return ""
    return f"{reader.definition_name(own)}.{name}"


def called_before(content: bytes) -> Iterator[tuple[int, str]]:
    """`base_orders` of `base_orders(shop).where(`, with its place."""
    for word in WORDS:
        for at in places(content, b"." + word + b"("):
            start = max(0, at - MAX_CALL)
            before = content[start:at].rstrip(BETWEEN)
            begins = before.rfind(b"(")
            if begins < 0 or not before.endswith(b")") or b")" in before[begins:-1]:
                continue
            head = max(0, begins - MAX_NAME)
            match = NAME_BEFORE.search(before[head:begins])
            if match is not None:
                yield start + head + match.start(1), match[1].decode()


def calls(reader: PythonReader, names: set[str]) -> Iterator[tuple[str, Node]]:
    """(what a query begins with, the call) of functions of the file, and of imported ones."""
    found: dict[int, int] = {}
    for start, written in called_before(reader.content):
        imported = reader.imports.get(written.partition(".")[0], "")
        if written.rpartition(".")[2] in LIBRARY or imported.startswith(MODULES):
            continue
        if imported or written.startswith(OWN):
            found[start] = start + len(written)
    plain = sorted({re.escape(name.rpartition(".")[2]) for name in names})
    if plain:
        word = re.compile(rf"(?<![\w.])(?:self\.|cls\.)?(?:{'|'.join(plain)})(?=\()".encode())
        for match in word.finditer(reader.content):
            found[match.start()] = match.end()
    for start, end in sorted(found.items())[:MAX_CALLS]:
        leaf = reader.root.descendant_for_byte_range(start, end)
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call" or call.child_by_field_name("function") != leaf:
            continue
        written = reader.content[start:end].decode()
        if written.startswith(OWN):
            own = reader.class_around(call)
            if own is None:
                continue
            written = f"{reader.definition_name(own)}.{written.rpartition('.')[2]}"
            if written not in names:
                continue
        elif "." not in written and written not in names and written not in reader.imports:
            continue
        yield f"{written}{BY_CALL}", call
