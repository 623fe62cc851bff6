"""Kinds of patterns that only JavaScript's web frameworks need: mounts and route objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec

from scaleaudit.facts import EndpointServed, RouterMounted, SessionKept
from scaleaudit.languages.javascript import imports
from scaleaudit.languages.javascript.callees import CALLS, bare
from scaleaudit.languages.javascript.listed_routers import list_elsewhere, rounds
from scaleaudit.languages.javascript.made_routers import FUNCTIONS, place_of
from scaleaudit.languages.javascript.mount_paths import behind_base, mount_path
from scaleaudit.languages.javascript.router_arguments import (
    NOT_FOUND,
    answers,
    module_required,
    router_given,
)
from scaleaudit.languages.javascript.router_scopes import own_name
from scaleaudit.languages.patterns import HTTP_METHODS, MAX_HANDLER_TEXT, Mount, Route
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.patterns import Arg, Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

CONTROLLER = regex(r"\bextends\s+\w*(Controller|Router|Routes)\b")
TEXTS = {"string", "template_string", "binary_expression", "regex", "array", "identifier"} | {
    "member_expression"
}


class ChainedRoute(Route, frozen=True, kw_only=True):
    """A route of a router that returns itself; `app.route("/x").get(...)` hangs on `app`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if is_refusal(site, reader):
            return
        for fact in Route.facts(self, site, reader):
            if isinstance(fact, EndpointServed) and not isinstance(fact.path, Unknown):
                place = place_of(site, cast("JavaScriptReader", reader))
                given = site.argument(self.handler.position)
                handler = named_handler(given, reader) if given is not None else ""
                yield msgspec.structs.replace(
                    fact,
                    path=place.path(behind_base(fact.path)),
                    router=place.router,
                    handler=handler,
                )


class NamedRoute(ChainedRoute, frozen=True, kw_only=True):
    """Koa: `router.get("order", "/orders/:id", show)`, whose first argument is a name."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        first, second = (literal_text(reader.value(each)) or "" for each in site.args[:2])
        if len(site.args) > 2 and first[:1] not in ("", "/", "(") and second[:1] in ("/", "("):
            site = msgspec.structs.replace(site, args=site.args[1:])
        return ChainedRoute.facts(self, site, reader)


class AppliedRouter(Record, frozen=True, kw_only=True):
    """restify-router: `router.applyRoutes(server, "/v1")` hangs the router on the server."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("JavaScriptReader", reader)
        prefix = reader.value(site.args[1]) if len(site.args) > 1 else Literal("")
        if site.args and site.args[0].type == "identifier" and not isinstance(prefix, Unknown):
            name = reader.callee(site.node).rpartition(".")[0]
            parent = own_name(own, reader.text(site.args[0]), site.node)
            yield RouterMounted(
                reader.span(site.node), prefix, own_name(own, name, site.node), parent
            )


EVERYTHING = regex(r"""^["'`](?:/?\*|/?\(\.\*\)|/?\{?\*\w+\}?)["'`]$""")


def is_refusal(site: CallSite, reader: Reader) -> bool:
    """`app.all("*", () => { throw new NotFoundError() })`: what is served nowhere else is not found."""
    if len(site.args) < 2 or EVERYTHING.match(reader.text(site.args[0])[:40]) is None:
        return False
    return NOT_FOUND.search(reader.text(site.args[-1])[:2_000]) is not None


def named_handler(node: Node, reader: Reader) -> str:
    """The name of a handler, also behind wrappers: `asyncHandler(orders.list)` is `orders.list`."""
    at = bare(node)
    for _ in range(4):
        if at is None or at.type not in CALLS:
            break
        holder = at.child_by_field_name("arguments")
        given = holder.named_children if holder is not None else []
        at = bare(given[-1]) if len(given) == 1 else None
    if at is None or at.type not in ("identifier", "member_expression"):
        return ""
    text = reader.text(at)
    return text if len(text) <= MAX_HANDLER_TEXT and "(" not in text else ""


def is_own_route(site: CallSite, reader: Reader) -> bool:
    """`this.get("/x", this.show)` in a class that is built on a controller or router."""
    own = reader.class_around(site.node)
    built = CONTROLLER.search(reader.text(own)[:400]) if own is not None else None
    return built is not None and len(site.args) >= 2 and _is_path(site.args[0], reader)


def is_own_route_object(site: CallSite, reader: Reader) -> bool:
    """`this.route({method, path, handler})` says by its members what it is."""
    return {"method", "path", "handler"} <= set(site.keywords)


def _is_path(node: Node, reader: Reader) -> bool:
    return node.type in ("string", "template_string") and reader.text(node)[1:2] in "/'\"`"


def is_route(site: CallSite, reader: Reader) -> bool:
    """Of a router known by its name alone: a path, and a handler that is (or names) a function."""
    if len(site.args) < 2:
        return False
    where, handler = site.args[0], site.args[-1]
    text = reader.text(where)[1:2] if where.type in ("string", "template_string") else "/"
    if where.type not in TEXTS or text not in ("/", "*", "$", '"', "'", "`"):
        return False
    if where.type in ("identifier", "member_expression"):  # app.get(PATH, handler)
        return handler.type in FUNCTIONS
    return handler.type in FUNCTIONS | CALLS | {"identifier", "member_expression"}


