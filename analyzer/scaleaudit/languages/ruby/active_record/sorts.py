"""The columns that calls of Active Record and Sequel sort by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record import arel, sequel
from scaleaudit.languages.ruby.active_record.comparisons import named
from scaleaudit.languages.ruby.active_record.conditions import MAX_DEPTH, PATH
from scaleaudit.languages.ruby.active_record.fragments import fragment_text, sorts
from scaleaudit.languages.ruby.active_record.sort_choices import choose
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

# A number drawn for each row; with a seed the order is the same at each call.
CHANCE = regex(r"\s*(?:rand(?:om)?|newid)\s*\(\s*\)", 2)


def sorting(reader: RubyReader, call: Node, found: Relation) -> None:
    if reader.method_name(call) in ("reorder", "reorder!"):
        found.conditions = [each for each in found.conditions if each.clause is not Clause.SORT]
        found.sorted_oddly = False
    holder = call.child_by_field_name("arguments")
    for each in holder.named_children if holder is not None else ():
        sort_by(reader, each, found)
    block = call.child_by_field_name("block")
    body = block.child_by_field_name("body") if block is not None else None
    if block is None or body is None or len(body.named_children) != 1:
        return
    only, rows = body.named_children[0], sequel.row_name(reader, block)
    for each in only.named_children if only.type == "array" else (only,):
        known = sequel.sort(reader, each, rows=rows)
        found.add([known] if known is not None else [])


def sorted_already(found: Relation) -> bool:
    return any(each.clause is Clause.SORT for each in found.conditions)


def sort_by(reader: RubyReader, node: Node, found: Relation, depth: int = 0) -> None:
    if found.sorted_oddly:
        return
    match node.type:
        case "pair":
            key = node.child_by_field_name("key")
            value = node.child_by_field_name("value")
            column, model = named(reader, key)
            if key is not None and key.type == "identifier" and choose(reader, key, found):
                return
            if value is not None and value.type == "hash":
                for inner in value.named_children:
                    if inner.type == "pair":
                        last, _ = named(reader, inner.child_by_field_name("key"))
                        found.add([Condition(f"{column}.{last}", "sort", Clause.SORT)])
            elif PATH.fullmatch(column):
                found.add([Condition(column, "sort", Clause.SORT, model=model)])
            else:
                found.sorted_oddly = True
        case "simple_symbol" | "hash_key_symbol":
            column = reader.hint(node).strip(":")
            if PATH.fullmatch(column):
                found.add([Condition(column, "sort", Clause.SORT)])
        case "hash" | "array" if depth < MAX_DEPTH:
            for inner in node.named_children:
                sort_by(reader, inner, found, depth + 1)
        case "unary" if node.named_children and depth < MAX_DEPTH:
            sort_by(reader, node.named_children[0], found, depth + 1)
        case _:
            if choose(reader, node, found):
                return
            text = fragment_text(reader, node)
            if text is not None:
                told = sorts(text)
                found.shuffled = found.shuffled or (
                    not told and not sorted_already(found) and CHANCE.match(text) is not None
                )
                found.add(told)
                found.sorted_oddly = bool(text.strip()) and not told
                return
            known = arel.sort(reader, node) or sequel.sort(reader, node)
            if known is not None:
                found.add([known])
            found.sorted_oddly = known is None
