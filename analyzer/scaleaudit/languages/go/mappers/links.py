"""The calls of a chain that makes a query, one after the other, and what each is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.go.following import ALWAYS
from scaleaudit.record import Record

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.mappers.filled_maps import Key
    from scaleaudit.languages.go.reader import GoReader

MAX_TEXT = 200


class Link(Record, frozen=True):
    """One call of a chain; it takes part when all of `choices` are made.

    `key`: of a map that the call before it is handed, one that is put in apart.
    """

    name: str
    args: list[Node]
    call: Node
    choices: Choices = ALWAYS
    key: Key | None = None


class Chain(Record, frozen=True):
    """`root` is what the first call is made on: `db`, `s.db`, `orm.GetDB()`."""

    root: Node
    links: list[Link]


def name_of(reader: GoReader, call: Node) -> str:
    function = call.child_by_field_name("function")
    field = function.child_by_field_name("field") if function is not None else None
    return reader.text(field) if field is not None else ""


def arguments(reader: GoReader, call: Node) -> list[Node]:
    """Without comments and without a leading context."""
    holder = call.child_by_field_name("arguments")
    found = [a for a in holder.named_children if a.type != "comment"] if holder is not None else []
    return found[1:] if found and reader.is_context(found[0]) else found


def shown(reader: GoReader, call: Node) -> str:
    """The source of a chain, for people."""
    return excerpt(reader.content, call, MAX_TEXT)
