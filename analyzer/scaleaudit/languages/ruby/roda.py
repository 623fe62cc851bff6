"""Routes of Roda: a tree of `r.on`, `r.is` and verbs in one `route do |r|` block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.ruby.blocks import MAX_DEPTH, VERBS, body_of, calls_in, path_value
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value


# Plugins by which branches of the tree stand in blocks of their own: `hash_branch "admin" do |r|`,
# and `hash_branch "/admin", "users" do |r|` below another one; `route "admin" do |r|` likewise.
BRANCHES = ("hash_branch", "hash_path")


def routes(reader: RubyReader) -> Iterator[Fact]:
    for holder in reader.declared.holders:
        if holder.superclass != "Roda":
            continue
        for call in holder.calls:
            block = call.child_by_field_name("block")
            given = block.child_by_field_name("parameters") if block is not None else None
            name = reader.method_name(call)
            if given is None or not given.named_children or name not in ("route", *BRANCHES):
                continue
            before = [reader.value(arg) for arg in reader.positional(call)]
            request = reader.hint(given.named_children[0])
            start = tuple(each for each in before if not isinstance(each, Unknown))
            yield from in_block(reader, body_of(call), request, start, 0, holder.name)


def in_block(
    reader: RubyReader,
    body: Node | None,
    request: str,
    prefix: tuple[Value, ...],
    depth: int,
    router: str,
) -> Iterator[Fact]:
    if depth > MAX_DEPTH:
        return
    for call in calls_in(body):
        receiver = call.child_by_field_name("receiver")
        if receiver is None or reader.hint(receiver) != request:
            continue
        name = reader.method_name(call)
        block = call.child_by_field_name("block")
        given = block.child_by_field_name("parameters") if block is not None else None
        names = [reader.hint(each) for each in given.named_children] if given is not None else []
        path = (*prefix, *matched(reader, call, names))
        if name in ("on", "is"):
            yield from in_block(reader, body_of(call), request, path, depth + 1, router)
        elif name in VERBS or name == "root":
            method = VERBS.get(name, "GET")
            yield EndpointServed(reader.span(call), method, path_value(*path), "", router)


def matched(reader: RubyReader, call: Node, names: list[str]) -> Iterator[Value]:
    """The segments that a matcher takes; what it captures is named by the block's parameter."""
    left = list(names)
    for arg in reader.positional(call):
        value = reader.value(arg)
        if isinstance(value, Literal) and arg.type == "string":
            yield value
        elif arg.type in ("constant", "simple_symbol"):
            name = left.pop(0) if left else reader.hint(arg).strip(":").lower()
            yield Literal(f":{name}")
        elif arg.type not in ("true", "hash"):
            yield Unknown(reader.hint(arg))
