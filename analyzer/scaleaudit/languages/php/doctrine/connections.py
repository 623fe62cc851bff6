"""What a connection is asked without a builder: `$db->delete("orders", ["shop_id" => $shop])`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php.conditions import Built
from scaleaudit.languages.php.doctrine.builder import TABLE, table_named
from scaleaudit.languages.php.doctrine.criteria import take_criteria
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

# Where the array stands that says which rows are meant; an insert has none.
CRITERIA = {"insert": 0, "update": 2, "delete": 1}
CONNECTION = regex(
    r"(?i)^\$?(?:\w*(?:conn|connection|database|dbal)|db\w{0,3}|get(?:DB|Connection))$"
)
ARRAY = "array_creation_expression"


def asked(
    reader: PhpReader, node: Node, links: list[Link], position: int, args: list[Node]
) -> Built | None:
    """None where the call is no such statement."""
    name = links[position].name
    holder = links[position - 1].name if position else reader.text(node)
    if CONNECTION.match(holder[:40]) is None or len(args) < 2:
        return None
    data = args[1].type in (ARRAY, "variable_name") if name != "delete" else args[1].type == ARRAY
    table = TABLE.match(table_named(reader, args[0])) if data else None
    at = CRITERIA[name]
    if table is None or (at and len(args) <= at):
        return None
    built = Built(table=table[1].lower(), known=True, ended=True)
    built.writes, built.deletes = name == "update", name == "delete"
    built.inserts = name == "insert"
    if at:
        take_criteria(reader, built, args[at])
    return built
