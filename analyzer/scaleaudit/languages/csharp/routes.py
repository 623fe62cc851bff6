"""Routes of ASP.NET Core: attributes of controllers, and minimal APIs in groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.csharp.conventions import OF_FRAMEWORK, first_base
from scaleaudit.languages.csharp.syntax import CSharpSyntax
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

PARAMETER = regex(r"\{\*{0,2}(\w+)[^{}]*\}")  # `{id:int}`, `{*rest}`, `{name?}`
ROUTES = {"Route", "RoutePrefix"}
BY_NAME = regex(r"^(Get|Post|Put|Delete|Patch|Head|Options)")
MAX_GROUPS = 8  # inside one another
PLAIN = regex(r"[\w.]{1,120}(?:<[\w.]+>)?")


def cleaned(path: Value) -> Value:
    """Parameters without their constraints."""
    if isinstance(path, Literal):
        return Literal(PARAMETER.sub(r"{\1}", path.text))
    if isinstance(path, Join):
        return join(*(cleaned(part) for part in path.parts))
    return path


def below(prefix: Value, path: Value) -> Value:
    """Two parts of a path with one slash between; either may be empty."""
    if prefix == Literal(""):
        return path
    if path == Literal(""):
        return prefix
    if isinstance(prefix, Literal):
        prefix = Literal(prefix.text.rstrip("/"))
    if isinstance(path, Literal):
        path = Literal(path.text.lstrip("/"))
    return join(prefix, Literal("/"), path)


class ActionRoute(Record, frozen=True, kw_only=True):
    """`[HttpGet("{id}")]` on a method of a controller, below the `[Route]` of its class."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        around = reader.class_around(target) if target is not None else None
        if target is None or around is None or target.type not in reader.FUNCTIONS:
            return
        if around.type == "interface_declaration":
            return  # of a client that is made from it
        beside = reader.annotations.get(target.id, [])
        if any(each.name == "NonAction" for each in beside):
            return
        verbs = [each for each in beside if verbs_of(each, reader)]
        if site.name in ROUTES:
            if any(verb.args for verb in verbs):
                return  # the verbs have paths of their own
            methods = [m for verb in verbs for m in verbs_of(verb, reader)] or ["*"]
        elif site.args and site.name != "AcceptVerbs":
            methods = verbs_of(site, reader)
        else:
            if any(each.name in ROUTES for each in beside):
                return  # said by the route
            methods = verbs_of(site, reader)
        own = reader.value(site.args[0]) if site.args and site.name != "AcceptVerbs" else None
        handler = f"{reader.definition_name(around)}.{reader.definition_name(target)}"
        prefixes = class_routes(around, reader)
        router = "" if prefixes or stands_alone(own) else base_controller(around, reader)
        if own is None and not prefixes and not router:
            return  # a route by convention
        if methods == ["*"] and first_base(cast("CSharpSyntax", reader), around) == "ApiController":
            named = BY_NAME.match(reader.definition_name(target))
            methods = [named[1].upper()] if named is not None else ["POST"]
        for prefix in prefixes or [Literal("")]:
            path = tokens(absolute(prefix, own or Literal("")), around, target, reader)
            if router and own == Literal(""):
                path = Literal("/")  # a route of its own, which says that it adds nothing
            for method in methods:
                yield EndpointServed(
                    reader.span(site.node), method, cleaned(path), handler, router, "http"
                )


def base_controller(around: Node, reader: Reader) -> str:
    """The class itself, where a class of the repository that it extends may hold its prefix."""
    base = first_base(cast("CSharpSyntax", reader), around)
    inherits = base and base not in OF_FRAMEWORK
    return f"controller {reader.definition_name(around)}" if inherits else ""


def stands_alone(own: Value | None) -> bool:
    first = own.parts[0] if isinstance(own, Join) else own
    return isinstance(first, Literal) and first.text.startswith(("/", "~/"))


