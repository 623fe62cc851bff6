"""Endpoints that follow from names: actions of controllers, pages, functions.

Which addresses conventional actions have, the start-up code of the application says
(`MapControllerRoute(pattern: "{controller}/{action}/{id?}")`); the linker joins the two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, EndpointServed, RouterMounted
from scaleaudit.languages.patterns import HTTP_METHODS, Arg
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.syntax import CSharpSyntax
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

# `ApiController` is also what many call a base class of their own.
OF_FRAMEWORK = {"Controller", "ControllerBase", "ODataController"}
CONTROLLER = regex(r"Controller(?:Base)?$")
ROUTE_OF_CLASS = "[Route]"  # the constant of a class that holds the template of its routes
# What actions return; other public methods of a controller are helpers more often than not.
RESULT = regex(
    r"^(?:System\.Threading\.Tasks\.)?(?:(?:Value)?Task\s*<\s*)?I?\w*(?:Action|View|Json|File|Content|Redirect)"
    r"\w*Result\b|HttpResponseMessage"
)
VERB = regex(r"^(Get|Post|Put|Delete|Patch|Head|Options)")
INTERFACE = regex(r"^I[A-Z]")
PAGE_METHOD = regex(r"^On(Get|Post|Put|Delete|Patch)\w*$")
PLACE = regex(r"\{\*{0,2}(\w+)[^{}]*\}")
MAX_METHODS = 400


def is_controller(reader: CSharpSyntax, node: Node) -> bool:
    """By its name or its bases; an abstract class may be the base of some."""
    names = [reader.definition_name(node), *(reader.plain(b) for b in reader.base_names(node))]
    return any(CONTROLLER.search(name) for name in names) or (
        "abstract" in _head(reader, node) and any(name.endswith("Base") for name in names)
    )


def first_base(reader: CSharpSyntax, node: Node) -> str:
    """The class that a class extends; empty when it only implements interfaces."""
    names = [reader.plain(base) for base in reader.base_names(node)[:1]]
    return next((name for name in names if not INTERFACE.match(name)), "")


def controller(reader: CSharpSyntax, node: Node) -> Iterator[Fact]:
    """The actions of a controller that no attribute routes, and the template of its class."""
    name = reader.definition_name(node)
    base = first_base(reader, node)
    beside = reader.annotations.get(node.id, [])
    routes = [each for each in beside if each.name in ("Route", "RoutePrefix") and each.args]
    if routes:
        template = reader.value(routes[0].args[0])
        yield ConstantDefined(reader.span(node), f"{name}.{ROUTE_OF_CLASS}", template)
        return
    if base and base not in OF_FRAMEWORK:
        inherited = Name(f"{base}.{ROUTE_OF_CLASS}")
        yield ConstantDefined(reader.span(node), f"{name}.{ROUTE_OF_CLASS}", inherited)
    if any(each.name == "ApiController" for each in beside) or "abstract" in _head(reader, node):
        return
    areas = [literal_text(reader.value(e.args[0])) for e in beside if e.name == "Area" and e.args]
    if not CONTROLLER.search(name):
        return
    kind = "webapi" if base == "ApiController" else "mvc"
    start = f"{areas[0]}//" if areas and areas[0] else ""
    for method in _methods(node):
        yield from _action(reader, method, name, kind, start)


def _head(reader: CSharpSyntax, node: Node) -> set[str]:
    return {reader.text(c) for c in node.children if c.type == "modifier"}


def _methods(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    members = body.named_children[:MAX_METHODS] if body is not None else []
    return [member for member in members if member.type == "method_declaration"]


def _action(
    reader: CSharpSyntax, method: Node, controller_name: str, kind: str, start: str
) -> Iterator[Fact]:
    own = reader.definition_name(method)
    beside = reader.annotations.get(method.id, [])
    words = _head(reader, method)
    if "public" not in words or words & {"static", "override"}:
        return
    if any(each.name in ("Route", "NonAction") or each.args for each in beside):
        return  # its attribute says the path
    verbs = [each.name.removeprefix("Http").upper() for each in beside]
    verbs = [verb for verb in verbs if verb in HTTP_METHODS]
    returns = method.child_by_field_name("returns")
    result = returns is not None and RESULT.search(reader.text(returns)[:120]) is not None
    named = VERB.match(own)
    if kind == "webapi":
        verbs = verbs or ([named[1].upper()] if named is not None else ["POST"])
    elif not verbs and not result:
        return
    parameters = method.child_by_field_name("parameters")
    taken = {
        reader.definition_name(each)
        for each in (parameters.named_children if parameters is not None else ())
        if each.type == "parameter"
    }
    short = controller_name.removesuffix("Controller")
    identity = "/{id}" if "id" in taken else ""
    path = f"{start}{short}/{own.removesuffix('Async')}{identity}"
    for verb in verbs or ["GET"]:
        yield EndpointServed(
            reader.span(method), verb, Literal(path), f"{controller_name}.{own}", kind
        )


def page(reader: CSharpSyntax, node: Node) -> Iterator[Fact]:
    """A Razor page: its address is that of its file."""
    seen: set[str] = set()
    for method in _methods(node):
        match = PAGE_METHOD.match(reader.definition_name(method))
        if match is not None and match[1] not in seen:
            seen.add(match[1])
            handler = f"{reader.definition_name(node)}.{match[0]}"
            yield EndpointServed(
                reader.span(method), match[1].upper(), Literal(""), handler, "razor"
            )


class Convention(Record, frozen=True, kw_only=True):
    """`MapControllerRoute(name, pattern)`, `MapHttpRoute(name, routeTemplate)`."""

    callees: tuple[str, ...]
    kind: str
    template: Arg
    default: str = ""
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        given = literal_text(self.template.value(site, reader)) or self.default
        if "{controller" in given or "{action" in given:
            yield RouterMounted(reader.span(site.node), Literal(given), self.kind)


class Function(Record, frozen=True, kw_only=True):
    """Azure Functions: `[HttpTrigger("get", Route = "orders/{id}")]` on a parameter."""

    callees: tuple[str, ...] = ("*.HttpTrigger",)
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        method = reader.function_around(site.node)
        if method is None:
            return
        route = site.keywords.get("Route")
        path = reader.value(route) if route is not None else None
        if path is None or not isinstance(path, Literal):
            names = [
                literal_text(reader.value(each.args[0]))
                for each in reader.annotations.get(method.id, ())
                if each.name in ("Function", "FunctionName") and each.args
            ]
            path = Literal((names[0] if names else "") or reader.definition_name(method))
        words = re.findall(r"\"([A-Za-z]+)\"", reader.text(site.node).partition("Route")[0])
        verbs = [word.upper() for word in words if word.upper() in HTTP_METHODS] or ["*"]
        around = reader.class_around(method)
        outer = f"{reader.definition_name(around)}." if around is not None else ""
        full = Literal("/api/" + PLACE.sub(r"{\1}", path.text).lstrip("/"))
        for verb in verbs:
            yield EndpointServed(
                reader.span(site.node), verb, full, f"{outer}{reader.definition_name(method)}"
            )
