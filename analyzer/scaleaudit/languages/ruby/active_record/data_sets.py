"""What only Sequel's data sets have: attributes for `first`, blocks for `where`, ends of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record import sequel, words
from scaleaudit.languages.ruby.active_record.conditions import given

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader


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


def by_attributes(reader: RubyReader, call: Node, name: str) -> bool:
    """Sequel's `first(code: x)`, `find(code: x)`, `filter(code: x)`."""
    if name not in words.BY_ATTRIBUTES:
        return False
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    if not args or args[0].type != "pair":
        return name == "filter" and bool(args) and args[0].type != "block_argument"
    key = args[0].child_by_field_name("key")
    return key is None or reader.hint(key).strip(":\"'") not in words.OLD_OPTIONS


def in_block(reader: RubyReader, block: Node, found: Relation, *, negated: bool) -> None:
    """Sequel's `where { a > 1 }`."""
    body = block.child_by_field_name("body")
    if body is None:
        found.partial = True
        return
    given(reader, body, found, negated=negated, rows=sequel.row_name(reader, block))
