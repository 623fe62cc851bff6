"""What the routes of Rails take in from elsewhere: engines and parts in files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.ruby.blocks import path_value, words
from scaleaudit.languages.ruby.route_scopes import Scope, inner_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader


def mounted(
    reader: RubyReader, call: Node, args: list[Node], options: dict[str, Node], scope: Scope
) -> Iterator[Fact]:
    """`mount Engine => "/x"`, `mount Engine, at: "/x"`."""
    child, at = (args[0] if args else None), options.get("at")
    holder = call.child_by_field_name("arguments")
    for pair in holder.named_children if holder is not None else ():
        if pair.type == "pair" and child is None:
            child, at = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if child is None or at is None:
        return
    written = reader.constant_name(child) or reader.hint(child)
    prefix = path_value(*inner_path(scope), reader.value(at))
    if written.endswith("ActionCable.server"):
        yield EndpointServed(reader.span(call), "*", prefix, written, protocol="websocket")
        return
    yield RouterMounted(reader.span(call), prefix, written)


def parts(reader: RubyReader, call: Node, args: list[Node], scope: Scope) -> Iterator[Fact]:
    """`draw :admin`: the routes of `config/routes/admin.rb`, below where this stands."""
    for written in words(reader, args[0]) if args and inner_path(scope) else ():
        prefix = path_value(*inner_path(scope))
        yield RouterMounted(reader.span(call), prefix, f"routes/{written}.rb", is_module=True)