def absolute(prefix: Value, own: Value) -> Value:
    """A path that begins with a slash does not stand below its class's."""
    first = own.parts[0] if isinstance(own, Join) else own
    if isinstance(first, Literal) and first.text.startswith(("/", "~/")):
        rest = own.parts[1:] if isinstance(own, Join) else ()
        return join(Literal(first.text.lstrip("~")), *rest)
    return below(prefix, own)


def verbs_of(site: CallSite, reader: Reader) -> list[str]:
    if site.name == "AcceptVerbs":
        words = re.findall(r"[A-Za-z]+", " ".join(reader.text(arg) for arg in site.args))
        return [word.upper() for word in words if word.upper() in HTTP_METHODS]
    verb = site.name.removeprefix("Http").upper()
    return [verb] if site.name.startswith("Http") and verb in HTTP_METHODS else []


def class_routes(around: Node, reader: Reader) -> list[Value]:
    return [
        reader.value(each.args[0])
        for each in reader.annotations.get(around.id, ())
        if each.name in ROUTES and each.args
    ]


def tokens(path: Value, around: Node, target: Node, reader: Reader) -> Value:
    """`[controller]`, `[action]` and `[area]` filled in."""
    if isinstance(path, Join):
        return join(*(tokens(part, around, target, reader) for part in path.parts))
    if not isinstance(path, Literal) or "[" not in path.text:
        return path
    areas = [reader.value(each.args[0]) for each in reader.annotations.get(around.id, ())
             if each.name == "Area" and each.args]  # fmt: skip
    area = areas[0].text if areas and isinstance(areas[0], Literal) else "[area]"
    text = path.text.replace(
        "[controller]", reader.definition_name(around).removesuffix("Controller")
    )
    name = reader.definition_name(target).removesuffix("Async")
    return Literal(text.replace("[action]", name).replace("[area]", area))


class MinimalRoute(Record, frozen=True, kw_only=True):
    """`group.MapGet("/x", handler)`, below the prefixes of the groups it hangs on."""

    callees: tuple[str, ...]
    method: str = ""  # empty: the callee's last part
    protocol: str = "http"
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if not site.args or not isinstance(reader, CSharpSyntax):
            return
        own = reader.value(site.args[0])
        if isinstance(own, Unknown):
            return
        handler = site.args[-1] if len(site.args) > 1 else None
        written = reader.text(handler) if handler is not None else ""
        methods = [self.method or site.name.removeprefix("Map").upper()]
        if site.name == "MapMethods" and len(site.args) > 1:
            words = re.findall(r"[A-Za-z]+", reader.text(site.args[1])[:200])
            methods = [word.upper() for word in words if word.upper() in HTTP_METHODS] or ["*"]
        if site.name == "Map" and not (isinstance(own, Literal) and own.text.startswith("/")):
            return  # mappers of objects have a method of that name
        path = cleaned(
            below(below(module_prefix(site.node, reader), group(site.node, reader, 0)), own)
        )
        for method in methods:
            yield EndpointServed(
                reader.span(site.node),
                method,
                path,
                written if PLAIN.fullmatch(written) else "",
                mapping_method(site.node, reader),
                self.protocol,
            )


MODULE_BASE = regex(r":\s*base\(\s*\"([^\"]{1,200})\"")
MAPS = regex(r"^(?:Map|Add|Use|Register|Configure)\w*$")


def module_prefix(node: Node, reader: CSharpSyntax) -> Value:
    """What a Carter module hands to its base: `public Orders() : base("/orders")`."""
    around = reader.class_around(node)
    if around is None or "CarterModule" not in {reader.plain(b) for b in reader.base_names(around)}:
        return Literal("")
    match = MODULE_BASE.search(reader.text(around)[:4000])
    return Literal(match[1]) if match is not None else Literal("")


BUILDER = regex(
    r"(?:this )?(?:\w+\.){0,6}(?:IEndpointRouteBuilder|RouteGroupBuilder|WebApplication)\b"
)


