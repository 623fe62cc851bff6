"""What a class is made of instead of a table: the rows of a statement that nobody sends as it stands.

Sources: TypeORM's "View Entities", MikroORM's "Virtual Entities", Hibernate's `@Subselect`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

MARK = regex(rb"expression(?<!\wexpression)\s*[:(]")
OPTION = "expression"
MADE_BY = frozenset({"ViewEntity", "Entity", "EntitySchema"})
SUBSELECT = regex(rb"@(?:[\w.]+\.)?Subselect\s*\(\s*(?:value\s*=\s*)?$")
BEFORE = 120
MEMBERS = frozenset({"pair", "method_definition"})
CALLS = frozenset({"call_expression", "new_expression"})


def makes_view(reader: Reader, node: Node) -> bool:
    """Whether the statement at the node only says which rows a class stands for."""
    before = reader.content[max(0, node.start_byte - BEFORE) : node.start_byte]
    if SUBSELECT.search(before) is not None:
        return True
    if MARK.search(reader.content) is None:
        return False
    return any(is_expression(reader, above) for above in reader.ancestors(node))


def is_expression(reader: Reader, member: Node) -> bool:
    """`@ViewEntity({ expression: ... })`: this member of the options."""
    if member.type not in MEMBERS:
        return False
    key = member.child_by_field_name("key") or member.child_by_field_name("name")
    if key is None or reader.text(key).strip("'\"") != OPTION:
        return False
    around = list(islice(reader.ancestors(member), 3))  # the options, the arguments, the call
    if len(around) < 3 or around[1].type != "arguments" or around[2].type not in CALLS:
        return False
    made = around[2].child_by_field_name("function") or around[2].child_by_field_name("constructor")
    written = reader.text(made).partition("<")[0] if made is not None else ""
    return written.rpartition(".")[2] in MADE_BY
