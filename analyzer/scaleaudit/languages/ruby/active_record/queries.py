"""The queries of a file: chains of calls that only Active Record has."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause
from scaleaudit.languages.ruby.active_record.built import built_together, kept_in
from scaleaudit.languages.ruby.active_record.chains import links, outermost
from scaleaudit.languages.ruby.active_record.looked_up import looked_up
from scaleaudit.languages.ruby.active_record.relation import Relation, fact, made, on_table
from scaleaudit.languages.ruby.active_record.variables import FUNCTIONS, VARIABLES, starts_with
from scaleaudit.languages.ruby.active_record.words import (
    AFTER_A_DOT,
    ALONE,
    ATTRIBUTED,
    MADE,
    MERGED,
    NARROWED_ON,
    NO_SCOPES,
    ON_CLASS,
    OPTION,
    OPTIONED,
    OWN_ROW,
    PAGER,
    PAGERS,
    READ_ON,
    SCOPED,
    TABLE,
)
from scaleaudit.languages.ruby.blocks_around import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery, QueryFound
    from scaleaudit.languages.ruby.active_record.starts import Chains
    from scaleaudit.languages.ruby.reader import RubyReader

MAX_CHAINS = 600  # of one file
DECLARES = frozenset(
    ["scope", "named_scope", "default_scope", "has_many", "has_one", "belongs_to", "has_and_belongs_to_many",
     "validates", "validates_uniqueness_of", "many_to_one", "one_to_many", "many_to_many", "one_to_one"]
)  # fmt: skip


def queries(chains: Chains) -> Iterator[OrmQuery | QueryFound]:
    reader = chains.reader
    seen: set[int] = set()
    found: list[tuple[Node, Relation]] = []
    for call in itertools.chain(calls(chains), scoped(reader)):
        whole = outermost(call)
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
                if each.last is None or not (asked(each) or narrowed(each)):
                    continue
                if not (each.model or each.via or each.table):
                    continue
                found.append((each.last, each))
                chains.extended.update(each.absorbed)
                if not own:
                    chains.extended.update(each.beginnings)
    found += paged(chains)
    by_attributes = list(looked_up(chains))
    for last, relation in sorted(found, key=lambda each: each[0].start_byte):
        if last.id not in chains.extended and last.id not in chains.told:
            name = kept_in(last, reader) if relation.state != "ended" else ""
            if name and built_together(reader, name, last):
                relation.partial = True
            if narrows_another(reader, last):
                relation.partial = True  # of rows that are not known
            sorts = all(c.clause is Clause.SORT for c in relation.conditions)
            if relation.handed and sorts and not relation.scopes:
                relation.partial = True  # `shop.orders.export`, `.newest`: of all, or of a few
            make = on_table if relation.table else fact
            for each in relation.variants():
                yield make(reader, each, last)
            if relation.makes and not relation.table:
                yield made(reader, relation, last)
    yield from by_attributes
    yield from merged(reader)


def narrows_another(reader: RubyReader, whole: Node) -> bool:
    """`rows.merge(Order.where(code: code))`, `rows.or(Order.where(...))`."""
    above = whole.parent
    call = above.parent if above is not None and above.type == "argument_list" else None
    return (
        call is not None
        and call.child_by_field_name("receiver") is not None
        and reader.method_name(call) in ("merge", "or", "and")
    )


def merged(reader: RubyReader) -> Iterator[OrmQuery]:
    """The scope of another model that a list of unknown rows is narrowed by, as being used."""
    for _, match in zip(range(MAX_CHAINS), MERGED.finditer(reader.content), strict=False):
        leaf = reader.leaf_at(match.start(1))
        if leaf is not None and match[2].decode() not in NO_SCOPES:
            model = match[1].decode().replace("::", ".")
            yield fact(reader, Relation(beside=(f"{model}.{match[2].decode()}",)), leaf)


def paged(chains: Chains) -> Iterator[tuple[Node, Relation]]:
    """`pagy(Order.recent)`: a list that is cut into pages."""
    reader = chains.reader
    if b"pagy" not in reader.content and b"paginate" not in reader.content:
        return
    for _, match in zip(range(MAX_CHAINS), PAGER.finditer(reader.content), strict=False):
        for call in called(reader, match.start(1)):
            args = reader.positional(call)
            if not args or call.child_by_field_name("receiver") is not None:
                continue
            if PAGERS.fullmatch(reader.method_name(call)) is None:
                continue
            for each in chains.relations(args[0]):
                known = each.model or each.via or each.table
                if each.state != "relation" or not known or not (asked(each) or each.scopes):
                    continue
                whole = each.copy()
                whole.limited, whole.certain = True, True
                chains.extended.update((*each.absorbed, *each.beginnings, args[0].id))
                if each.last is not None:
                    chains.extended.add(each.last.id)
                yield call, whole


def calls(chains: Chains) -> Iterator[Node]:
    """The calls of methods that only Active Record has."""
    reader = chains.reader
    content = reader.content
    for _, match in zip(range(MAX_CHAINS), AFTER_A_DOT.finditer(content), strict=False):
        yield from called(reader, match.start("name"))
    if chains.models:
        for _, match in zip(range(MAX_CHAINS), ALONE.finditer(content), strict=False):
            yield from called(reader, match.start("name"))
    tables = reader.says(b"DB[", b"db[", b"database[")
    for pattern in (ATTRIBUTED, TABLE) if tables else (ATTRIBUTED,):
        for _, match in zip(range(MAX_CHAINS), pattern.finditer(content), strict=False):
            yield from called(reader, match.start() + 1 if pattern is ATTRIBUTED else match.end())
    if b"Sequel::Model" in content:
        for _, match in zip(range(MAX_CHAINS), OWN_ROW.finditer(content), strict=False):
            yield from called(reader, match.start())
    if b".save" in content:
        for _, match in zip(range(MAX_CHAINS), MADE.finditer(content), strict=False):
            yield from called(reader, match.start() + 1)
    if not reader.says(b"conditions", b":order", b"order:"):
        return
    for _, match in zip(range(MAX_CHAINS), OPTION.finditer(reader.content), strict=False):
        node = reader.leaf_at(match.start())
        for _ in range(5):
            if node is None or node.type == "call":
                break
            node = node.parent
        if node is not None and node.type == "call" and reader.method_name(node) in OPTIONED:
            yield node


def called(reader: RubyReader, start: int) -> Iterator[Node]:
    """The call whose method's name begins at a byte."""
    leaf = reader.leaf_at(start)
    above = leaf.parent if leaf is not None else None
    if leaf is None or above is None or leaf.start_byte != start or above.type != "call":
        return
    if above.child_by_field_name("method") == leaf:
        yield above


