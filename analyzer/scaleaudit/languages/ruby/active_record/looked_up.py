"""Sequel's rows by their attributes, in brackets: `Order[code: x]`, `shop.orders_dataset[code: x]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.conditions import pairs
from scaleaudit.languages.ruby.active_record.relation import Relation, fact, on_table
from scaleaudit.languages.ruby.active_record.words import LOOKED_UP
from scaleaudit.languages.ruby.imports import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery, QueryFound
    from scaleaudit.languages.ruby.active_record.starts import Chains

MAX_CHAINS = 600  # of one file
MAX_BEGINNINGS = 3  # of one data set


def looked_up(chains: Chains) -> Iterator[OrmQuery | QueryFound]:
    """Sequel's `Order[code: x]`, `DB[:orders][code: x]`: the first row with these attributes."""
    reader = chains.reader
    for _, match in zip(range(MAX_CHAINS), LOOKED_UP.finditer(reader.content), strict=False):
        leaf = reader.leaf_at(match.start(1))
        node = leaf.parent if leaf is not None else None
        if node is None or node.type != "element_reference":
            continue
        holder = node.named_children[0]
        if holder.type == "call":
            yield from first_of(chains, holder, node)
            continue
        name = reader.constant_name(holder)
        if name == "Sequel":
            continue  # `Sequel[code: x]`: conditions to be combined
        if holder.type == "self":
            around = chains.around(node)
            name = around.name if around.level == "class" else ""
        tables = chains.starts(holder) if holder.type == "element_reference" else []
        table = tables[0].table if len(tables) == 1 else ""
        found = Relation(name, table=table, limited=True, state="instance")
        pairs(reader, node.named_children[1:], found)
        if table and found.conditions:
            yield on_table(reader, found, node)
        elif name and not name.isupper() and name.encode() not in KNOWN and found.conditions:
            yield fact(reader, found, node)


def first_of(chains: Chains, holder: Node, node: Node) -> Iterator[OrmQuery | QueryFound]:
    """Sequel's `Order.open[code: x]`, `shop.orders_dataset[code: x]`: the first row of a data set."""
    for each in chains.relations(holder)[:MAX_BEGINNINGS]:
        if each.state not in ("relation", "class") or not (each.model or each.via or each.table):
            continue
        found = each.copy()
        found.limited, found.state, before = True, "instance", len(found.conditions)
        pairs(chains.reader, node.named_children[1:], found)
        if len(found.conditions) == before:
            continue
        chains.extended.update((*each.absorbed, *each.beginnings, holder.id))
        yield (on_table if found.table else fact)(chains.reader, found, node)
