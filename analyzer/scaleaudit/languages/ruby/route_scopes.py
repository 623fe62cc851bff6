"""Where in the blocks of Rails' routes a statement stands, and what paths begin with there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.ruby.route_options import is_true, path_option, text_option
from scaleaudit.record import Record
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value


class Scope(Record, frozen=True):
    """What the blocks around say: the path so far, the controllers' module, the resource."""

    path: tuple[Value | str, ...] = ()
    module: str = ""
    controller: str = ""
    resource: str = ""  # its name, empty outside of one
    element: str = ""  # `:id` of the resource around, empty for a singular one
    nested: str = ""  # `:ticket_id`
    base: tuple[Value | str, ...] = ()  # the path of the resource around
    shallow: tuple[Value | str, ...] | None = None  # the path that shallow routes start from
    on: str = ""  # member, collection


def inner_path(scope: Scope) -> tuple[Value | str, ...]:
    """Where what stands directly in a resource's block begins: below one element."""
    if not scope.resource:
        return scope.path
    if scope.on == "collection":
        return scope.base
    if scope.on == "member":
        return (*scope.path, scope.element) if scope.element else scope.path
    return (*scope.path, scope.nested) if scope.nested else scope.path


def outside(scope: Scope) -> Scope:
    """The same place, no longer directly in a resource."""
    return replace(scope, resource="", element="", nested="", base=(), on="", controller="")


def below(scope: Scope, name: str) -> str:
    return "/".join(part for part in (scope.module, name) if part)


def scoped(reader: RubyReader, args: list[Node], options: dict[str, Node], scope: Scope) -> Scope:
    """What `scope "/shop", module: "v2" do` makes of the one around."""
    path: tuple[Value | str, ...] = tuple(
        value
        for each in args
        if each.type != "hash" and not isinstance(value := reader.value(each), Unknown)
    )
    path = path or path_option(reader, options, "")
    inner = replace(
        scope,
        path=(*inner_path(scope), *path) if path else scope.path,
        module=below(scope, text_option(reader, options, "module", "")),
        controller=text_option(reader, options, "controller", scope.controller),
    )
    if is_true(options.get("shallow")) and inner.shallow is None:
        inner = replace(inner, shallow=inner.path)
    return replace(outside(inner), controller=inner.controller) if path else inner