def scoped(reader: RubyReader) -> Iterator[Node]:
    """Calls after a plural that no method of the library is: scopes, where the relation has them."""
    for _, match in zip(range(MAX_CHAINS), SCOPED.finditer(reader.content), strict=False):
        if match[2].decode() in NO_SCOPES:
            continue
        yield from called(reader, match.start(2))
    for start in on_classes(reader.content):
        yield from called(reader, start)


def on_classes(content: bytes) -> list[int]:
    """Where scopes of classes stand: those that rows are read of, then the second ones of two."""
    read: list[int] = []
    twice: list[int] = []
    read_end = twice_end = 0  # neither is looked for inside of the last one
    for first in ON_CLASS.finditer(content):
        start, after = first.start(), first.end("dot")
        how = READ_ON.match(content, after) if start >= read_end else None
        if how is not None and len(read) < MAX_CHAINS:
            read_end = how.end()
            if first["scope"].decode() not in NO_SCOPES:
                read.append(first.start("scope"))
        second = NARROWED_ON.match(content, after) if start >= twice_end else None
        if second is not None and len(twice) < MAX_CHAINS:
            twice_end = second.end()
            if not {first["scope"].decode(), second[1].decode()} & NO_SCOPES:
                twice.append(after)
    return read + twice


def asked(found: Relation) -> bool:
    """Surely a query, or goes on from one."""
    return found.asked and (found.certain or bool(found.beginnings))


def narrowed(found: Relation) -> bool:
    """A scope of its own: on a relation of a record's, or on a class of which some rows are read."""
    if found.via:
        return len(found.scopes) == 1 and found.state != "instance"
    several = found.asked or len(found.scopes) > 1
    return bool(found.model and found.scopes) and several and found.state != "class"


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
