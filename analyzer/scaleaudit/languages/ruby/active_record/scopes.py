"""Named parts of queries: `scope`, `default_scope`, and class methods that give back relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ScopeDefined, ScopeOption
from scaleaudit.languages.ruby.active_record.bodies import last_expression
from scaleaudit.languages.ruby.active_record.chains import follow, links, outermost
from scaleaudit.languages.ruby.active_record.conditions import given, pairs
from scaleaudit.languages.ruby.active_record.data_sets import in_block
from scaleaudit.languages.ruby.active_record.old_finders import with_options
from scaleaudit.languages.ruby.active_record.relation import Relation, shown
from scaleaudit.languages.ruby.active_record.sorts import sort_by
from scaleaudit.languages.ruby.active_record.words import FINDER, FRAMEWORK, HARMLESS, METHODS
from scaleaudit.languages.ruby.blocks_around import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains

LAMBDAS = frozenset({"lambda", "proc", "Proc"})


def scope_body(chains: Chains, node: Node | None) -> Node | None:
    """The expression that a lambda, or a block of `lambda`, gives back."""
    if node is None:
        return None
    reader = chains.reader
    if node.type == "parenthesized_statements" and len(node.named_children) == 1:
        node = node.named_children[0]
    block: Node | None = node
    if node.type == "lambda":
        block = node.child_by_field_name("body")
    elif node.type == "call":
        receiver = node.child_by_field_name("receiver")
        name = reader.method_name(node)
        maker = name in LAMBDAS or (
            name == "new" and receiver is not None and reader.hint(receiver) == "Proc"
        )
        if not maker:
            return node
        block = node.child_by_field_name("block")
    if block is not None and block.type in BLOCKS:
        block = block.child_by_field_name("body")
    if block is not None and block.type in ("block_body", "body_statement"):
        inner = [c for c in block.named_children if c.type != "comment"]
        return inner[-1] if inner else None
    return block


def written_scope(chains: Chains, body: Node | None, model: str) -> Relation | None:
    """The relation that a scope's expression makes of its model; None when it is none."""
    if body is None:
        return None
    reader = chains.reader
    if body.type == "hash":
        found = Relation(model)
        return found if with_options(reader, reader.members(body), found) else None
    choices = chains.alternatives(body, 0)
    if len(choices) != 1:  # of what a condition chooses from, one that narrows
        parts = (written_scope(chains, choice, model) for choice in choices)
        return next((p for p in parts if p is not None and (p.conditions or p.scopes)), None)
    expression = choices[0]
    if expression.type in ("if_modifier", "unless_modifier"):
        return written_scope(chains, expression.child_by_field_name("body"), model)
    if expression.type == "identifier":
        name = reader.hint(expression)
        return Relation(model, scopes=scope_names(name), state="relation")
    if expression.type != "call":
        return None
    start, calls = links(expression)
    base = Relation(model)
    if start is not None:
        if start.type == "identifier":
            name = reader.hint(start)
            base = Relation(model, scopes=scope_names(name))
        elif start.type in ("constant", "scope_resolution"):
            name = reader.constant_name(start)
            if name.rpartition(".")[2] != model.rpartition(".")[2]:
                return None
        elif start.type != "self":
            return None
    before, chains.owner = chains.owner, model
    found = follow(reader, base, calls, chains.relations)[-1]
    chains.owner = before
    chains.told.add(outermost(expression).id)
    if found.last is not None:
        chains.told.add(found.last.id)
    return found


def scope_names(name: str) -> list[str]:
    """Of a name without receiver: the scope that it is, unless it is one of the library's methods."""
    return [] if name in HARMLESS or name in METHODS else [name]


def defined(
    chains: Chains, node: Node, owner: str, name: str, found: Relation, *, always: bool = False
) -> ScopeDefined:
    chains.extended.update(found.absorbed)
    at, text = chains.reader.span(node), shown(chains.reader, node)
    return ScopeDefined(
        at=at,
        framework=FRAMEWORK,
        owner=owner,
        name=name,
        conditions=tuple(found.conditions),
        scopes=tuple(found.scopes),
        limited=found.limited,
        partial=found.partial,
        always=always,
        text=text,
        eager=tuple(dict.fromkeys(found.eager)),
        beside=found.beside,
        options=tuple(ScopeOption(at, text, each) for each in found.options),
        alone=chains.reader.content.count(name.encode()) == 1,
    )


