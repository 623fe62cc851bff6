"""Relations that come with the rows: `includes`, `preload`, `eager_load`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, Clause
from scaleaudit.languages.ruby.active_record.joins import relation_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

LOADING = frozenset({"includes", "preload", "eager_load", "eager", "eager_graph"})
SPELLED = frozenset({"pair", "hash", "simple_symbol", "array", "symbol_array"})


def load_along(reader: RubyReader, call: Node, name: str, found: Relation) -> None:
    """Adds what the call loads; what is not spelled out may be anything."""
    holder = call.child_by_field_name("arguments")
    if name not in LOADING:
        return
    for each in holder.named_children if holder is not None else ():
        paths = relation_paths(reader, each, "", 0) if each.type in SPELLED else [ANY_RELATION]
        whole = reader.text(each)
        if "*" in whole or "(" in whole or any(c.isupper() for c in whole):
            paths.append(ANY_RELATION)
        found.eager += paths


def led_on(eager: Iterable[str], name: str) -> list[str]:
    """What is loaded along, seen from a relation of the rows."""
    ahead = f"{name}."
    return [
        each if each == ANY_RELATION else each.removeprefix(ahead)
        for each in eager
        if each == ANY_RELATION or each.startswith(ahead)
    ]


def in_common(found: Relation) -> list[str]:
    """Relations that lead to one and the same row from all rows of a query.

    `Document.where(track_id: track.id)`: while a request runs, Rails answers the same question from
    its query cache.
    """
    return [
        each.path.removesuffix("_id")
        for each in found.conditions
        if each.operator == "="
        and each.clause is Clause.FILTER
        and not (each.alternative or each.constant or each.function or each.model)
        and "." not in each.path
    ]
