"""What a call of a migration says of those who use the table meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableDefined
    from scaleaudit.languages.javascript.migrations.walk import Migration

# Sequelize and TypeORM.
CONCURRENT = regex(r"\b(?:concurrently|isConcurrent)\s*:\s*true\b")
MAX_CALL = 4_000  # characters


def online(
    m: Migration, call: Node, steps: Iterable[TableDefined | TableChanged]
) -> Iterator[TableDefined | TableChanged]:
    """The steps of a call; its indexes keep writers going where it says so."""
    concurrent = CONCURRENT.search(m.reader.text(call)[:MAX_CALL]) is not None
    for step in steps:
        if concurrent and isinstance(step, TableChanged) and step.action == "add-index":
            yield msgspec.structs.replace(step, online=True)
        else:
            yield step


def whole_table(m: Migration, name: str, receiver: Node | None) -> str:
    """The table of `knex("orders").update(...)`, with no condition between; else ""."""
    if name != "update" or receiver is None or receiver.type != "call_expression":
        return ""
    function = receiver.child_by_field_name("function")
    holder = receiver.child_by_field_name("arguments")
    if function is None or function.type != "identifier" or holder is None:
        return ""
    args = [each for each in holder.named_children if each.type != "comment"]
    return m.table(args[0]) if len(args) == 1 and args[0].type == "string" else ""
