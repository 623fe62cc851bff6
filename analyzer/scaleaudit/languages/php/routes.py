"""Routes that calls make: Laravel's facade, Lumen's and Slim's routers, with their groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.languages.php.class_names import FACADES, MEMBER_CALLS
from scaleaudit.languages.php.route_prefixes import (
    below,
    braced,
    group_prefixes,
    of_function,
    outer_prefixes,
    prefix_around,
    prefixed,
)
from scaleaudit.languages.php.strings import STRINGS
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

ROUTERS = (FACADES, "FastRoute.", "Bramus.", "Cake.")  # whose methods are routes and nothing else
# The same of what a declared type says, and not a variable's name.
TYPED = (
    "Laravel.Lumen.Routing.Router.",
    "Illuminate.Routing.Router.",
    "Illuminate.Contracts.Routing.",
)
MAX_GROUPS = 12  # around one route
HANDLERS = {"anonymous_function", "arrow_function", "array_creation_expression"} | {
    "class_constant_access_expression",
    "object_creation_expression",
    "binary_expression",
}
NAMED_HANDLER = regex(r"^[\\\w]+(@|:{1,2})\w+$|^[\\\w]+(Controller|Action|Handler)$")
ROUTE_FILE = regex(r"['\"]/?((?:[\w.-]+/){0,8}[\w.-]+\.php)['\"]")
# The routes of a resource: name, method, what follows the resource's path.
RESOURCE = (
    ("index", "GET", ""),
    ("create", "GET", "/create"),
    ("store", "POST", ""),
    ("show", "GET", "/{}"),
    ("edit", "GET", "/{}/edit"),
    ("update", "PUT", "/{}"),
    ("destroy", "DELETE", "/{}"),
)
FORMS = {"create", "edit"}  # which an API does not have


class GroupedRoute(Record, frozen=True, kw_only=True):
    """`Route::get($path, $handler)` below the prefixes of the groups around it."""

    callees: tuple[str, ...]
    method: str = ""  # empty: the callee's last part
    path: int = 0
    verbs: int = -1  # the position of the argument that lists the methods
    least: int = 2
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        if len(site.args) < self.least or not _is_route(site, php, self.path):
            return
        path = prefixed(php, site.node, braced(php.value(site.args[self.path])))
        router = php.callee(site.node).partition(".")[0]
        router = of_function(php, site.node, router) or router
        last = site.args[-1] if len(site.args) > self.path + 1 else None
        for method in self._methods(site, php):
            yield EndpointServed(
                at=php.span(site.node),
                method=method,
                path=path,
                handler="" if self.method else php.handler_name(last),
                router="laravel" if site.callee.startswith(FACADES) else router,
            )

    def _methods(self, site: CallSite, reader: PhpReader) -> list[str]:
        if 0 <= self.verbs < len(site.args):
            words = re.findall(r"[A-Za-z]+", reader.text(site.args[self.verbs]))
            return [w.upper() for w in words if w.upper() in HTTP_METHODS] or ["*"]
        name = site.name.upper()
        return [self.method or (name if name in HTTP_METHODS else "*")]


def _is_route(site: CallSite, reader: PhpReader, position: int) -> bool:
    """Of a router known by its name alone: a path, and something that can handle a request."""
    if site.callee.startswith((*ROUTERS, *TYPED)):
        return not isinstance(reader.value(site.args[position]), Unknown)
    path, handler = site.args[position], site.args[-1]
    if path.type not in STRINGS or re.search(r"\s", reader.text(path)):
        return False
    named = handler.type in STRINGS and NAMED_HANDLER.match(reader.text(handler)[1:-1])
    uses = handler.type in HANDLERS or bool(named)
    return uses and handler.id != path.id


class RouteFile(Record, frozen=True, kw_only=True):
    """`Route::prefix("api")->group(base_path("routes/api.php"))`: the routes of another file."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        written = ROUTE_FILE.search(php.text(site.args[-1])[:300]) if site.args else None
        if written is None or site.args[-1].type in HANDLERS:
            return
        prefix: Value = Literal("")
        for outer in (*group_prefixes(php, site.node), *outer_prefixes(php, site.node)):
            prefix = below(outer, prefix)
        child = written[1].lstrip("/")
        yield RouterMounted(php.span(site.node), prefix, child, "laravel", is_module=True)


