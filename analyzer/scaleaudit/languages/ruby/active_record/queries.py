"""The queries of a file: chains of calls that only Active Record has."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.chains import links, outermost
from scaleaudit.languages.ruby.active_record.relation import fact
from scaleaudit.languages.ruby.active_record.starts import FUNCTIONS, VARIABLES, starts_with
from scaleaudit.languages.ruby.active_record.words import CALLED, MADE, OPTION, OPTIONED, SAVED
from scaleaudit.languages.ruby.names import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.active_record.starts import Chains
    from scaleaudit.languages.ruby.reader import RubyReader

MAX_CHAINS = 600  # of one file
DECLARES = frozenset(
    ["scope", "named_scope", "default_scope", "has_many", "has_one", "belongs_to", "has_and_belongs_to_many",
     "validates", "validates_uniqueness_of", "many_to_one", "one_to_many", "many_to_many", "one_to_one"]
)  # fmt: skip


def queries(chains: Chains) -> Iterator[OrmQuery]:
    reader = chains.reader
    seen: set[int] = set()
    found: list[tuple[Node, Relation]] = []
    for call in calls(reader):
        whole = outermost(reader, call)
        if whole.id in seen or whole.id in chains.told:
            continue
        seen.add(whole.id)
        start, steps = links(whole)
        if start is None and declared(chains, steps[0]):
            continue
        for several in chains.evaluated(whole):
            own = conditional_extension(chains, whole)
            for each in several:
                if each.inserts and each.model.endswith(("Error", "Exception")):
                    continue
                if each.last is None or not each.asked or not (each.certain or old(each)):
                    continue
                if not each.model and not each.via:
                    continue
                found.append((each.last, each))
                if not own:
                    chains.extended.update(each.beginnings)
    for last, relation in found:
        if last.id not in chains.extended and last.id not in chains.told:
            yield fact(reader, relation, last)


def calls(reader: RubyReader) -> Iterator[Node]:
    """The calls of methods that only Active Record has."""
    made = MADE.finditer(reader.content) if SAVED.search(reader.content) else ()
    found = itertools.chain(CALLED.finditer(reader.content), made)
    for _, match in zip(range(MAX_CHAINS), found, strict=False):
        leaf = reader.leaf_at(match.start())
        above = leaf.parent if leaf is not None else None
        if leaf is None or leaf.type != "identifier" or leaf.start_byte != match.start():
            continue
        if (
            above is not None
            and above.type == "call"
            and above.child_by_field_name("method") == leaf
        ):
            yield above
    for _, match in zip(range(MAX_CHAINS), OPTION.finditer(reader.content), strict=False):
        node = reader.leaf_at(match.start())
        for _ in range(5):
            if node is None or node.type == "call":
                break
            node = node.parent
        if node is not None and node.type == "call" and reader.method_name(node) in OPTIONED:
            yield node


def old(found: Relation) -> bool:
    """Follows a query that surely is one, or goes on from a relation."""
    return bool(found.beginnings)


def declared(chains: Chains, call: Node) -> bool:
    """Stands in the block of a declaration, which is read with it."""
    for above in chains.reader.ancestors(call):
        if above.type in FUNCTIONS or above.type in chains.reader.CLASSES:
            return False
        if above.type == "call" and chains.reader.method_name(above) in DECLARES:
            return True
    return False


def conditional_extension(chains: Chains, whole: Node) -> bool:
    """`q = q.where(...)` in a branch: `q` may also stay what it was."""
    above = whole.parent
    for _ in range(3):
        if above is None or above.type == "assignment":
            break
        above = above.parent
    left = (
        above.child_by_field_name("left")
        if above is not None and above.type == "assignment"
        else None
    )
    if above is None or left is None or left.type not in VARIABLES:
        return False
    if not starts_with(whole, chains.reader.hint(left), chains.reader):
        return False
    for holder in chains.reader.ancestors(above):
        if holder.type in FUNCTIONS:
            return False
        if holder.type in (
            "if",
            "unless",
            "if_modifier",
            "unless_modifier",
            "case",
            "when",
            "elsif",
            "else",
            *BLOCKS,
        ):
            return True
    return False
