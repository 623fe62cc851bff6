"""`relationship(...)`: which class it leads to, and which side holds the column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.column_types import Annotation
from scaleaudit.languages.python.sqlalchemy.syntax import (
    dotted,
    given,
    is_true,
    items,
    lambda_body,
    last_name,
    literal,
)
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.source import Span

RELATIONS = frozenset({"relationship", "Relationship", "relation", "dynamic_loader"})
# `A.x == B.y` inside the text of a condition; brackets and parentheses around do not matter.
EQUAL = regex(r"\b([A-Za-z_][\w.]*)\)?\s*==\s*(?:[\w.]+\()?([A-Za-z_][\w.]*)")
# `A.deleted_at.is_(None)`, and a member that is a condition by itself.
TESTED = regex(
    r"\b([A-Z]\w*)\.([a-z_]\w*)(\.is_\(\s*None|\.is_?not_?\(\s*None|\.is_\(|(?=\s*(?:,|\)|&|$)))"
)
NAME = regex(r"[A-Za-z_][\w.]*")
SORTED = regex(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\.(?:desc|asc)\(\))?")
MAX_TEXT = 600
NO_COLUMN = frozenset({"__table__", "c", "columns", "__tablename__"})
NOT_LAZY = {"joined", "selectin", "subquery", "immediate", "noload", "raise", "raise_on_sql"}


class Relationship(Record, frozen=True):
    """One relationship as its source says it, before the columns of its class are all known."""

    name: str
    target: str
    many: bool
    single: bool  # says that it is one object
    secondary: str
    inverse: str
    own_keys: tuple[str, ...]  # columns of `foreign_keys`, dotted as written
    remote: tuple[str, ...]
    equal: tuple[tuple[str, str], ...]  # of primaryjoin, secondaryjoin and joins in `secondary`
    sorts: tuple[str, ...]
    back_sorts: tuple[str, ...]
    eager: bool  # loaded with the row, for many rows at once, or never by being read
    at: Span
    tests: tuple[tuple[str, str, str], ...] = ()  # of the rows that it leads to: class, column, how


def relation_call(reader: PythonReader, node: Node | None) -> Node | None:
    if node is None or node.type != "call":
        return None
    return node if last_name(reader, node) in RELATIONS else None


def relationship(reader: PythonReader, call: Node, name: str, annotation: str) -> Relationship:
    given_ = given(call, reader)
    keywords = given_.keywords
    told = Annotation(annotation)
    target = keywords.get("argument") or next(iter(given_.args), None)
    written = class_name(reader, target) if target is not None else told.name
    second = keywords.get("secondary") or (given_.args[1] if len(given_.args) > 1 else None)
    back = keywords.get("backref")
    back_sorts: tuple[str, ...] = ()
    inverse = literal(reader, keywords.get("back_populates"))
    if back is not None and last_name(reader, back) == "backref":
        inner = given(back, reader)
        inverse = literal(reader, inner.args[0]) if inner.args else ""
        back_sorts = sorted_by(reader, inner.keywords.get("order_by"))
    elif back is not None:
        inverse = literal(reader, back)
    uselist = keywords.get("uselist")
    text = " ".join(
        condition_text(reader, keywords[key])
        for key in ("primaryjoin", "secondaryjoin")
        if key in keywords
    )
    between = condition_text(reader, second) if second is not None else ""
    pairs = tuple(EQUAL.findall(f"{text} {between}"[: 3 * MAX_TEXT]))[:6]
    options = {**keywords, **sqlmodel_options(reader, keywords.get("sa_relationship_kwargs"))}
    return Relationship(
        name=name,
        target=written,
        many=told.many or is_true(reader, uselist) or is_true(reader, options.get("uselist")),
        single=(uselist is not None and uselist.type == "false")
        or (bool(told.name) and not told.many),
        secondary=table_between(
            reader, second if second is not None else keywords.get("link_model")
        ),
        inverse=inverse,
        own_keys=columns_named(reader, options.get("foreign_keys")),
        remote=columns_named(reader, options.get("remote_side")),
        equal=pairs,
        sorts=sorted_by(reader, options.get("order_by")),
        back_sorts=back_sorts,
        eager=loaded_along(reader, options.get("lazy")),
        at=reader.span(call),
        tests=tuple(TESTED.findall(text[:MAX_TEXT]))[:6],
    )


def loaded_along(reader: PythonReader, node: Node | None) -> bool:
    """`lazy="selectin"`, `lazy=False`."""
    return node is not None and (node.type == "false" or literal(reader, node) in NOT_LAZY)


def sqlmodel_options(reader: PythonReader, node: Node | None) -> Mapping[str, Node]:
    return reader.members(node) if node is not None else {}


def class_name(reader: PythonReader, node: Node) -> str:
    """`"Order"`, `"shop.models.Order"`, `Order`, `lambda: Order`."""
    node = lambda_body(node)
    written = dotted(reader, node)
    if written:
        return written
    text = literal(reader, node)
    return text if NAME.fullmatch(text) else ""


def table_between(reader: PythonReader, node: Node | None) -> str:
    """A table by its name, or the class or variable that stands for it."""
    if node is None:
        return ""
    node = lambda_body(node)
    written = dotted(reader, node)
    if written:
        parts = [part for part in written.split(".") if part not in NO_COLUMN]
        return ".".join(parts)
    if node.type == "call" and last_name(reader, node) == "Table":
        args = given(node, reader).args
        return literal(reader, args[0]).lower() if args else ""
    text = literal(reader, node)
    if text.startswith("join("):
        return next(iter(NAME.findall(text[5:])), "")
    return text.rpartition(".")[2] if NAME.fullmatch(text) else ""


def condition_text(reader: PythonReader, node: Node) -> str:
    """The text of a condition, whether it is written as a string or as Python."""
    node = lambda_body(node)
    if node.type in ("string", "concatenated_string", "parenthesized_expression"):
        text = literal(reader, node)
        if text:
            return text[:MAX_TEXT]
    return " ".join(reader.text(node)[:MAX_TEXT].split())


def columns_named(reader: PythonReader, node: Node | None) -> tuple[str, ...]:
    """`[user_id]`, `User.id`, `"[Order.user_id, Order.x]"` as dotted names."""
    if node is None:
        return ()
    node = lambda_body(node)
    listed = items(node) or [node]
    found = [written for each in listed if (written := dotted(reader, each))]
    if not found:
        found = NAME.findall(literal(reader, node)[:MAX_TEXT])
    return tuple(without_table(name) for name in found)


def without_table(name: str) -> str:
    return ".".join(part for part in name.split(".") if part not in NO_COLUMN)


def sorted_by(reader: PythonReader, node: Node | None) -> tuple[str, ...]:
    """The columns that `order_by` names, dotted as written."""
    if node is None:
        return ()
    node = lambda_body(node)
    text = literal(reader, node) if node.type != "identifier" else ""
    parts = text.split(",") if text else []
    if not text:
        parts = [reader.text(each)[:200] for each in items(node) or [node]]
    found = [SORTED.fullmatch(" ".join(part.split()).strip("[] ")) for part in parts]
    return tuple(without_table(match[1]) for match in found if match is not None)
