"""Hashes that are gathered before a query takes them: `by = { a: x }; by[:b] = y if y; where(by)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.languages.ruby.active_record.growing import inside
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_DEPTH = 5  # from a query through variables and methods to the hash
MAX_STEPS = 60  # mentions of one variable
MAX_OPTIONS = 12
VARIABLES = frozenset({"identifier", "instance_variable"})
SYMBOLS = frozenset({"simple_symbol", "string"})
# They give the same keys and values back.
SAME = frozenset(
    ["to_h", "to_hash", "to_unsafe_h", "symbolize_keys", "deep_symbolize_keys", "stringify_keys", "with_indifferent_access",
     "presence", "freeze", "dup", "clone"]
)  # fmt: skip
THINNED = frozenset(["compact", "compact_blank", "reject", "select", "filter"])  # by values
MERGING = frozenset(["merge", "reverse_merge", "deep_merge", "with_defaults"])
CHANGING = frozenset(["merge!", "update", "reverse_merge!", "deep_merge!"])
TAKING_AWAY = frozenset(
    ["delete", "delete_if", "except!", "slice!", "clear", "replace", "transform_values!", "transform_keys!", "shift",
     "keep_if", "each", "each_pair", "tap", "extract!"]
)  # fmt: skip
PERMITS = frozenset(["permit", "slice"])

Pair: TypeAlias = "tuple[Node | None, Node | None]"  # key and value


class Gathered(Gathering):
    """Keys and values of a hash; `options`: those that are there under a condition, or when given."""

    always: list[Pair] = msgspec.field(default_factory=list)
    options: list[list[Pair]] = msgspec.field(default_factory=list)
    known: bool = True  # nothing else may be in it

    def join(self, other: Gathered | None) -> None:
        if other is None:
            self.known = False
            return
        self.always += other.always
        self.options = (self.options + other.options)[:MAX_OPTIONS]
        self.known = self.known and other.known


def gathered(reader: RubyReader, node: Node, depth: int = 0) -> Gathered | None:
    """What a hash may hold where a query takes it; None where that is no hash in sight."""
    if depth > MAX_DEPTH:
        return None
    match node.type:
        case "hash":
            return of_pairs(reader, node.named_children, depth)
        case "parenthesized_statements" if len(node.named_children) == 1:
            return gathered(reader, node.named_children[0], depth + 1)
        case "hash_splat_argument" if node.named_children:
            return gathered(reader, node.named_children[0], depth + 1)
        case "identifier" | "instance_variable":
            found = of_variable(reader, node, depth)
            return found if found is not None else of_method(reader, reader.hint(node), depth)
        case "call":
            return of_call(reader, node, depth)
        case _:
            return None


def of_pairs(reader: RubyReader, nodes: list[Node], depth: int) -> Gathered:
    found = Gathered()
    for each in nodes:
        if each.type == "pair":
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            found.always.append((key, value))
        elif each.type != "comment":
            found.join(gathered(reader, each, depth + 1))
    return found


def of_call(reader: RubyReader, node: Node, depth: int) -> Gathered | None:
    name, receiver = reader.method_name(node), node.child_by_field_name("receiver")
    if receiver is None:
        return of_method(reader, name, depth)
    if name in PERMITS:
        return permitted(reader, node)
    if name not in SAME and name not in THINNED and name not in MERGING:
        return None
    found = gathered(reader, receiver, depth + 1)
    if found is None or name in SAME:
        return found
    if name in THINNED:
        return thinned(found)
    found.join(of_arguments(reader, node, depth))
    return found


def thinned(found: Gathered) -> Gathered:
    """Only what has a value stays, which of several keys nobody knows."""
    if len(found.always) > 1 or found.options:
        options = [*([each] for each in found.always), *found.options]
        return Gathered([], options[:MAX_OPTIONS], found.known)
    return found


def permitted(reader: RubyReader, call: Node) -> Gathered | None:
    """`params.permit(:state, :kind)`: each of them when the request gives it."""
    receiver = call.child_by_field_name("receiver")
    if receiver is None or "params" not in reader.text(receiver)[:80]:
        return None
    holder = call.child_by_field_name("arguments")
    keys = [c for c in holder.named_children if c.type != "comment"] if holder is not None else []
    plain = [each for each in keys if each.type in SYMBOLS]
    options: list[list[Pair]] = [[(each, None)] for each in plain[:MAX_OPTIONS]]
    return Gathered([], options, len(plain) == len(keys)) if plain else None


def of_arguments(reader: RubyReader, call: Node, depth: int) -> Gathered | None:
    """What `merge(a: 1)` or `merge(other)` adds."""
    holder = call.child_by_field_name("arguments")
    args = [c for c in holder.named_children if c.type != "comment"] if holder is not None else []
    if not args or call.child_by_field_name("block") is not None:
        return None
    if args[0].type == "pair":
        return of_pairs(reader, args, depth)
    found = Gathered()
    for each in args:
        found.join(gathered(reader, each, depth + 1))
    return found


def of_method(reader: RubyReader, name: str, depth: int) -> Gathered | None:
    """What a method of the file gives back."""
    methods = reader.definitions(name)
    if len(methods) != 1:
        return None
    body = methods[0].child_by_field_name("body")
    if body is not None and body.type == "body_statement":
        inner = [each for each in body.named_children if each.type != "comment"]
        body = inner[-1] if inner else None
    if body is not None and body.type == "return" and body.named_children:
        body = (
            body.named_children[0].named_children[0]
            if body.named_children[0].named_children
            else None
        )
    if body is not None and body.type in ("assignment", "operator_assignment"):
        body = body.child_by_field_name("right")
    return gathered(reader, body, depth + 1) if body is not None else None


def of_variable(reader: RubyReader, use: Node, depth: int) -> Gathered | None:
    """A variable of the method around, from where it is set to its use."""
    around = reader.function_around(use)
    if around is None:
        return None
    found: Gathered | None = None
    for leaf in mentioned(reader, reader.hint(use), around.start_byte, use.start_byte):
        above = leaf.parent
        if above is None or leaf.type not in VARIABLES:
            continue
        certain = surrounds(reader, leaf, use)
        left = above.child_by_field_name("left")
        if (
            above.type in ("assignment", "operator_assignment")
            and left is not None
            and left.id == leaf.id
        ):
            right = above.child_by_field_name("right")
            found = again(reader, found, right, reader.hint(leaf), depth, certain=certain)
        elif found is not None:
            changed(reader, found, leaf, above, depth, certain=certain)
    return found


def again(
    reader: RubyReader, found: Gathered | None, right: Node | None, name: str, depth: int, *, certain: bool
) -> Gathered | None:  # fmt: skip
    """Set once more: from itself, or to something else."""
    if right is None:
        return None
    receiver = right.child_by_field_name("receiver") if right.type == "call" else None
    if found is None or receiver is None or reader.hint(receiver) != name:
        made = gathered(reader, right, depth + 1)
        if found is not None and not certain:
            found.known = False
            return found
        return made
    method = reader.method_name(right)
    if method in MERGING:
        put(found, of_arguments(reader, right, depth), certain=certain)
    elif method in THINNED:
        return thinned(found)
    elif method not in SAME:
        found.known = False
    return found


def changed(
    reader: RubyReader, found: Gathered, leaf: Node, above: Node, depth: int, *, certain: bool
) -> None:
    """`by[:a] = x`, `by.merge!(a: x)`; handed on it may hold more afterwards."""
    if above.type == "element_reference" and above.named_children[0].id == leaf.id:
        outer = above.parent
        left = outer.child_by_field_name("left") if outer is not None else None
        if outer is None or left is None or left.id != above.id:
            return  # read, or a hash within it
        key = above.named_children[1] if len(above.named_children) == 2 else None
        if key is None or key.type not in SYMBOLS:
            found.known = False
            return
        put(found, Gathered([(key, outer.child_by_field_name("right"))]), certain=certain)
    elif above.type == "call" and above.child_by_field_name("receiver") == leaf:
        name = reader.method_name(above)
        if name in CHANGING:
            put(found, of_arguments(reader, above, depth), certain=certain)
        elif name in TAKING_AWAY or name == "store":
            found.known = False
    elif above.type in ("argument_list", "block_argument"):
        found.known = False


def put(found: Gathered, more: Gathered | None, *, certain: bool) -> None:
    if certain or more is None:
        found.join(more)
        return
    found.options = [*found.options, more.always, *more.options][:MAX_OPTIONS]
    found.known = found.known and more.known


def mentioned(reader: RubyReader, name: str, start: int, end: int) -> Iterator[Node]:
    form = re.compile(rb"(?<![\w@.:])" + re.escape(name.encode()) + rb"(?![\w?!:])")
    for count, match in enumerate(form.finditer(reader.content, start, end)):
        leaf = reader.leaf_at(match.start())
        if count >= MAX_STEPS:
            return
        if leaf is not None:
            yield leaf


def surrounds(reader: RubyReader, node: Node, use: Node) -> bool:
    """Whether the use is reached only over the node."""
    return all(
        each.start_byte <= use.start_byte and use.end_byte <= each.end_byte
        for each in inside(reader, node)
    )


def by_key(call: Node) -> bool:
    """`find(params[:id])`; not `find(:all, ...)` of old, nor with a block."""
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    return bool(args) and args[0].type not in ("simple_symbol", "pair", "hash", "block_argument")


def by_pairs(call: Node) -> bool:
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    return bool(args) and args[0].type in ("pair", "hash")
