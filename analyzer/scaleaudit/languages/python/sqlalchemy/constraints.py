"""Indexes and keys that stand beside columns: `Index`, `UniqueConstraint` and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, ForeignKeyFact, IndexFact
from scaleaudit.languages.python.sqlalchemy.columns import reference
from scaleaudit.languages.python.sqlalchemy.syntax import (
    IDENTIFIER,
    bare,
    dotted,
    given,
    is_true,
    items,
    last_name,
    literal,
    receiver,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

UNIQUE = frozenset({"UniqueConstraint"})
PRIMARY = frozenset({"PrimaryKeyConstraint"})
# Around a column of an index, without turning it into an expression.
ORDERING = frozenset({"desc", "asc", "nullsfirst", "nullslast", "nulls_first", "nulls_last"})
WRAPPERS = frozenset({"text", "literal_column", "column", "Column"})
ORDER_WORDS = regex(r"(?i)(?:\s+(?:asc|desc|nulls\s+(?:first|last)|[a-z]\w*_ops))+$")
COLUMN_OF = regex(r"(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)")
METHODS = ("postgresql_using", "mysql_using")
CONDITIONS = ("postgresql_where", "sqlite_where", "mssql_where")


def index(reader: PythonReader, call: Node) -> IndexFact | None:
    """The index of one call; None for other calls, and where no column is known."""
    kind = last_name(reader, call)
    given_ = given(call, reader)
    args = list(given_.args)
    name = literal(reader, given_.keywords.get("name"))
    unique, primary = kind in UNIQUE, kind in PRIMARY
    if kind == "Index":
        if not args:
            return None
        name = index_name(reader, args.pop(0))
        unique = is_true(reader, given_.keywords.get("unique"))
    elif not (unique or primary):
        return None
    columns = tuple(indexed(reader, arg) for arg in args)
    if not columns or "" in columns or given_.splats:
        return None
    keywords = given_.keywords
    method = next((literal(reader, keywords[n]) for n in METHODS if n in keywords), "")
    where = next((condition(reader, keywords[n]) for n in CONDITIONS if n in keywords), "")
    return IndexFact(
        columns, name, unique or primary, primary, where, method.lower(), reader.span(call)
    )


def index_name(reader: PythonReader, node: Node) -> str:
    """`"ix_a"`, or what `op.f("ix_a")` is given."""
    node = bare(node)
    if last_name(reader, node) in ("f", "conv"):
        inner = given(node, reader).args
        return literal(reader, inner[0]) if inner else ""
    return literal(reader, node)


def indexed(reader: PythonReader, node: Node) -> str:
    """A column as written, an expression in parentheses; empty when it is not known."""
    node = bare(node)
    if node.type in ("string", "concatenated_string"):
        return literal(reader, node)
    written = dotted(reader, node)
    if written:
        return reader.standing.get(written) or written.rpartition(".")[2]
    if node.type != "call":
        return f"({reader.text(node)[:200]})"
    name = last_name(reader, node)
    args = given(node, reader).args
    if name in WRAPPERS and args:
        return expression(literal(reader, args[0]))
    if name in ORDERING:
        of = receiver(node)
        inside = args[0] if args else of
        return indexed(reader, inside) if inside is not None else ""
    if name in ("op", "label", "collate"):
        of = receiver(node)
        return indexed(reader, of) if of is not None and name == "label" else ""
    parts = [indexed(reader, arg).strip("()") if arg.type != "string" else "?" for arg in args]
    return f"({name}({', '.join(parts)}))" if name and parts else ""


def expression(text: str) -> str:
    """SQL text of an index: a name as it is, anything else in parentheses."""
    text = ORDER_WORDS.sub("", " ".join(text.split()))
    bare_ = text.strip('"`')
    if IDENTIFIER.fullmatch(bare_):
        return bare_
    if text.startswith("(") and text.endswith(")"):
        return text
    return f"({text})" if text else ""


def condition(reader: PythonReader, node: Node) -> str:
    """The condition of a partial index as SQL; as Python where nothing else is known."""
    node = bare(node)
    if last_name(reader, node) in ("text", "literal_column"):
        inner = given(node, reader).args
        return literal(reader, inner[0]) if inner else "?"
    found = literal(reader, node)
    if found:
        return found
    if last_name(reader, node) in ("is_not", "isnot", "is_"):
        of, args = receiver(node), given(node, reader).args
        if of is not None and args and args[0].type == "none":
            word = "IS NULL" if last_name(reader, node) == "is_" else "IS NOT NULL"
            return f"{dotted(reader, of).rpartition('.')[2]} {word}"
    text = reader.text(node)[:300].replace(" != None", " IS NOT NULL")
    return COLUMN_OF.sub(lambda match: match[1], text)


def foreign_key(reader: PythonReader, call: Node) -> ForeignKeyFact | None:
    """`ForeignKeyConstraint(["a", "b"], ["t.a", "t.b"])`."""
    if last_name(reader, call) != "ForeignKeyConstraint":
        return None
    given_ = given(call, reader)
    if len(given_.args) < 2:
        return None
    own = tuple(indexed(reader, each) for each in items(given_.args[0]))
    others = [
        reference(dotted(reader, each) or literal(reader, each)) for each in items(given_.args[1])
    ]
    table = others[0].partition(".")[0] if others else ""
    if not table or "" in own or len(own) != len(others):
        return None
    targets = tuple(other.rpartition(".")[2] for other in others)
    name = literal(reader, given_.keywords.get("name"))
    return ForeignKeyFact(own, table, targets, reader.span(call), name)


def referring(fields: Iterable[FieldFact], key: ForeignKeyFact) -> list[FieldFact]:
    """The fields, those of the key knowing what they refer to."""
    targets = dict(zip(key.columns, key.references, strict=False))
    found: list[FieldFact] = []
    for each in fields:
        target = targets.get(each.column or each.name) or targets.get(each.name)
        if target and not each.references and len(key.columns) == 1:
            each = msgspec.structs.replace(each, references=f"{key.table}.{target}")
        found.append(each)
    return found
