"""Routers and servers of Go."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, ServerStarted
from scaleaudit.languages.go.router_prefixes import made_by_own, of_own_constructor, tidy
from scaleaudit.languages.go.routing import FieldRoute, GoRoute, GroupGiven
from scaleaudit.languages.patterns import FIRST, MAX_HANDLER_TEXT, Arg, Pattern, Serve
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

ROUTER_FIELD = regex(r"(?i)(group|router|routes?|engine|echo|gin|api|srv|server)$")
UPPER = "{GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS}"
CAPITAL = "{Get,Post,Put,Patch,Delete,Head,Options}"
GIN = "github.com/gin-gonic/gin"
MUX = "github.com/gorilla/mux"
CHI = "github.com/go-chi/chi"
ECHO = "github.com/labstack/echo"
FIBER = "github.com/gofiber/fiber"
BEEGO = "{github.com/astaxie/beego,github.com/beego/beego,github.com/beego/beego/server/web}"
HTTPROUTER = "github.com/julienschmidt/httprouter"
MAX_ARGUMENT = 200  # characters
KNOWN_ROUTERS = regex(
    r"net/http\.|github\.com/(?:gorilla/mux|go-chi/chi|gin-gonic/gin|labstack/echo|gofiber/fiber"
    r"|julienschmidt/httprouter|valyala/fasthttprouter|hibiken/asynq)\b"
)
OWN_ROUTE = regex(
    r'^"(?:[A-Z]{3,7} )?/[^"\n]*",'
    r"(?:http\.(?:HandlerFunc|FileServer|StripPrefix|TimeoutHandler)\(|func\(\w* ?http\.ResponseWriter"
    r"|[\w.]*[hH]andler?s?\b|\w+\.[\w.]+$)"
)
OWN_METHOD = regex(
    r'^(?:"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"|http\.Method[A-Z]\w+),"/[^"\n]*",[&\w]'
)


def on_field_of_package(site: CallSite, reader: Reader) -> bool:
    """The receiver of a method holds a router in a field whose type is not seen here.

    The name of the field says what it is, and the file imports Gin or Echo.
    """
    imports = getattr(reader, "imports", {}).values()
    if not any(each.startswith((GIN, ECHO)) for each in imports) or len(site.args) < 2:
        return False
    if site.callee.startswith((GIN, ECHO)):
        return False  # its type is seen
    function = site.node.child_by_field_name("function")
    field = function.child_by_field_name("operand") if function is not None else None
    if field is None or field.type != "selector_expression":
        return False
    name = field.child_by_field_name("field")
    owner = field.child_by_field_name("operand")
    return (
        name is not None
        and owner is not None
        and owner.type == "identifier"
        and ROUTER_FIELD.search(reader.text(name)) is not None
        and site.args[0].type in ("interpreted_string_literal", "raw_string_literal")
    )


def on_router_made_elsewhere(site: CallSite, reader: Reader) -> bool:
    """A path and a handler, on what the project's own `router.New()` returns, or on its group."""
    function = site.node.child_by_field_name("function")
    return (
        len(site.args) >= 2
        and function is not None
        and site.args[0].type in ("interpreted_string_literal", "raw_string_literal")
        and made_by_own(cast("GoReader", reader), function)
    )


def grouped_elsewhere(site: CallSite, reader: Reader) -> bool:
    return of_own_constructor(cast("GoReader", reader), site.node)


def on_own_router(site: CallSite, reader: Reader) -> bool:
    """A router of the repository's own type, by what it is given: a path and a handler."""
    return (
        not KNOWN_ROUTERS.match(site.callee)
        and OWN_ROUTE.match(given_text(site, reader, 2)) is not None
    )


def method_first(site: CallSite, reader: Reader) -> bool:
    """The same with the method before the path: `r.HandleFunc("GET", "/orders", list)`."""
    return (
        not KNOWN_ROUTERS.match(site.callee)
        and OWN_METHOD.match(given_text(site, reader, 3)) is not None
    )


def given_text(site: CallSite, reader: Reader, count: int) -> str:
    """The arguments as written, where there are so many; of each its beginning."""
    if len(site.args) != count or site.opaque:
        return ""
    return ",".join(reader.text(arg)[:MAX_ARGUMENT] for arg in site.args)


class GoServe(Serve, frozen=True, kw_only=True):
    """`server.ListenAndServe()`: the address stands in the literal that made the server."""

    client_port: tuple[str, ...] = ("Addr",)

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        port = self.port.value(site, reader)
        node = site.client.argument(-1, *self.client_port) if site.client is not None else None
        if port is None and node is not None:
            port = reader.value(node)
        yield ServerStarted(reader.span(site.node), self.library, port)


class BeegoRoute(Record, frozen=True, kw_only=True):
    """`web.Router("/orders", &OrderController{}, "get:List;post,put:Save")`.

    Namespaces stand around their routes: `NewNamespace("/v1", NSRouter(...))`.
    """

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if len(site.args) < 2:
            return
        parts = [*namespaces(site.node, reader), reader.value(site.args[0])]
        path = tidy(join(*[each for part in parts for each in (Literal("/"), part)]))
        controller = reader.text(site.args[1]).strip("&{}()")
        mapping = (literal_text(reader.value(site.args[2])) if site.args[2:] else "") or "*:"
        for pair in mapping.split(";"):
            verbs, _, function = pair.partition(":")
            for verb in verbs.split(","):
                yield EndpointServed(
                    at=reader.span(site.node),
                    method=verb.strip().upper() or "*",
                    path=path,
                    handler=f"{controller}.{function.strip()}".strip(".")[:MAX_HANDLER_TEXT],
                )


