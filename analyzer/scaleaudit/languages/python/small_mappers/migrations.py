"""What peewee's migrations do to indexes: steps of `peewee_migrate`, and of `playhouse.migrate`.

Both call the object of their steps `migrator`. What takes a step back is not read. Only a part of the
steps is, so that nothing is said of how safe they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import IndexFact, TableChanged
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.python.sqlalchemy.constraints import indexed
from scaleaudit.languages.python.sqlalchemy.syntax import (
    given,
    is_true,
    items,
    last_name,
    literal,
)
from scaleaudit.languages.table_strings import undone
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.syntax import Given

MARKS = (b"migrator.add_index(", b"migrator.drop_index(", b".Index(")
SPOKEN = (b"peewee", b"playhouse")
BY_NAME = b"playhouse.migrate"  # whose steps drop an index by its name
STEP = regex(rb"\bmigrator\.((?:add|drop)_index)\(|\b(?:pw|peewee)\.(Index)\(")
STATE = regex(rb"(?m)^[ \t]+(\w+)\s*=\s*migrator\.orm\[\s*['\"](\w+)['\"]\s*\]")
MAX_STEPS = 500  # of one file


def index_steps(reader: PythonReader) -> Iterator[TableChanged]:
    content = reader.content
    if b"migrator" not in content or not (has_any(content, MARKS) and has_any(content, SPOKEN)):
        return
    tables = {name.decode(): table.decode() for name, table in STATE.findall(content)}
    for count, match in enumerate(STEP.finditer(content)):
        if count >= MAX_STEPS:
            return
        at = match.start(1) if match[1] else match.start(2)
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        call = leaf.parent.parent if leaf is not None and leaf.parent is not None else None
        if call is None or call.type != "call" or undone(reader, call):
            continue
        found = step(reader, call, tables)
        if found is not None:
            yield found


def step(reader: PythonReader, call: Node, tables: dict[str, str]) -> TableChanged | None:
    found, kind = given(call, reader), last_name(reader, call)
    if kind == "Index":
        return of_expressions(reader, call, found)
    if len(found.args) < 2 or found.splats:
        return None
    first = found.args[0]
    table = tables.get(reader.hint(first), "") or literal(reader, first)
    if not table:
        return None
    at = reader.span(call)
    columns = tuple(literal(reader, each) for each in items(found.args[1]) or found.args[1:])
    if not columns or "" in columns:
        return None
    if kind == "drop_index":
        if BY_NAME in reader.content:
            return TableChanged(at, table.lower(), "drop-index", name=columns[0], online=True)
        return TableChanged(
            at, table.lower(), "drop-index", index=IndexFact(columns, at=at), online=True
        )
    unique = is_true(reader, found.keywords.get("unique")) or any(
        is_true(reader, each) for each in found.args[2:]
    )
    return TableChanged(
        at, table.lower(), "add-index", index=IndexFact(columns, "", unique, at=at), online=True
    )


def of_expressions(reader: PythonReader, call: Node, found: Given) -> TableChanged | None:
    """`Index("user_name_lower", "user", [fn.Lower(User.name)])`, which a step runs as SQL."""
    if len(found.args) < 3 or "where" in found.keywords:
        return None
    name, table = literal(reader, found.args[0]), literal(reader, found.args[1])
    columns = tuple(indexed(reader, each) for each in items(found.args[2]))
    if not table or not columns or "" in columns:
        return None
    at, unique = reader.span(call), is_true(reader, found.keywords.get("unique"))
    index = IndexFact(columns, name, unique, at=at)
    return TableChanged(at, table.lower(), "add-index", index=index, online=True)
