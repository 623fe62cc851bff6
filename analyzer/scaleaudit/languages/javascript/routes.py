"""Kinds of patterns that only JavaScript's web frameworks need: mounts and route objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import EndpointServed, RouterMounted, SessionKept
from scaleaudit.languages.javascript.callees import CALLS, ROUTER, bare
from scaleaudit.languages.javascript.imports import required
from scaleaudit.languages.patterns import HTTP_METHODS, Route
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Arg, Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

FUNCTIONS = {"arrow_function", "function_expression", "generator_function"}
TEXTS = {"string", "template_string", "binary_expression", "regex", "array", "identifier"} | {
    "member_expression"
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedRoute(Route):
    """A route of a router that returns itself; `app.route("/x").get(...)` hangs on `app`."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Route.facts(self, site, reader):
            if isinstance(fact, EndpointServed):
                router = fact.router.removesuffix(".route").removesuffix(".basePath")
                inline = bool(site.args) and site.args[-1].type in FUNCTIONS
                handler = "" if inline else fact.handler
                yield msgspec.structs.replace(fact, router=router, handler=handler)


def is_route(site: CallSite, reader: Reader) -> bool:
    """Of a router known by its name alone: a path, and a handler that is (or names) a function."""
    if len(site.args) < 2:
        return False
    path, handler = site.args[0], site.args[-1]
    text = reader.text(path)[1:2] if path.type in ("string", "template_string") else "/"
    if path.type not in TEXTS or text not in ("/", "*", '"', "'", "`"):
        return False
    if path.type in ("identifier", "member_expression"):  # app.get(PATH, handler)
        return handler.type in FUNCTIONS
    return handler.type in FUNCTIONS | CALLS | {"identifier", "member_expression"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareMount:
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
        prefixed = len(site.args) > 1 and site.args[0].type in ("string", "template_string")
        prefix = reader.value(site.args[0]) if prefixed else Literal("")
        for child in reader.each(site.args[-1]):
            mounted = _router(child, reader, sure=not prefixed)
            if mounted is not None:
                name, is_module = mounted
                parent = reader.callee(site.node).rpartition(".")[0]
                yield RouterMounted(reader.span(site.node), prefix, name, parent, is_module)


def _router(node: Node, reader: Reader, *, sure: bool) -> tuple[str, bool] | None:
    """The name of a router (or of a module that is one), None when it is a middleware."""
    found = bare(node)
    if found is None:
        return None
    if found.type in CALLS:
        module = required(reader, found)  # type: ignore[arg-type]
        if module:
            return module, True
        callee = reader.callee(found)
        if callee.startswith("require:"):  # require("./routes")(options)
            return callee.removeprefix("require:").partition(".routes")[0], True
        qualified, _ = reader.named(found)
        own = callee == qualified or qualified.startswith((".", "router?"))
        name = callee.removesuffix(".routes").removesuffix(".middleware")
        # A call into a package makes a middleware, a router's own `routes()` does not.
        return (name, False) if name != callee or (own and not sure) else None
    if found.type not in ("identifier", "member_expression"):
        return None
    name = reader.text(found)
    if "(" in name or len(name) > 100:
        return None
    made = reader.qualify(name + ".use", found)[0]
    known = "Router" in made or made.startswith("express.use") or bool(ROUTER.match(name.partition(".")[0]))
    return (name, False) if known or not sure else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginMount:
    """`fastify.register(plugin, {prefix})`: a function that adds routes, or a known plugin."""

    callees: tuple[str, ...]
    prefix: Arg
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        plugin = bare(site.args[0]) if site.args else None
        if plugin is None:
            return
        at = reader.span(site.node)
        parent = reader.callee(site.node).rpartition(".")[0]
        prefix = self.prefix.value(site, reader) or Literal("")
        if plugin.type in FUNCTIONS:
            parameters = plugin.child_by_field_name("parameters")
            first = parameters.named_children[0] if parameters and parameters.named_children else None
            first = first.child_by_field_name("pattern") or first if first is not None else None
            name = reader.text(first) if first is not None else ""
            if name.isidentifier() and prefix != Literal(""):
                yield RouterMounted(at, prefix, name, parent)
            return
        if plugin.type in CALLS:
            module = required(reader, plugin)  # type: ignore[arg-type]
            if module.startswith("."):
                yield RouterMounted(at, prefix, module, parent, is_module=True)
            return
        name = reader.text(plugin)
        origin = reader.qualify(name, plugin)[0]
        if origin in SESSION_PLUGINS:
            kind = SESSION_PLUGINS[origin]
            yield SessionKept(at, "unknown" if "store" in site.keywords else kind, origin, default=True)
        elif origin == name or origin.startswith("."):
            yield RouterMounted(at, prefix, name, parent)


SESSION_PLUGINS = {
    "@fastify/session": "memory",
    "fastify-session": "memory",
    "@fastify/secure-session": "cookie",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteObjects:
    """`server.route({method, path, handler})`, one object or a list of them (hapi, fastify)."""

    callees: tuple[str, ...]
    path: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        router = reader.callee(site.node).rpartition(".")[0]
        for node in reader.each(site.args[0]) if site.args else ():
            members = _members(node, reader)
            path = reader.value(members[self.path]) if self.path in members else None
            if path is None:
                continue
            handler = members.get("handler")
            named = handler is not None and handler.type in ("identifier", "member_expression")
            for method in _methods(members.get("method"), reader):
                yield EndpointServed(
                    at=reader.span(node),
                    method=method,
                    path=path,
                    handler=reader.text(handler) if handler is not None and named else "",
                    router=router,
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
