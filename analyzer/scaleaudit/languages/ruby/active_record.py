"""Queries that Active Record makes of a chain of calls on a model: `Ticket.where(a: 1).to_a`.

Only chains whose end is in sight are told: those that load their rows here, or fewer than all.
What a scope of the model adds, or who goes on with a relation, one file cannot know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Predicate, QueryFound
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.ruby.imports import KNOWN
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

START = regex(
    rb"\b([A-Z]\w*)[ \t]*\.(?:where|all|find_by!?|order|includes|preload|eager_load|joins|left_joins"
    rb"|unscoped|exists\?|find_each|select|distinct|pluck|none)\b"
)
# Methods that only Active Record has by these names; without one it may be any class.
CERTAIN = frozenset(
    [
        "where",
        "find_by",
        "find_by!",
        "order",
        "includes",
        "preload",
        "eager_load",
        "joins",
        "left_joins",
        "unscoped",
        "find_each",
        "in_batches",
        "find_in_batches",
        "pluck",
    ]
)
HARMLESS = frozenset(
    [
        "all",
        "includes",
        "preload",
        "eager_load",
        "readonly",
        "lock",
        "references",
        "unscoped",
        "select",
        "strict_loading",
        "extending",
        "annotate",
    ]
)
NARROWING = frozenset({"joins", "left_joins", "left_outer_joins", "having", "or", "merge", "and"})
LIMITING = frozenset(
    [
        "limit",
        "first",
        "first!",
        "last",
        "last!",
        "take",
        "take!",
        "find_by",
        "find_by!",
        "find",
        "pick",
        "page",
        "per",
        "paginate",
        "sole",
        "exists?",
        "any?",
        "none?",
        "empty?",
        "second",
        "third",
    ]
)
COUNTING = frozenset(["count", "sum", "average", "minimum", "maximum", "size", "length"])
STREAMING = frozenset({"find_each", "find_in_batches", "in_batches"})
LOADING = frozenset(
    [
        "to_a",
        "load",
        "each",
        "map",
        "each_with_index",
        "each_with_object",
        "flat_map",
        "pluck",
        "ids",
        "as_json",
        "to_json",
        "group_by",
        "index_by",
        "sort_by",
        "filter_map",
        "to_set",
        "inject",
        "reduce",
        "collect",
        "each_slice",
        "partition",
        "find_all",
        "entries",
        "records",
        "to_h",
        "sum_by",
    ]
)
CHANGING = regex(r"^(?:update|delete|destroy|insert|upsert|create|find_or|touch|none$|new$|build)")
COLUMN = regex(r"[a-z_]\w*")
MAX_CHAINS = 500  # of one file
MAX_CALLS = 24  # of one chain
MAX_TEXT = 200


class Relation(Gathering):
    """What the calls of one chain add up to."""

    table: str
    predicates: list[Predicate] = msgspec.field(default_factory=list)
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    loaded: bool = False
    partial: bool = False  # a fragment of SQL, a join: it may hold conditions of its own
    certain: bool = False
    known: bool = True


def queries(reader: RubyReader) -> Iterator[QueryFound]:
    for _, match in zip(range(MAX_CHAINS), START.finditer(reader.content), strict=False):
        model = reader.leaf_at(match.start(1))
        if model is None or model.type != "constant" or match[1] in KNOWN:
            continue
        if model.start_byte != match.start(1):
            continue
        found = Relation(plural(underscored(match[1].decode())))
        whole = follow(reader, model, found)
        if whole is None or not found.known or not found.certain:
            continue
        ended = found.limited or found.aggregate or found.streamed or found.loaded
        if not ended and not rendered(reader, whole):
            continue
        block = whole.child_by_field_name("block")
        end = block.start_byte if block is not None else whole.end_byte
        written = reader.content[whole.start_byte : min(end, whole.start_byte + 2 * MAX_TEXT)]
        text = " ".join(written.decode("utf-8", "replace").split())[:MAX_TEXT]
        yield QueryFound(
            at=reader.span(whole),
            text=text,
            reads=(found.table,),
            predicates=tuple(found.predicates),
            limited=found.limited,
            aggregate=found.aggregate,
            partial=found.partial,
            in_loop=reader.in_loop(whole),
            streamed=found.streamed,
            library="activerecord",
            scope=reader.scope(whole),
            grouped=found.grouped,
        )


def follow(reader: RubyReader, model: Node, found: Relation) -> Node | None:
    """The last call of the chain; None when a call in it says that no rows are read."""
    at, inner = model, model.parent
    if inner is not None and inner.type == "scope_resolution":
        if inner.child_by_field_name("name") != model:
            return None
        at, inner = inner, inner.parent
    last: Node | None = None
    for _ in range(MAX_CALLS):
        if inner is None or inner.type != "call":
            break
        receiver = inner.child_by_field_name("receiver")
        if receiver is None or receiver.id != at.id:
            break
        name = reader.method_name(inner)
        if CHANGING.search(name):
            return None
        if found.loaded or found.aggregate or found.streamed:
            break  # from here on it is an object of Ruby's own
        take(reader, inner, name, found)
        if not found.known:
            return None
        last, at, inner = inner, inner, inner.parent
        if found.limited and name not in ("limit", "page", "per", "paginate"):
            break
    return last


def take(reader: RubyReader, call: Node, name: str, found: Relation) -> None:
    """One call of the chain."""
    found.certain = found.certain or name in CERTAIN
    negated = name == "not" or (name == "where" and call.child_by_field_name("arguments") is None)
    if name in ("where", "find_by", "find_by!", "not", "rewhere", "exists?"):
        conditions(reader, call, found, negated=name == "not")
        if negated and name == "where":
            return
    elif name in ("order", "reorder"):
        sorting(reader, call, found)
    elif name in ("group", "distinct"):
        found.grouped = True
    elif name in NARROWING:
        found.partial = True
    elif name in COUNTING:
        found.aggregate = True
    elif name in STREAMING:
        found.streamed = True
    elif name in LOADING:
        found.loaded = True
    elif name == "find" or (name not in HARMLESS and name not in LIMITING and name != "offset"):
        found.known = False
    if name in LIMITING:
        found.limited = True
    if name == "select" and call.child_by_field_name("block") is not None:
        found.loaded = True


def conditions(reader: RubyReader, call: Node, found: Relation, *, negated: bool) -> None:
    holder = call.child_by_field_name("arguments")
    for each in holder.named_children if holder is not None else ():
        if each.type == "hash":
            pairs = [pair for pair in each.named_children if pair.type == "pair"]
        elif each.type == "pair":
            pairs = [each]
        else:
            found.partial = True
            continue
        for pair in pairs:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            column = reader.hint(key).strip("\"':") if key is not None else ""
            table, _, last = column.rpartition(".")
            if not COLUMN.fullmatch(last) or (value is not None and value.type == "hash"):
                found.partial = True
                continue
            operator = operator_of(value, negated=negated)
            predicate = Predicate(table or found.table, last, operator, Clause.FILTER)
            found.predicates.append(predicate)


def operator_of(value: Node | None, *, negated: bool) -> str:
    kind = value.type if value is not None else ""
    if kind == "nil":
        return "is-not-null" if negated else "is-null"
    if negated:
        return "not-in" if kind.endswith("array") else "!="
    if kind.endswith("array"):
        return "in"
    return "between" if kind == "range" else "="


def sorting(reader: RubyReader, call: Node, found: Relation) -> None:
    holder = call.child_by_field_name("arguments")
    for each in holder.named_children if holder is not None else ():
        key = each.child_by_field_name("key") if each.type == "pair" else each
        if key is None or key.type not in ("simple_symbol", "hash_key_symbol"):
            continue  # a fragment of SQL, which sorts by who knows what
        column = reader.hint(key).strip(":")
        found.predicates.append(Predicate(found.table, column, "sort", Clause.SORT))


def rendered(reader: RubyReader, whole: Node) -> bool:
    """`render json: Ticket.where(...)` loads all of them."""
    pair = whole.parent
    key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
    holder = pair.parent if pair is not None else None
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    return (
        key is not None
        and reader.hint(key) in ("json", "xml")
        and call is not None
        and call.type == "call"
        and reader.method_name(call) == "render"
    )
