"""What only Sequel's data sets have: attributes for `first`, blocks for `where`, ends of their own.

Also what ROM's relations, which are made of them, have beside that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.ruby.active_record import sequel, words
from scaleaudit.languages.ruby.active_record.conditions import given
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

ROW = regex(r"\b(?:it|_1)\b")  # the row, in a block that does not name it


def ended(found: Relation, name: str, *, bare: bool) -> bool:
    """`where(...).delete`, `.update(a: 1)`, `.get(:a)`: what is read or changed at once."""
    if name in words.ONE_VALUE:
        found.state = "instance" if name.startswith("single_record") else "ended"
        found.limited = True
        return True
    if name not in words.ROW_CHANGES or bare == (name == "update"):
        return False
    found.state, found.writes = "ended", True
    found.deletes = name != "update"
    return True


def of_table(reader: RubyReader, found: Relation, call: Node, name: str) -> bool:
    """What only the relations of tables have: ROM's methods, and joins with whatever is handed."""
    args = reader.positional(call)
    if name in words.TABLE_JOINS and args and args[0].type != "simple_symbol":
        found.partial = True  # columns may be those of the other
    elif name in words.ROM_ONE:
        found.limited, found.state = True, "ended"
    elif name == "call":  # ROM's, where rows are wanted
        found.loaded, found.state = True, "ended"
    elif name == "by_pk":
        found.add([Condition("id", "=")])
        found.limited = True
    elif name not in words.ROM_SHOWS:
        return False
    found.asked = True
    return True


def by_attributes(reader: RubyReader, call: Node, name: str) -> bool:
    """Sequel's `first(code: x)`, `find(code: x)`, `filter(code: x)`, `filter { code > x }`."""
    if name not in words.BY_ATTRIBUTES:
        return False
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    if not args and name == "filter":
        return of_columns(reader, call)
    if not args or args[0].type != "pair":
        return name == "filter" and bool(args) and args[0].type != "block_argument"
    key = args[0].child_by_field_name("key")
    return key is None or reader.hint(key).strip(":\"'") not in words.OLD_OPTIONS


def of_columns(reader: RubyReader, call: Node) -> bool:
    """A block that compares columns: it is given no row, and names none."""
    block = call.child_by_field_name("block")
    body = block.child_by_field_name("body") if block is not None else None
    if block is None or body is None or block.child_by_field_name("parameters") is not None:
        return False
    if ROW.search(reader.text(body)):
        return False
    return sequel.conditions(reader, body, rows=sequel.BARE) is not None


def loads_rows(reader: RubyReader, call: Node, name: str) -> bool:
    """`select { |row| row.late? }`: a block that is given the rows."""
    if call.child_by_field_name("block") is None:
        return False
    return name in ("select", "find_all", "uniq") or (
        name == "filter" and not of_columns(reader, call)
    )


def in_block(reader: RubyReader, block: Node, found: Relation, *, negated: bool) -> None:
    """Sequel's `where { a > 1 }`."""
    body = block.child_by_field_name("body")
    if body is None:
        found.partial = True
        return
    given(reader, body, found, negated=negated, rows=sequel.row_name(reader, block))
