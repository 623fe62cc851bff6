"""Builders of queries that fields of structs hold: what they begin with, and what is added to them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.go.receivers import fields_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

BUILDER = regex(
    r"^\*?(?:\w+\.)?(?:(?:Select|Update|Delete)Builder|(?:Select|Update|Delete)Dataset)$"
)
MAX_STEPS = 40
MAX_FIELDS = 100  # of one file: each is looked for in all of it


def builder_fields(reader: GoReader) -> list[tuple[str, str]]:
    """The fields of the file's structs that hold a builder: owner and name."""
    found = (
        (owner, reader.text(name))
        for owner, struct in reader.structs.items()
        for declaration in fields_of(struct)
        if _holds_builder(reader, declaration)
        for name in declaration.children_by_field_name("name")
    )
    return list(islice(found, MAX_FIELDS))


def beginnings(reader: GoReader, field: Node) -> list[Node]:
    """What a field is made to hold, without what goes on from it; none where it holds no builder."""
    operand, name = field.child_by_field_name("operand"), field.child_by_field_name("field")
    if operand is None or name is None:
        return []
    owner = reader.receivers.meaning(operand).name
    struct = reader.structs.get(owner)
    for declaration in fields_of(struct) if struct is not None else ():
        names = [reader.text(each) for each in declaration.children_by_field_name("name")]
        if reader.text(name) in names and _holds_builder(reader, declaration):
            return parted(reader, owner, reader.text(name))[0]
    return []


def parted(reader: GoReader, owner: str, field: str) -> tuple[list[Node], list[Node]]:
    """The values that a field begins with, and those that go on from what it holds."""
    begun: list[Node] = []
    more: list[Node] = []
    for value in reader.receivers.field_values(owner, field):
        (more if goes_on(reader, value, field) else begun).append(value)
    return begun, more


def goes_on(reader: GoReader, value: Node, field: str) -> bool:
    """`q.sql.Where(...)`, put back into `q.sql`."""
    at: Node | None = value
    for _ in range(MAX_STEPS):
        if at is None:
            return False
        if at.type == "selector_expression":
            name = at.child_by_field_name("field")
            called = at.parent is not None and at.parent.type == "call_expression"
            if not called:
                return name is not None and reader.text(name) == field
            at = at.child_by_field_name("operand")
        elif at.type == "call_expression":
            at = at.child_by_field_name("function")
        else:
            return False
    return False


def _holds_builder(reader: GoReader, declaration: Node) -> bool:
    kind = declaration.child_by_field_name("type")
    return kind is not None and BUILDER.search(reader.text(kind)) is not None
