"""Routes that stand in lists: Django's URLconfs, Starlette's `routes=[...]`, DRF routers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import VIEW_SET, EndpointServed, RouterMounted
from scaleaudit.languages.python.conditions import is_function
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.source import Span
    from scaleaudit.values import Value

LEAVES = {
    "django.urls.path": "http",
    "django.urls.re_path": "http",
    "django.urls.conf.path": "http",
    "django.urls.conf.re_path": "http",
    "django.conf.urls.url": "http",
    "starlette.routing.Route": "http",
    "starlette.routing.WebSocketRoute": "websocket",
    "fastapi.routing.APIRoute": "http",
}
REGEXES = frozenset({"django.urls.re_path", "django.urls.conf.re_path", "django.conf.urls.url"})
MOUNTS = frozenset({"starlette.routing.Mount"})
INCLUDES = frozenset(
    {"django.urls.include", "django.conf.urls.include", "django.urls.conf.include"}
)
ROOT_NAMES = frozenset({"urlpatterns"})  # lists that a framework takes as they are
# Of Starlette: a route to a function answers GET, where nothing else is said.
BY_FUNCTION = ("starlette.routing.Route", "fastapi.routing.APIRoute")
FRAMEWORKS = (
    b"django.urls",
    b"django.conf.urls",
    b"starlette.routing",
    b"fastapi.routing",
    b"rest_framework.routers",
    b"Router(",  # a class of the project over one of the REST framework
)
ENTRY = regex(rb"\b(?:path|re_path|url|Route|WebSocketRoute|APIRoute|Mount|register)\(")
GROUP = regex(r"\(\?P<(\w+)>")
METHOD = regex(r"GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS")
MAX_PREFIXES = 8
MAX_LISTS = 6  # of lists hung on lists
MAX_PATTERN = 2_000  # characters of a route written as a regular expression


class Lists(Gathering):
    """The lists and routers of a file, with the prefixes that the file itself hangs them on."""

    entries: list[tuple[str, EndpointServed]] = msgspec.field(
        default_factory=list
    )  # list -> its route
    mounts: dict[str, list[tuple[str, Value]]] = msgspec.field(default_factory=dict)
    # where a router takes a view of many actions: the router, the prefix, the view
    views: list[tuple[Span, str, Value, str]] = msgspec.field(default_factory=list)
    mounted: list[RouterMounted] = msgspec.field(default_factory=list)  # of other files

    def above(self, name: str) -> list[tuple[str, Value]]:
        """Where a list hangs: the outermost list and the whole prefix, once for each way."""
        return list(islice(self._ways(name), MAX_PREFIXES))

    def _ways(self, name: str, depth: int = 0) -> Iterator[tuple[str, Value]]:
        """One way after the other: of all that there may be only the first are looked for."""
        found = self.mounts.get(name, []) if depth < MAX_LISTS else []
        if not found:
            yield name, Literal("")
        for parent, prefix in found:
            for outer, before in self._ways(parent, depth + 1):
                yield outer, join(before, prefix)


def route_lists(reader: PythonReader) -> Iterator[Fact]:
    lists = Lists()
    for node in reader.nodes(ENTRY, "call", *FRAMEWORKS):
        callee = reader.named(node)[0]
        if callee in LEAVES:
            lists.mounted += leaf(reader, node, callee, lists)
        elif callee in MOUNTS:
            lists.mounted += mount(reader, node, lists)
        elif callee.endswith(".register") and b"Router(" in reader.content:
            registered(reader, node, lists)
    for each in lists.mounted:
        for outer, before in lists.above(each.parent):
            yield replace(each, prefix=join(before, each.prefix), parent=outer)
    for at, name, prefix, view in lists.views:
        for outer, before in lists.above(name):
            yield RouterMounted(at, join(before, prefix), view, outer)
    for name, served in lists.entries:
        for outer, prefix in lists.above(name):
            yield replace(served, path=join(prefix, served.path), router=outer)


def leaf(reader: PythonReader, node: Node, callee: str, lists: Lists) -> Iterator[RouterMounted]:
    site = reader.site(node)
    target = site.argument(1, "view", "endpoint")
    if not site.args or target is None:
        return
    path = join(*prefixes(reader, node), own_path(reader, node, callee))
    if isinstance(path, Unknown):
        return
    if target.type == "call" and reader.named(target)[0] in INCLUDES:
        yield from included(reader, node, target, path, lists)
        return
    written = reader.hint(target)
    if target.type in ("list", "tuple"):
        return  # nested patterns are captured by themselves
    if written.endswith(".urls"):  # a mounted site, or an application of django-ninja
        holder = written.removesuffix(".urls")
        yield RouterMounted(reader.span(node), path, holder, list_name(reader, node))
        return
    handler = handler_name(reader, target)
    protocol = "graphql" if "GraphQL" in written else LEAVES[callee]
    name = list_name(reader, node)
    if name.startswith("websocket"):  # the name that channels' documentation gives the list
        protocol, name = "websocket", ""
    default = "GET" if callee in BY_FUNCTION and is_function(handler) else "*"
    for method in _verbs(reader, site.keywords.get("methods"), target, default):
        served = EndpointServed(reader.span(node), method, path, handler, name, protocol)
        lists.entries.append((name, served))


def _verbs(reader: PythonReader, given: Node | None, target: Node, default: str) -> list[str]:
    """`methods=["GET"]`; of a view set `as_view({"get": "list"})`."""
    if given is not None:
        return METHOD.findall(reader.hint(given))
    args = reader.arguments(target)[0] if target.type == "call" else []
    if args and args[0].type == "dictionary" and reader.callee(target).endswith(".as_view"):
        named = [each.upper() for each in reader.members(args[0])]
        return [each for each in named if METHOD.fullmatch(each)] or ["*"]
    return [default]


def mount(reader: PythonReader, node: Node, lists: Lists) -> Iterator[RouterMounted]:
    """`Mount("/api", routes=api_routes)`; routes written inside it are captured themselves."""
    site = reader.site(node)
    child = site.argument(1, "app", "routes")
    if child is not None and child.type in ("identifier", "attribute") and site.args:
        prefix = join(*prefixes(reader, node), reader.value(site.args[0]))
        name, mounted = list_name(reader, node), reader.hint(child)
        if mounted in reader.module_values:
            lists.mounts.setdefault(mounted, []).append((name, prefix))
        else:
            yield RouterMounted(reader.span(node), prefix, mounted, name)


def included(
    reader: PythonReader, node: Node, call: Node, prefix: Value, lists: Lists
) -> Iterator[RouterMounted]:
    args = reader.arguments(call)[0]
    child = args[0] if args else None
    if child is not None and child.type == "tuple" and child.named_children:
        child = child.named_children[0]
    if child is None:
        return
    at, parent = reader.span(node), list_name(reader, node)
    if child.type == "string":
        value = reader.value(child)
        if isinstance(value, Literal):
            yield RouterMounted(at, prefix, value.text, parent, is_module=True)
        return
    if child.type not in ("identifier", "attribute"):
        return  # a list: its routes are captured by themselves
    written = reader.hint(child)
    holder = written.removesuffix(".urls")
    if holder in reader.module_values:
        lists.mounts.setdefault(holder, []).append((parent, prefix))
    elif holder != written and "router" in holder.lower():
        yield RouterMounted(at, prefix, holder, parent)
    elif written.partition(".")[0] in reader.imports:
        qualified = reader.qualify(written, child)[0]
        yield RouterMounted(at, prefix, qualified, parent, is_module=True)


def registered(reader: PythonReader, node: Node, lists: Lists) -> None:
    """`router.register("orders", OrderViewSet)`: a list and its members."""
    site = reader.site(node)
    router = reader.callee(node).rpartition(".")[0]
    made = reader.module_values.get(router)
    prefix, view = site.argument(0, "prefix"), site.argument(1, "viewset")
    if prefix is None or view is None or made is None or made.type != "call":
        return
    path = regex_path(reader.value(prefix))
    if not reader.callee(made).endswith("Router") or isinstance(path, Unknown):
        return
    path = join(nested_below(reader, made), path)
    handler = handler_name(reader, view)
    lists.views.append((reader.span(node), router, path, handler))
    for end, part in (("/", "list"), ("/<pk>/", "detail")):
        whole, kind = join(path, Literal(end)), f"{VIEW_SET} {part}"
        served = EndpointServed(reader.span(node), "*", whole, handler, router, framework=kind)
        lists.entries.append((router, served))


def nested_below(reader: PythonReader, made: Node, depth: int = 0) -> Value:
    """What `NestedSimpleRouter(orders, "orders", lookup="order")` puts in front: `orders/<order_pk>/`."""
    args, keywords, _ = reader.arguments(made)
    if "Nested" not in reader.callee(made) or len(args) < 2 or depth > MAX_LISTS:
        return Literal("")
    above = reader.module_values.get(reader.hint(args[0]))
    outer = (
        nested_below(reader, above, depth + 1)
        if above is not None and above.type == "call"
        else Literal("")
    )
    lookup = reader.value(keywords["lookup"]) if "lookup" in keywords else None
    name = lookup.text if isinstance(lookup, Literal) else "parent"
    return join(outer, reader.value(args[1]), Literal(f"/<{name}_pk>/"))


def own_path(reader: PythonReader, node: Node, callee: str) -> Value:
    args, keywords, _ = reader.arguments(node)
    written = keywords.get("route") or keywords.get("path") or (args[0] if args else None)
    value = reader.value_or_unknown(written)
    return regex_path(value) if callee in REGEXES else value


def prefixes(reader: PythonReader, node: Node) -> list[Value]:
    """The paths of the calls that an entry is nested in, outermost first."""
    found: list[Value] = []
    for above in reader.ancestors(node):
        if above.type == "call":
            callee = reader.named(above)[0]
            if callee in LEAVES or callee in MOUNTS:
                found.append(own_path(reader, above, callee))
        elif above.type not in ("argument_list", "list", "tuple", "keyword_argument"):
            break
        if len(found) >= MAX_PREFIXES:
            break
    return list(reversed(found))


def list_name(reader: PythonReader, node: Node) -> str:
    """The variable whose list the entry stands in; empty for the list that is the URLconf."""
    for above in reader.ancestors(node):
        if above.type in ("assignment", "augmented_assignment"):
            left = above.child_by_field_name("left")
            name = reader.hint(left) if left is not None else ""
            return "" if name in ROOT_NAMES else name
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            break
    return ""


def handler_name(reader: PythonReader, node: Node) -> str:
    """`views.orders`, `OrderView` of `OrderView.as_view()`, `orders` of `csrf_exempt(orders)`."""
    for _ in range(4):
        if node.type != "call":
            break
        callee = reader.callee(node)
        if callee.endswith(".as_view"):
            return callee.removesuffix(".as_view")
        args = reader.arguments(node)[0]
        if not args:
            return callee
        node = args[0]
    return reader.hint(node) if node.type in ("identifier", "attribute") else ""


def regex_path(value: Value) -> Value:
    """A route written as a regular expression, as a path with `<name>` for its groups."""
    if isinstance(value, Join):
        return join(*(regex_path(part) for part in value.parts))
    if not isinstance(value, Literal) or len(value.text) > MAX_PATTERN:
        return value
    text = value.text.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    found: list[str] = []
    depth = at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            found.append(text[at + 1] if depth == 0 else "")
            at += 1
        elif char == "(":
            if depth == 0:
                group = GROUP.match(text, at)
                found.append(f"<{group[1]}>" if group else "<>")
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and char not in "?^$":
            found.append(char)
        at += 1
    return Literal("".join(found))