def of_required(reader: PhpReader, node: Node, file: str) -> Iterator[RouterMounted]:
    """`require __DIR__."/api/orders.php"` in a file of routes: they stand as if they were here."""
    if not file.startswith("./") or b"class " in reader.content:
        return
    prefix = prefix_around(reader, node)
    yield RouterMounted(reader.span(node), prefix, file[2:], "laravel", is_module=True)


class Resource(Record, frozen=True, kw_only=True):
    """`Route::resource("photos", Photos::class)`: the seven routes, or five for an API;
    `Route::singleton("profile", Profile::class)`: of a thing of which there is one."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        given = php.value(site.args[0]) if len(site.args) >= 2 else None
        if isinstance(given, Literal):
            yield from resource_routes(php, site, given.text, php.handler_name(site.args[1]))


class Resources(Record, frozen=True, kw_only=True):
    """`Route::apiResources(["photos" => Photos::class])`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        for name, node in list(site.keywords.items())[:MAX_RESOURCES]:
            yield from resource_routes(php, site, name, php.handler_name(node))


def resource_routes(
    reader: PhpReader, site: CallSite, name: str, handler: str
) -> Iterator[EndpointServed]:
    *above, last = name.strip("/").split(".")  # photos.comments
    nested = "".join(f"/{each}/{{{_singular(each)}}}" for each in above)
    base = prefixed(reader, site.node, Literal(f"{nested}/{last}"))
    wanted = _wanted(reader, site.node, site.name.startswith("api"))
    alone = site.name.lower().endswith("singleton")
    for action, method, rest in RESOURCE:
        if alone and action in ("index", "create", "store", "destroy"):
            continue  # what it may be made or destroyed by is at the same path
        rest = rest.removeprefix("/{}") if alone else rest
        if action in wanted:
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=join(base, Literal(rest.replace("{}", f"{{{_singular(last)}}}"))),
                handler=f"{handler}.{action}",
                router="laravel",
            )


class ApplicationRoutes(Record, frozen=True, kw_only=True):
    """`->withRouting(api: "routes/api.php", apiPrefix: "api/v2")` of Laravel's start-up code."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        prefix = site.keywords.get("apiPrefix")
        files = site.keywords.get("api")
        if prefix is None or files is None:
            return
        for written in ROUTE_FILE.findall(reader.text(files)[:300])[:MAX_GROUPS]:
            child = re.sub(r"^(?:\.\./)+", "", written.lstrip("/"))
            yield RouterMounted(reader.span(site.node), reader.value(prefix), child, is_module=True)


MAX_RESOURCES = 200


def _singular(name: str) -> str:
    name = name.rpartition("/")[2].replace("-", "_")
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


OPTION = regex(r"['\"](only|except)['\"]\s*=>\s*(\[[^\]]*\]|['\"]\w+['\"])")


def _wanted(reader: PhpReader, node: Node, api: bool) -> set[str]:
    """What `only` and `except` leave, as calls on the resource or in its options."""
    actions = {action for action, _, _ in RESOURCE} - (FORMS if api else set())
    args, named, _ = reader.arguments(node)
    said = {name: reader.text(arg) for name, arg in named.items()}
    if len(args) > 2 and args[2].type == "variable_name":
        said.update(_kept_options(reader, args[2]))
    at = node.parent
    for _ in range(MAX_GROUPS):
        if at is None or at.type not in MEMBER_CALLS:
            break
        name = at.child_by_field_name("name")
        holder = at.child_by_field_name("arguments")
        if name is not None and holder is not None:
            said[reader.text(name)] = reader.text(holder)
        at = at.parent
    if "only" in said:
        return actions & set(re.findall(r"\w+", said["only"]))
    return actions - set(re.findall(r"\w+", said.get("except", "")))


def _kept_options(reader: PhpReader, variable: Node) -> dict[str, str]:
    """The options of a resource that a variable holds, by the last that it is given before."""
    name = re.escape(reader.text(variable)).encode()
    given = re.compile(name + rb"\s*=\s*(\[[^;]{0,600}\])\s*;")
    found = list(given.finditer(reader.content, 0, variable.start_byte))
    text = found[-1][1].decode(errors="replace") if found else ""
    return {match[1]: match[2] for match in OPTION.finditer(text)}


def handles_requests(site: CallSite, reader: Reader) -> bool:
    """A route attribute of a method, or of a class that is its own handler."""
    if site.target is None or site.target.type == "method_declaration":
        return site.target is not None
    return "function __invoke" in reader.text(site.target)
