"""Where in the blocks of Rails' routes a statement stands, and what paths begin with there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.record import Record

if TYPE_CHECKING:
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