def mapping_method(node: Node, reader: CSharpSyntax) -> str:
    """The method that a route is mapped in, which is given what it hangs on: whoever calls it may
    add a prefix."""
    around = reader.function_around(node)
    if around is None or around.type != "method_declaration":
        return ""
    parameters = around.child_by_field_name("parameters")
    first = (
        parameters.named_children[0]
        if parameters is not None and parameters.named_children
        else None
    )
    name = reader.definition_name(around)
    text = reader.text(first)[:200] if first is not None else ""
    given = text[:5] == "this " or BUILDER.match(text) is not None
    return name if given and MAPS.match(name) else ""


def mounted(reader: CSharpSyntax, nodes: Iterable[Node]) -> Iterator[Fact]:
    """`app.MapGroup("/api").MapOrders()`: the routes of an extension method below a prefix."""
    for node in nodes:
        name = reader.chain(node)[-1].name
        if name in OWN_MAPS:
            continue
        prefix, parent = group(node, reader, 0), mapping_method(node, reader)
        if prefix == Literal(""):
            prefix = handed_group(node, reader)
        if isinstance(prefix, Unknown) or (prefix == Literal("") and not parent):
            continue
        yield RouterMounted(reader.span(node), cleaned(prefix), name, parent)


def handed_group(node: Node, reader: CSharpSyntax) -> Value:
    """The prefix of a group that stands among the arguments: `Orders.Map(group)`."""
    for given in reader.arguments_of(node)[:2]:
        made = reader.local(reader.text(given), node) if given.type == "identifier" else given
        if made is not None and made.type == "invocation_expression":
            prefix = below(group(made, reader, 1), made_group(made, reader))
            if prefix != Literal(""):
                return prefix
    return Literal("")


# Methods of the framework, whose routes are known by other ways.
OWN_MAPS = {
    "MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods", "MapGroup", "MapControllers",
    "MapControllerRoute", "MapDefaultControllerRoute", "MapAreaControllerRoute", "MapHub",
    "MapRazorPages", "MapGrpcService", "MapHealthChecks", "MapRazorComponents", "MapBlazorHub",
    "MapFallback", "MapFallbackToFile", "MapFallbackToPage", "MapReverseProxy", "MapGraphQL", "MapOpenApi",
    "MapSwagger", "MapStaticAssets", "MapDefaultEndpoints", "MapMetrics", "MapCarter", "MapHttpRoute",
    "MapRoute", "MapWhen", "MapFrom", "MapSubscribeHandler", "MapIdentityApi", "MapScalarApiReference",
}  # fmt: skip


def group(node: Node, reader: CSharpSyntax, depth: int) -> Value:
    """The prefix of what a route hangs on: `app.MapGroup("/a").RequireAuthorization()`."""
    if depth > MAX_GROUPS:
        return Literal("")
    links = reader.chain(node)
    prefix: Value = Literal("")
    root = links[0]
    if root.node is None and len(links) > 1:
        made = reader.local(root.name, node)
        if made is not None and made.type == "invocation_expression":
            prefix = below(group(made, reader, depth + 1), made_group(made, reader))
    for link in links[:-1]:
        if link.name == "MapGroup" and link.node is not None:
            prefix = below(prefix, first(link.node, reader))
    return prefix


def made_group(node: Node, reader: CSharpSyntax) -> Value:
    """The prefix that the last call of a chain adds by itself."""
    return first(node, reader) if reader.chain(node)[-1].name == "MapGroup" else Literal("")


def first(node: Node, reader: CSharpSyntax) -> Value:
    args = reader.arguments_of(node)
    return reader.value(args[0]) if args else Literal("")


class MappedService(Record, frozen=True, kw_only=True):
    """`app.MapGrpcService<Basket>()`: the service class is found by its base, not here; a hub is
    served where it is mapped."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.args:
            yield EndpointServed(
                reader.span(site.node),
                "*",
                cleaned(reader.value(site.args[0])),
                "",
                "",
                "websocket",
            )