class MiddlewareMount(Record, frozen=True, kw_only=True):
    """`app.use("/v1", guard, router)`: the last argument, when it can be a router.

    Without a prefix only what is a router by its making or its name counts: most of what `use`
    is given are middlewares.
    """

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if not site.args:
            return
        reader = cast("JavaScriptReader", reader)
        place = place_of(site, reader)
        args = site.args
        if len(args) > 2 and reader.text(args[-1]).endswith(".allowedMethods()"):
            args = args[:-1]  # what Koa's routers answer to the methods that they have not
        ends = [args[0], args[-1]] if len(args) > 1 else [args[0]]
        elsewhere = list_elsewhere(ends, reader)
        if elsewhere is not None:
            name = own_name(reader, reader.text(elsewhere), site.node)
            yield RouterMounted(reader.span(site.node), place.path(Literal("")), name, place.router)
            return
        listed = reader.each(ends[0]) if len(ends) > 1 else []
        choices = [[each, ends[1]] for each in listed] if len(listed) > 1 else rounds(ends, reader)
        for given in choices:
            prefix = mount_path(given, reader)
            if prefix is not None and answers(given[-1], reader):
                yield EndpointServed(
                    reader.span(site.node), "*", place.path(prefix), "", place.router
                )
                continue
            for child in reader.each(given[-1]):
                mounted = router_given(child, reader, sure=prefix is None)
                if mounted is not None:
                    name, is_module = mounted
                    at = reader.span(site.node)
                    yield RouterMounted(
                        at, place.path(prefix or Literal("")), name, place.router, is_module
                    )


class PluginMount(Record, frozen=True, kw_only=True):
    """`fastify.register(plugin, {prefix})`: a function that adds routes, or a known plugin."""

    callees: tuple[str, ...]
    prefix: Arg
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        plugin = bare(site.args[0]) if site.args else None
        if (
            plugin is not None and plugin.type == "object"
        ):  # hapi's `{ plugin, routes: { prefix } }`
            plugin = site.keywords.get("plugin")
        if plugin is None:
            return
        at = reader.span(site.node)
        if plugin.type in FUNCTIONS:
            return  # what it adds says itself where it stands
        place = place_of(site, cast("JavaScriptReader", reader))
        prefix = place.path(self.prefix.value(site, reader) or Literal(""))
        if plugin.type in CALLS:
            module = module_required(plugin, reader)
            if module.startswith("."):
                yield RouterMounted(at, prefix, module, place.router, is_module=True)
            return
        name = reader.text(plugin)
        origin = reader.qualify(name, plugin)[0]
        if origin in SESSION_PLUGINS:
            kind = SESSION_PLUGINS[origin]
            yield SessionKept(
                at, "unknown" if "store" in site.keywords else kind, origin, default=True
            )
        elif origin.startswith(("?", "this.", *imports.OWN_PREFIXES)):
            child = own_name(cast("JavaScriptReader", reader), name, plugin)
            yield RouterMounted(at, prefix, child, place.router)


SESSION_PLUGINS = {
    "@fastify/session": "memory",
    "fastify-session": "memory",
    "@fastify/secure-session": "cookie",
}


class RouterMount(Mount, frozen=True, kw_only=True):
    """`app.route("/v1", inner)`: one router below another."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        script = cast("JavaScriptReader", reader)
        for fact in Mount.facts(self, site, reader):
            if isinstance(fact, RouterMounted):
                parent = own_name(script, fact.parent, site.node)
                fact = msgspec.structs.replace(fact, parent=parent)
                for prefix, child in self._each(site, script, fact):
                    named = own_name(script, child, site.node)
                    yield msgspec.structs.replace(fact, prefix=prefix, child=named)

    def _each(
        self, site: CallSite, reader: JavaScriptReader, fact: RouterMounted
    ) -> Iterator[tuple[Value, str]]:
        """(prefix, router) of the call, or of each round of a loop around it."""
        nodes = [site.argument(arg.position, *arg.names) for arg in (self.prefix, self.child)]
        known = [each for each in nodes if each is not None]
        elsewhere = list_elsewhere(known, reader)
        if elsewhere is not None:
            yield Literal(""), reader.text(elsewhere)
            return
        turns = rounds(known, reader) if len(known) == len(nodes) else [known]
        for turn in turns:
            if turn == known:
                yield fact.prefix, fact.child
            else:
                yield reader.value(turn[0]), reader.text(turn[-1])[:200]


class RouteObjects(Record, frozen=True, kw_only=True):
    """`server.route({method, path, handler})`, one object or a list of them (hapi, fastify)."""

    callees: tuple[str, ...]
    path: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        place = place_of(site, cast("JavaScriptReader", reader))
        for node in reader.each(site.args[0]) if site.args else ():
            members = _members(node, reader)
            where = reader.value(members[self.path]) if self.path in members else None
            if where is None or isinstance(where, Unknown):
                continue
            handler = members.get("handler")
            named = handler is not None and handler.type in ("identifier", "member_expression")
            for method in _methods(members.get("method"), reader):
                yield EndpointServed(
                    at=reader.span(node),
                    method=method,
                    path=place.path(where),
                    handler=reader.text(handler) if handler is not None and named else "",
                    router=place.router,
                )


def _members(node: Node, reader: Reader) -> dict[str, Node]:
    pairs = [child for child in node.named_children if child.type == "pair"]
    return {
        reader.text(key).strip("'\""): value
        for pair in pairs
        if (key := pair.child_by_field_name("key")) is not None
        and (value := pair.child_by_field_name("value")) is not None
    }


def _methods(node: Node | None, reader: Reader) -> list[str]:
    values: list[Value] = [reader.value(each) for each in reader.each(node)] if node else []
    found = [each.text.upper() for each in values if isinstance(each, Literal)]
    return [method for method in found if method in HTTP_METHODS] or ["*"]
