"""Queries that begin with a class: `Order.select().where(...)`, `Order.filter(code=x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.small_mappers import peewee, tortoise
from scaleaudit.languages.python.small_mappers.starts import MAKING, MARKS, OTHERS, may_be_peewee
from scaleaudit.languages.python.sqlalchemy.chains import started
from scaleaudit.languages.python.sqlalchemy.given_out import rows_given
from scaleaudit.languages.python.sqlalchemy.meant import class_of
from scaleaudit.languages.python.sqlalchemy.queries import gone_on, of_relation
from scaleaudit.languages.python.sqlalchemy.reach import Built, followed
from scaleaudit.languages.python.sqlalchemy.starts import relations
from scaleaudit.languages.python.sqlalchemy.starts import spoken as sqlalchemy_spoken
from scaleaudit.languages.python.sqlalchemy.syntax import given, last_name
from scaleaudit.languages.python.sqlalchemy.telling import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery, RowsGiven
    from scaleaudit.languages.python.reader import PythonReader

EXPRESSIONS = frozenset({"comparison_operator", "binary_operator", "unary_operator"})
# Methods that classes of many libraries have.
UNSURE = frozenset(
    {"create", "replace", "get_or_create", "update_or_create", "first", "exists", "latest"}
)


def queries(
    reader: PythonReader, places: Iterable[tuple[int, str]]
) -> Iterator[OrmQuery | RowsGiven]:
    """Those that begin at the places, and those that go on with others'."""
    begun = list(beginnings(reader, places))
    given_out = list(rows_given(reader, [built for _, built in begun]))
    yield from given_out
    seen: set[int] = set()
    if may_be_peewee(reader):
        names = {each.name for each in given_out}
        yield from gone_on(reader, names, "peewee", seen, peewee.take)
    for leaf, built in begun:
        if leaf.id in seen:
            continue
        yield from told(reader, built, seen)
    yield from of_relations(reader, seen)


def beginnings(
    reader: PythonReader, places: Iterable[tuple[int, str]]
) -> Iterator[tuple[Node, Built]]:
    """(the name of a class, the chain that begins with it)."""
    for at, word in places:
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        call = called(leaf)
        if leaf is None or call is None or leaf.start_byte != at:
            continue
        if last_name(reader, call) != word:
            continue
        function = call.child_by_field_name("function")
        of = function.child_by_field_name("object") if function is not None else None
        model = class_of(reader, of)
        framework = spoken(reader, call, word)
        if not model or not framework:
            continue
        chain = started(reader, model, framework)
        chain.reading = peewee.take if framework == "peewee" else tortoise.take
        built = followed(reader, chain, of or call)
        yield leaf, Built(chain, call, built.whole, built.executed)


def of_relations(reader: PythonReader, seen: set[int]) -> Iterator[OrmQuery]:
    """`author.books.where(Book.year > 1990)`: peewee's rows that refer back are a query."""
    if not reader.says(*MARKS) or sqlalchemy_spoken(reader):
        return
    for at, _form in relations(reader.content):
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        if leaf is None or leaf.start_byte != at or leaf.id in seen:
            continue
        built = of_relation(reader, leaf, started(reader, "", "peewee"), peewee.take)
        if built is None:
            continue
        yield from told(reader, Built(built.chain, leaf, built.whole, built.executed), seen)


def called(leaf: Node | None) -> Node | None:
    """The call of a method of the class that the leaf names."""
    holder = leaf.parent if leaf is not None else None
    for _ in range(6):
        if holder is None or holder.type != "attribute":
            return None
        if holder.parent is not None and holder.parent.type == "call":
            return holder.parent
        holder = holder.parent
    return None


def spoken(reader: PythonReader, call: Node, word: str) -> str:
    """Which mapper a call speaks: expressions are peewee's, names of attributes Tortoise's."""
    found = given(call, reader)
    of_peewee = reader.says(b"peewee", b"playhouse")
    of_tortoise = reader.says(b"tortoise")
    if word in ("select", "update", "delete", "insert", "insert_many"):
        return "" if of_tortoise else "peewee"
    if any(arg.type in EXPRESSIONS for arg in found.args):
        q = any(
            last_name(reader, arg) == "Q" or b"Q(" in reader.text(arg).encode()
            for arg in found.args
        )
        return "tortoise" if q else "peewee"
    if of_peewee or (word.encode() in MAKING and found.keywords and not reader.says(*OTHERS)):
        return "peewee"
    return "tortoise" if of_tortoise or word not in UNSURE else ""
