"""Orders that whoever asks chooses: `order("#{sort_column} #{sort_direction}")`.

A method of the file, or a variable, puts the name of a column there: one of a list, or else its own.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record.bodies import last_expression
from scaleaudit.languages.ruby.active_record.fragments import sorts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

MAX_DEPTH = 6
MAX_CHOICES = 12
MAX_STEPS = 300  # expressions looked at for one order: names may lead to names
MAX_TEXTS = 200
BRANCHES = frozenset({"then", "else", "begin", "parenthesized_statements", "body_statement"})
LISTS = frozenset({"array", "string_array", "symbol_array"})
TEXTS = frozenset({"string", "simple_symbol", "bare_string", "bare_symbol", "hash_key_symbol"})


def choose(reader: RubyReader, node: Node, found: Relation) -> bool:
    """Adds what the rows are sorted by when nobody chooses, and what may be chosen; whether any is known."""
    named = leading(node)
    if named is None:
        return False
    usual: list[tuple[Condition, ...]] = []
    for text, chosen in islice(choices(reader, named, 0, set()), MAX_TEXTS):
        known = tuple(sorts(text))
        if not known:
            continue
        if chosen:
            found.orders.append(known)
        elif known not in usual:
            usual.append(known)
    if usual:
        found.add(usual[0])
    found.orders = [each for each in found.orders if each not in usual[:1]] + usual[1:]
    found.orders = list(dict.fromkeys(found.orders))[:MAX_CHOICES]
    return bool(usual or found.orders)


def leading(node: Node) -> Node | None:
    """The name in front of an order that is put together."""
    for _ in range(MAX_DEPTH):
        left = node.child_by_field_name("left") if node.type == "binary" else None
        if node.type == "string":
            first = node.named_children[0] if node.named_children else None
            inner = first.named_children if first is not None else []
            held = first is not None and first.type == "interpolation" and len(inner) == 1
            left = inner[0] if held else None
        elif node.type == "call" and node.child_by_field_name("arguments") is not None:
            args = node.child_by_field_name("arguments")
            wraps = node.child_by_field_name("receiver") is not None and args is not None
            left = args.named_children[0] if wraps and args and args.named_children else None
        if left is None:
            return node if node.type == "identifier" else None
        node = left
    return None


def choices(
    reader: RubyReader, node: Node | None, depth: int, seen: set[int]
) -> Iterator[tuple[str, bool]]:
    """(text, whether it is there only when it is chosen). `seen`: the nodes that were asked before."""
    if node is None or depth > MAX_DEPTH or node.id in seen or len(seen) >= MAX_STEPS:
        return
    seen.add(node.id)
    inner: list[Node | None] = []
    match node.type:
        case kind if kind in TEXTS:
            text = reader.text(node).strip(":\"'")
            if "#{" not in text:
                yield text, False
        case "identifier":
            name = reader.hint(node)
            methods = reader.definitions(name)
            held = reader.local(name, node)
            if held is None and len(methods) == 1:
                held = last_expression(methods[0])
            inner = [held]
        case "conditional" | "if" | "unless":
            yield from listed(reader, node.child_by_field_name("condition"), depth)
            inner = [
                node.child_by_field_name("consequence"),
                node.child_by_field_name("alternative"),
            ]
        case "case":
            for branch in node.named_children:
                body = branch.child_by_field_name("body") if branch.type == "when" else None
                for text, _ in choices(reader, body, depth + 1, seen):
                    yield text, True
                inner += [branch] if branch.type == "else" else []
        case "binary":
            operator = node.child_by_field_name("operator")
            if operator is not None and operator.type in ("||", "or"):
                inner = [node.child_by_field_name("left"), node.child_by_field_name("right")]
        case "element_reference":
            for text in items(reader, node.named_children[0], depth):
                yield text, True
        case "call":
            yield from called(reader, node, depth, seen)
        case kind if kind in BRANCHES:
            inner = [node.named_children[-1] if node.named_children else None]
        case _:
            pass
    for each in inner:
        yield from choices(reader, each, depth + 1, seen)


def called(
    reader: RubyReader, node: Node, depth: int, seen: set[int]
) -> Iterator[tuple[str, bool]]:
    """`SORTS.fetch(params[:sort], "name")`, `params[:sort].presence_in(SORTS)`, `"name".to_s`."""
    receiver, args = node.child_by_field_name("receiver"), reader.positional(node)
    match reader.method_name(node):
        case "fetch" | "dig" if receiver is not None:
            for text in items(reader, receiver, depth):
                yield text, True
            if len(args) > 1:
                yield from choices(reader, args[1], depth + 1, seen)
        case "presence_in" if args:
            for text in items(reader, args[0], depth):
                yield text, True
        case "to_s" | "to_sym" | "freeze" | "presence":
            yield from choices(reader, receiver, depth + 1, seen)
        case _:
            pass


def listed(reader: RubyReader, condition: Node | None, depth: int) -> Iterator[tuple[str, bool]]:
    """`%w[name price].include?(params[:sort])`"""
    receiver = condition.child_by_field_name("receiver") if condition is not None else None
    for text in items(reader, receiver, depth):
        yield text, True


def items(reader: RubyReader, node: Node | None, depth: int) -> Iterator[str]:
    """The texts of a list, and those that a hash leads to."""
    if node is None or depth > MAX_DEPTH:
        return
    match node.type:
        case kind if kind in LISTS:
            for each in node.named_children:
                if each.type in TEXTS:
                    yield reader.text(each).strip(":\"'")
        case "hash":
            for each in node.named_children:
                value = each.child_by_field_name("value") if each.type == "pair" else None
                if value is not None and value.type in TEXTS:
                    yield reader.text(value).strip(":\"'")
        case "constant":
            yield from items(reader, reader.constant_node(reader.hint(node)), depth + 1)
        case "identifier":
            methods = reader.definitions(reader.hint(node))
            held = reader.local(reader.hint(node), node)
            if held is None and len(methods) == 1:
                held = last_expression(methods[0])
            yield from items(reader, held, depth + 1)
        case "call" if reader.method_name(node) in ("freeze", "keys", "values"):
            yield from items(reader, node.child_by_field_name("receiver"), depth + 1)
        case _:
            pass