def scope(chains: Chains, call: Node, owner: str) -> Iterator[ScopeDefined]:
    """`scope :recent, -> { order(:created_at) }`, `named_scope :a, :conditions => {...}`."""
    args, options, _ = chains.reader.arguments(call)
    if not args or args[0].type not in ("simple_symbol", "string"):
        return
    name = chains.reader.hint(args[0]).strip(":\"'")
    found = None
    if len(args) > 1:
        found = written_scope(chains, scope_body(chains, args[1]), owner)
    elif options:
        found = Relation(owner)
        with_options(chains.reader, options, found)
    if found is not None:
        yield defined(chains, call, owner, name, found)


def subset(chains: Chains, call: Node, owner: str) -> Iterator[ScopeDefined]:
    """Sequel's `subset :open, state: 1` and `subset(:late) { due_at < Date.today }`."""
    reader = chains.reader
    args = reader.positional(call)
    holder, block = call.child_by_field_name("arguments"), call.child_by_field_name("block")
    if not args or args[0].type != "simple_symbol" or holder is None:
        return
    found = Relation(owner, state="relation")
    pairs(reader, [c for c in holder.named_children if c.type == "pair"], found)
    if block is not None:
        in_block(reader, block, found, negated=False)
    if found.conditions:
        yield defined(chains, call, owner, reader.hint(args[0])[1:], found)


def data_set_part(chains: Chains, call: Node, owner: str) -> Iterator[ScopeDefined]:
    """In Sequel's `dataset_module`: `where :open, state: 1`, `order :by_name, :name`."""
    reader = chains.reader
    holder, block = call.child_by_field_name("arguments"), call.child_by_field_name("block")
    args = holder.named_children if holder is not None else []
    if not args or args[0].type != "simple_symbol" or (len(args) == 1 and block is None):
        return
    found = Relation(owner, state="relation")
    negated = reader.method_name(call) == "exclude"
    if reader.method_name(call) in ("order", "reverse"):
        for each in args[1:]:
            sort_by(reader, each, found)
    elif block is not None:
        in_block(reader, block, found, negated=negated)
    elif args[1].type == "pair":
        pairs(reader, args[1:], found, negated=negated)
    else:
        given(reader, args[1], found, negated=negated, beside=args[2:])
    if found.conditions:
        yield defined(chains, call, owner, reader.hint(args[0])[1:], found)


def data_set_method(chains: Chains, call: Node, owner: str) -> Iterator[ScopeDefined]:
    """Sequel's `def_dataset_method(:of) { |user| where(user: user) }`."""
    args = chains.reader.arguments(call)[0]
    block = call.child_by_field_name("block")
    if not args or args[0].type != "simple_symbol" or block is None:
        return
    found = written_scope(chains, scope_body(chains, block), owner)
    if found is not None:
        yield defined(chains, call, owner, chains.reader.hint(args[0])[1:], found)


def default_scope(chains: Chains, call: Node, owner: str) -> Iterator[ScopeDefined]:
    reader = chains.reader
    args, options, _ = reader.arguments(call)
    block = call.child_by_field_name("block")
    found: Relation | None = None
    if block is not None:
        found = written_scope(chains, scope_body(chains, block), owner)
    elif args and args[0].type != "hash":
        found = written_scope(chains, scope_body(chains, args[0]), owner)
    elif options:
        found = Relation(owner)
        with_options(reader, options, found)
    if found is not None:
        yield defined(chains, call, owner, "default_scope", found, always=True)


def own_finder(chains: Chains, method: Node, owner: str, name: str) -> ScopeDefined:
    """`def self.find_by_name`, which takes the place of the one that Rails makes up."""
    at = chains.reader.span(method)
    return ScopeDefined(
        at=at, framework=FRAMEWORK, owner=owner, name=name, partial=True, implied=True
    )


def class_methods(chains: Chains, owner: str, methods: list[Node]) -> Iterator[ScopeDefined]:
    """Methods of the class whose last expression is a relation of it."""
    for method in methods:
        last = last_expression(method)
        named = method.child_by_field_name("name")
        if last is None or named is None or not chains.reader.hint(named).isidentifier():
            continue
        found = returned(chains, last, owner)
        if found is None:
            name = chains.reader.hint(named)
            if FINDER.fullmatch(name):
                yield own_finder(chains, method, owner, name)
            continue
        chains.extended.update(found.beginnings)
        if found.last is not None:
            chains.told.add(found.last.id)
        chains.told.add(last.id)
        name = chains.reader.hint(named)
        yield defined(chains, last, owner, name, found)


def returned(chains: Chains, last: Node, owner: str) -> Relation | None:
    """The relation on the class around that an expression is; None for anything else."""
    several = chains.evaluated(last)
    if not several or len(several[0]) != 1:
        return None
    found = several[0][0].copy()
    if found.model != owner or found.via or found.state != "relation":
        return None
    if not (found.asked or found.scopes) or not (found.certain or found.beginnings):
        return None
    return found
