"""Scopes that declarations of states give a model: `enum :status`, `aasm`, `enumerize`, `Discard::Model`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition, ScopeDefined
from scaleaudit.inflection import plural
from scaleaudit.languages.ruby.active_record.words import FRAMEWORK
from scaleaudit.languages.ruby.blocks import body_of, calls_in, words
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains
    from scaleaudit.languages.ruby.reader import RubyReader

    Told = Iterator[ScopeDefined]

# Of Rails 7 without, before with the underscore.
OPTIONS = frozenset({"prefix", "suffix", "scopes", "default", "instance_methods", "validate"})
NOT_WORD = regex(r"\W+")
DISCARDED = regex(rb"\bself\.discard_column\s{0,8}=\s{0,8}[:\"'](\w+)")
MAX_VALUES = 80
LISTS = frozenset({"array", "symbol_array", "string_array", "hash"})
# What modules that models include give them: (scope, operator, column).
INCLUDED = {
    "Discard.Model": (
        ("kept", "is-null", "discarded_at"),
        ("undiscarded", "is-null", "discarded_at"),
        ("discarded", "is-not-null", "discarded_at"),
        ("with_discarded", "", ""),
    ),
}


def given(
    chains: Chains, call: Node, owner: str, name: str, column: str, operator: str
) -> ScopeDefined:
    conditions = (Condition(column, operator, constant=operator == "="),) if column else ()
    return ScopeDefined(
        at=chains.reader.span(call),
        framework=FRAMEWORK,
        owner=owner,
        name=name,
        conditions=conditions,
        text=f"{owner}.{name}",
        implied=True,
    )


def labels(reader: RubyReader, node: Node | None) -> list[str]:
    """The values of an enumeration: of a list, the keys of a hash, a constant that holds one."""
    if node is None:
        return []
    if node.type == "constant":
        node = reader.constant_node(reader.hint(node))
    for _ in range(2):
        if node is not None and node.type == "call" and reader.method_name(node) in SAME:
            node = node.child_by_field_name("receiver")
    if node is None or node.type not in LISTS:
        return []
    if node.type == "hash":
        return list(reader.members(node))[:MAX_VALUES]
    return words(reader, node)[:MAX_VALUES]


SAME = frozenset({"freeze", "index_with", "to_h", "index_by", "map", "with_indifferent_access"})


def enum(chains: Chains, call: Node, owner: str) -> Told:
    """`enum status: { open: 0 }, _prefix: true`, `enum :status, %i[open closed], suffix: :order`."""
    reader = chains.reader
    args, options, _ = reader.arguments(call)
    kinds: dict[str, list[str]] = {}
    if args and args[0].type in ("simple_symbol", "string"):
        named = {key: node for key, node in options.items() if key.lstrip("_") not in OPTIONS}
        values = labels(reader, args[1]) if len(args) > 1 else list(named)[:MAX_VALUES]
        kinds[reader.hint(args[0]).strip(":\"'")] = values
    else:
        for key, node in options.items():
            if not key.startswith("_"):
                kinds[key] = labels(reader, node)
    scoping = options.get("scopes") or options.get("_scopes")
    if scoping is not None and reader.hint(scoping) == "false":
        return
    for column, several in kinds.items():
        before = affix(reader, options.get("prefix") or options.get("_prefix"), column)
        behind = affix(reader, options.get("suffix") or options.get("_suffix"), column)
        for value in several:
            plain = NOT_WORD.sub("_", value)
            name = "_".join(each for each in (before, plain, behind) if each)
            if name.isidentifier() and column.isidentifier():
                yield given(chains, call, owner, name, column, "=")
                yield given(chains, call, owner, f"not_{name}", column, "!=")


def affix(reader: RubyReader, node: Node | None, column: str) -> str:
    if node is None or reader.hint(node) in ("false", "nil"):
        return ""
    return column if reader.hint(node) == "true" else reader.hint(node).strip(":\"'")


def aasm(chains: Chains, call: Node, owner: str) -> Told:
    """`aasm column: :state do state :open, initial: true; state :sent, :paid end`"""
    reader = chains.reader
    args, options, _ = reader.arguments(call)
    scoping = options.get("create_scopes")
    if scoping is not None and reader.hint(scoping) == "false":
        return
    named = words(reader, options.get("column"))
    if not named and args and args[0].type == "simple_symbol":
        return  # one machine of several, whose scopes carry its name
    column = named[0] if named else "aasm_state"
    count = 0
    for each in calls_in(body_of(call)):
        if reader.method_name(each) != "state":
            continue
        for arg in reader.positional(each):
            for value in words(reader, arg):
                count += 1
                if value.isidentifier() and count <= MAX_VALUES:
                    yield given(chains, each, owner, value, column, "=")


def enumerize(chains: Chains, call: Node, owner: str) -> Told:
    """`enumerize :state, in: [:open, :sent], scope: true`, also `scope: :having_state`, `:shallow`."""
    reader = chains.reader
    args, options, _ = reader.arguments(call)
    column = reader.hint(args[0]).strip(":\"'") if args else ""
    scoping = options.get("scope")
    written = reader.hint(scoping).strip(":\"'") if scoping is not None else ""
    if not column.isidentifier() or not written.isidentifier() or written in ("false", "nil"):
        return
    if written == "shallow":
        for value in labels(reader, options.get("in")):
            if value.isidentifier():
                yield given(chains, call, owner, value, column, "=")
                yield given(chains, call, owner, f"not_{value}", column, "!=")
        return
    with_it = f"with_{column}" if written == "true" else written
    yield asked_for(chains, call, owner, with_it, column)
    yield given(chains, call, owner, f"without_{column}", column, "not-in")


def state_machine(chains: Chains, call: Node, owner: str) -> Told:
    """`state_machine :status, initial: :open do ... end`: `with_status(:sent)`."""
    reader = chains.reader
    args = reader.positional(call)
    named = reader.hint(args[0]).strip(":\"'") if args else "state"
    column = (words(reader, reader.arguments(call)[1].get("attribute")) or [named])[0]
    if not column.isidentifier() or not named.isidentifier():
        return
    for name in dict.fromkeys((f"with_{named}", f"with_{plural(named)}")):
        yield asked_for(chains, call, owner, name, column)
    for name in dict.fromkeys((f"without_{named}", f"without_{plural(named)}")):
        yield given(chains, call, owner, name, column, "not-in")


def asked_for(chains: Chains, call: Node, owner: str, name: str, column: str) -> ScopeDefined:
    """A scope that is handed the values."""
    found = given(chains, call, owner, name, column, "in")
    return msgspec.structs.replace(found, conditions=(Condition(column, "in"),))


def of_module(chains: Chains, at: Node, owner: str, included: str) -> Told:
    given_to = INCLUDED.get(included, ())
    renamed = (
        DISCARDED.search(chains.reader.content, at.start_byte, at.end_byte) if given_to else None
    )
    for name, operator, usual in given_to:
        column = renamed[1].decode() if renamed is not None and usual else usual
        yield given(chains, at, owner, name, column, operator)


SCOPING = {"enum": enum, "aasm": aasm, "enumerize": enumerize, "state_machine": state_machine}
