"""What the columns of a view are, where it only picks rows and columns of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.sql.parsing import MAX_CHARACTERS, parse

if TYPE_CHECKING:
    from sqlglot import exp

    from scaleaudit.sql.blocks import Block

ALL = "*"
GATHERING = (
    "group",
    "distinct",
    "having",
    "limit",
    "offset",
    "with_",
    "with",
    "windows",
    "qualify",
)
NAME = regex(r"[`\"\[]?(\w+)[`\"\]]?")


def view_columns(text: str, dialect: str, names: str) -> tuple[tuple[str, str, str], ...]:
    """(name, table, column) of the columns that a SELECT takes from tables as they are.

    `names` are those that stand before it: `CREATE VIEW v (a, b) AS`. All columns of a table stand
    as `*`. Empty for what gathers rows, for unions, and for what does not parse.
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    parsed = parse(text, dialect)
    if parsed is None or parsed[1]:
        return ()

    from sqlglot import exp

    from scaleaudit.sql.blocks import Blocks

    tree = parsed[0]
    if not isinstance(tree, exp.Select) or any(tree.args.get(each) for each in GATHERING):
        return ()
    block = next(Blocks(tree).all(), None)
    given = NAME.findall(names)
    if block is None or block.hidden or (given and len(given) != len(tree.expressions)):
        return ()
    found: list[tuple[str, str, str]] = []
    for position, each in enumerate(tree.expressions):
        told = _column(each, block)
        if told is not None:
            name = given[position] if given else each.alias_or_name
            found.append((ALL if told[1] == ALL else name.lower(), *told))
    return tuple(found)


def _column(projection: exp.Expr, block: Block) -> tuple[str, str] | None:
    """The table and the column of one that is taken as it is."""
    from sqlglot import exp

    inner = projection.this if isinstance(projection, exp.Alias) else projection
    every = isinstance(inner, exp.Star)
    if not every and not isinstance(inner, exp.Column):
        return None
    alias = "" if every else inner.text("table").lower()
    source = block.sources.get(alias) if alias else block.only()
    if source is None or not source.table:
        return None
    every = every or isinstance(inner.this, exp.Star)
    return source.table, ALL if every else inner.name.lower()
