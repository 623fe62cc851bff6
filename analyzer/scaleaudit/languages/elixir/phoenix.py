"""Phoenix's routes, by the scopes that they stand in, and those of Plug's own router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, ImportFound
from scaleaudit.languages.elixir.syntax import (
    arguments,
    atom,
    block,
    body,
    elements,
    local_name,
    quoted,
    raw,
    text_or_atom,
)
from scaleaudit.languages.mentions import has_any
from scaleaudit.record import Gathering
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.elixir.reader import ElixirReader

MARKS = (b":router", b"Phoenix.Router", b"Plug.Router")
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace", "connect"})
# action -> method, what stands behind the path of the resource
ACTIONS = {
    "index": ("GET", ""), "new": ("GET", "/new"), "create": ("POST", ""), "show": ("GET", "/:id"),
    "edit": ("GET", "/:id/edit"), "update": ("PATCH", "/:id"), "delete": ("DELETE", "/:id"),
}  # fmt: skip
# Of one thing alone there is no list, and no id in the path.
SINGLE = {action: way for action, way in ACTIONS.items() if action != "index"}
MAX_DEPTH = 12
MAX_ROUTES = 5_000  # of one file


class Place(Gathering):
    """What the scopes around a route put in front of its path and its controller."""

    path: str = ""
    module: str = ""


def routes(reader: ElixirReader) -> Iterator[Fact]:
    if not has_any(reader.content, MARKS):
        return
    seen: set[str] = set()
    for module in reader.module_nodes:
        for fact, _ in zip(
            inside(reader, body(module), Place(), 0), range(MAX_ROUTES), strict=False
        ):
            yield fact
            target = fact.handler.rpartition(".")[0] if fact.handler else ""
            if target and target not in seen:
                seen.add(target)
                yield ImportFound(fact.at, target, lazy=True)


def inside(
    reader: ElixirReader, statements: list[Node], place: Place, depth: int
) -> Iterator[EndpointServed]:
    for call in statements if depth < MAX_DEPTH else ():
        name = local_name(call).decode()
        args, options = arguments(call)
        if name == "scope":
            yield from inside(reader, body(call), scoped(args, options, place), depth + 1)
        elif name in VERBS:
            yield from route(reader, call, name.upper(), args, place)
        elif name == "match" and args:
            methods = [text_or_atom(each).upper() for each in elements(args[0])]
            if block(call) is not None and args[0].type == "string":
                yield from route(reader, call, "*", args, place)
            for method in methods if len(args) > 2 else ():
                yield from route(reader, call, method, args[1:], place)
        elif name == "live":
            yield from route(reader, call, "GET", args, place)
        elif name == "forward":
            yield from forwarded(reader, call, args, place)
        elif name in ("resources", "resource"):
            yield from resources(reader, call, args, options, place, depth)
        elif block(call) is not None and name not in ("def", "defp", "pipeline"):
            yield from inside(reader, body(call), place, depth + 1)


def scoped(args: list[Node], options: dict[str, Node], place: Place) -> Place:
    """`scope "/api", ShopWeb.Api, as: :api`, `scope path: "/api", alias: ShopWeb.Api`."""
    written = args[0] if args and args[0].type == "string" else options.get("path")
    module = next((each for each in args if each.type == "alias"), options.get("alias"))
    return Place(
        joined(place.path, quoted(written)),
        ".".join(filter(None, (place.module, raw(module).decode() if module is not None else ""))),
    )


def joined(one: str, two: str) -> str:
    return f"{one.rstrip('/')}/{two.strip('/')}".rstrip("/") if two.strip("/") else one.rstrip("/")


def route(
    reader: ElixirReader, call: Node, method: str, args: list[Node], place: Place
) -> Iterator[EndpointServed]:
    path = quoted(args[0]) if args and args[0].type == "string" else ""
    if not path.startswith("/") and path != "":
        return
    if not args or args[0].type != "string" or (len(args) < 2 and block(call) is None):
        return
    handler = controller(args[1], place) if len(args) > 1 else ""
    action = atom(args[2]) if len(args) > 2 else ""
    yield EndpointServed(
        reader.span(call),
        method,
        Literal(joined(place.path, path) or "/"),
        f"{handler}.{action or 'call'}" if handler else "",
    )


def controller(node: Node, place: Place) -> str:
    if node.type != "alias":
        return ""
    return ".".join(filter(None, (place.module, raw(node).decode())))


def forwarded(
    reader: ElixirReader, call: Node, args: list[Node], place: Place
) -> Iterator[EndpointServed]:
    """Everything below the path, to another module; of Absinthe that is GraphQL."""
    if len(args) < 2 or args[0].type != "string" or args[1].type != "alias":
        return
    module = reader.module_named(args[1])
    path = joined(place.path, quoted(args[0])) or "/"
    if module == "Absinthe.Plug":
        yield EndpointServed(reader.span(call), "*", Literal(path), protocol="graphql")
    elif not module.startswith("Absinthe."):
        below = joined(path, "*path")
        yield EndpointServed(
            reader.span(call), "*", Literal(below), f"{controller(args[1], place)}.call"
        )


def resources(
    reader: ElixirReader,
    call: Node,
    args: list[Node],
    options: dict[str, Node],
    place: Place,
    depth: int,
) -> Iterator[EndpointServed]:
    path = quoted(args[0]) if args and args[0].type == "string" else ""
    if not path or len(args) < 2:
        return
    handler = controller(args[1], place)
    single = raw(options.get("singleton")) == b"true"
    ways = SINGLE if single else ACTIONS
    only = [atom(each) for each in elements(options.get("only"))]
    without = {atom(each) for each in elements(options.get("except"))}
    key = text_or_atom(options.get("param")) or "id"
    base = joined(place.path, path)
    for action, (method, behind) in ways.items():
        if (only and action not in only) or action in without:
            continue
        end = behind.replace("/:id", "" if single else f"/:{key}")
        at = reader.span(call)
        yield EndpointServed(at, method, Literal(f"{base}{end}" or "/"), f"{handler}.{action}")
    name = text_or_atom(options.get("name")) or path.strip("/").rpartition("/")[2].rstrip("s")
    below = base if single else f"{base}/:{name}_{key}"
    yield from inside(reader, body(call), Place(below, place.module), depth + 1)
