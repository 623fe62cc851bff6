"""Options of finders, associations and scopes as they were before Rails 4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION
from scaleaudit.languages.ruby.active_record import words
from scaleaudit.languages.ruby.active_record.conditions import given
from scaleaudit.languages.ruby.active_record.fragments import fragment_text, joined
from scaleaudit.languages.ruby.active_record.joins import MAX_LOADS, relation_paths
from scaleaudit.languages.ruby.active_record.sorts import sort_by

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader


def old_options(reader: RubyReader, call: Node, found: Relation, name: str) -> bool:
    """`find(:all, :conditions => [...], :order => "...")`; whether there are any."""
    if (
        name in ("where", "order", "joins", "includes", "not", "update_all")
        or call.child_by_field_name("arguments") is None
    ):
        return False
    options = reader.arguments(call)[1]
    return bool(options) and with_options(reader, options, found)


def with_options(reader: RubyReader, options: dict[str, Node], found: Relation) -> bool:
    """Options of finders, associations and scopes as they were before Rails 4."""
    own = {key: node for key, node in options.items() if key in words.OLD_OPTIONS}
    if "conditions" in own:
        given(reader, own["conditions"], found)
    if "order" in own:
        sort_by(reader, own["order"], found)
    if "limit" in own or "per_page" in own:
        found.limited = True
    if "group" in own:
        found.grouped = True
    found.eager += [ANY_RELATION] if "include" in own else []
    for key in ("include", "joins"):
        if key in own:
            found.loads += relation_paths(reader, own[key], "", 0)[: MAX_LOADS - len(found.loads)]
    if "joins" in own:
        text = fragment_text(reader, own["joins"])
        if text is not None:
            found.add(joined(text)[0])
    return bool(own)