def namespaces(node: Node, reader: Reader) -> list[Value]:
    """The prefixes of the namespaces around a route, the outermost first."""
    found: list[Value] = []
    for above in reader.ancestors(node):
        name = reader.callee(above).rpartition(".")[2] if above.type == "call_expression" else ""
        if name in ("NewNamespace", "NSNamespace") and (args := reader.arguments(above)[0]):
            found.append(reader.value(args[0]))
    return found[::-1]


WEB: tuple[Pattern, ...] = (
    BeegoRoute(callees=(f"{BEEGO}.{{Router,NSRouter}}",)),
    GoRoute(callees=(f"{BEEGO}.{CAPITAL}", f"{BEEGO}.Any")),
    Serve(callees=(f"{BEEGO}.Run",), library="beego"),
    # Since Go 1.22 a pattern may begin with its method: "GET /orders/{id}".
    GoRoute(callees=("net/http.{HandleFunc,Handle}", "net/http.ServeMux.{HandleFunc,Handle}")),
    GoRoute(callees=(f"{MUX}.Router.{{HandleFunc,Handle}}",), methods_after=True),
    GoRoute(callees=(f"{MUX}.Route.{{HandlerFunc,Handler}}",), chained_path=True, least=1),
    GoRoute(
        callees=(
            f"{CHI}.Router.{CAPITAL}",
            f"{CHI}.Router.{{Handle,HandleFunc,Connect,Trace,Mount}}",
        ),
        slash_is_nothing=True,
    ),
    GoRoute(callees=(f"{CHI}.Router.{{Method,MethodFunc}}",), path=Arg(1), method_arg=0, least=3),
    GoRoute(callees=(f"{GIN}.Engine.{UPPER}", f"{GIN}.Engine.Any")),
    GoRoute(callees=(f"{GIN}.Engine.Handle",), path=Arg(1), method_arg=0, least=3),
    GoRoute(callees=(f"{ECHO}.Echo.{UPPER}", f"{ECHO}.Echo.Any"), handler_at=1),
    GoRoute(
        callees=(f"{ECHO}.Echo.{{Add,Match}}",), path=Arg(1), method_arg=0, least=3, handler_at=2
    ),
    GoRoute(callees=(f"{FIBER}.App.{CAPITAL}", f"{FIBER}.App.All")),
    GoRoute(callees=(f"{FIBER}.App.Add",), path=Arg(1), method_arg=0, least=3),
    GoRoute(
        callees=(
            f"{HTTPROUTER}.Router.{UPPER}",
            "github.com/valyala/fasthttprouter.Router." + UPPER,
        )
    ),
    GoRoute(
        callees=(f"{HTTPROUTER}.Router.{{Handle,Handler,HandlerFunc}}",),
        path=Arg(1),
        method_arg=0,
        least=3,
    ),
    # `h.group.GET("/:id", h.Read())`, where another file of the package declares the field.
    FieldRoute(callees=(f"*.{UPPER}", "*.Any"), handler_at=1, when=on_field_of_package),
    GoRoute(callees=(f"*.{UPPER}", "*.Any"), handler_at=1, when=on_router_made_elsewhere),
    GroupGiven(callees=("*.{Group,Subrouter}",), when=grouped_elsewhere),
    GoRoute(callees=("*.{HandleFunc,Handle}",), when=on_own_router),
    GoRoute(
        callees=("*.{HandleFunc,Handle,HandlerFunc,Handler}",),
        path=Arg(1),
        method_arg=0,
        least=3,
        when=method_first,
    ),
    GroupGiven(callees=(f"{GIN}.Engine.Group", f"{ECHO}.Echo.Group", f"{FIBER}.App.Group")),
    GroupGiven(callees=(f"{MUX}.Route.Subrouter",)),
    Serve(callees=("net/http.{ListenAndServe,ListenAndServeTLS}",), library="net/http", port=FIRST),
    GoServe(callees=("net/http.Server.{ListenAndServe,ListenAndServeTLS}",), library="net/http"),
    GoServe(callees=("net/http.Server.{Serve,ServeTLS}",), library="net/http"),
    Serve(callees=(f"{GIN}.Engine.{{Run,RunTLS}}",), library="gin", port=FIRST),
    Serve(callees=(f"{ECHO}.Echo.{{Start,StartTLS,StartServer}}",), library="echo", port=FIRST),
    Serve(callees=(f"{FIBER}.App.{{Listen,ListenTLS}}",), library="fiber", port=FIRST),
    Serve(callees=("github.com/valyala/fasthttp.ListenAndServe",), library="fasthttp", port=FIRST),
    Serve(callees=("google.golang.org/grpc.Server.Serve",), library="grpc"),
)
