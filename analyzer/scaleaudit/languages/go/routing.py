"""Routes of Go: prefixes of groups, subrouters and closures, as far as one file shows them.

A router that comes from elsewhere (a parameter, the result of another function) is named after
the function that uses it, so that a mount in another file can say its prefix: `RouterMounted`
with that function as child.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.patterns import FIRST, HTTP_METHODS, MAX_HANDLER_TEXT, Arg
from scaleaudit.values import Literal, Unknown, Value, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MAX_PREFIXES = 12  # groups inside groups
METHOD_AND_PATH = re.compile(r"^(?:([A-Z]+)\s+)?(?:[\w.-]+)?(/.*)$", re.DOTALL)
# A call whose first argument goes in front of the routes of what it returns or hands on.
PREFIXING = {
    "github.com/gin-gonic/gin.Engine.Group",
    "github.com/labstack/echo.Echo.Group",
    "github.com/gofiber/fiber.App.Group",
    "github.com/gofiber/fiber.App.Route",
    "github.com/go-chi/chi.Router.Route",
    "github.com/gorilla/mux.Router.PathPrefix",
    "github.com/gorilla/mux.Router.Path",
    "github.com/gorilla/mux.Route.PathPrefix",
    "github.com/gorilla/mux.Route.Path",
}
MOUNTING = ("Mount", "Handle")
ROUTERS = re.compile(r"\b(ServeMux|mux\.Router|chi\.Router|httprouter\.Router|gin\.Engine|echo\.Echo"
                     r"|fiber\.App)$")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a router hangs: the prefix known so far, and the name to look for elsewhere."""

    prefix: tuple[Value, ...] = ()
    router: str = ""

    def below(self, part: Value) -> Place:
        return Place((*self.prefix, part), self.router)

    def path(self, own: Value | None) -> Value:
        parts = [each for each in (*self.prefix, own) if each is not None and each != Literal("")]
        if not parts:
            return Literal("")
        slashed = [each for part in parts for each in (Literal("/"), part)]
        return tidy(join(*slashed[1:]))


def tidy(path: Value) -> Value:
    """No doubled slashes where the text is known."""
    text = literal_text(path)
    return Literal(re.sub(r"/{2,}", "/", text)) if text is not None else path


def place_of(reader: GoReader, node: Node | None, depth: int = 0) -> Place:
    """Where the router that an expression stands for hangs."""
    if node is None or depth > MAX_PREFIXES:
        return Place()
    if node.type == "call_expression":
        return place_of_call(reader, node, depth)
    scope = reader.scope(node)
    if node.type == "selector_expression":
        values = field_values(reader, node)
        if len(values) == 1:
            return place_of(reader, values[0], depth + 1)
        return Place(router=reader.receivers.meaning(node).name[-80:])
    if node.type in ("unary_expression", "parenthesized_expression") and node.named_children:
        return place_of(reader, node.named_children[0], depth + 1)
    if node.type != "identifier":
        return Place(router=scope)
    reaching = reader.scopes.reaching(reader.text(node), node)
    if not reaching:
        return Place(router=reader.text(node))
    sure = reaching[0]
    if sure.parameter:
        if sure.node.parent is not None and sure.node.parent.parent is not None:
            around = sure.node.parent.parent
            if around.type == "func_literal":
                return place_of_closure(reader, around, depth)
        callers = reader.callers(sure)
        if len(callers) == 1:
            return place_of(reader, callers[0][1], depth + 1)
        return Place(router=scope)
    if sure.value is None or len(reaching) > 1:
        return Place(router=scope)
    mounted = mounted_in_function(reader, node, depth)
    if mounted is not None:
        return mounted
    if sure.value.type == "call_expression":
        made = place_of_call(reader, sure.value, depth)
        return made if made.router else Place(made.prefix, scope)
    return place_of(reader, sure.value, depth + 1)


def field_values(reader: GoReader, node: Node) -> tuple[Node, ...]:
    operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
    if operand is None or field is None:
        return ()
    owner = reader.receivers.meaning(operand).name
    return reader.receivers.field_values(owner, reader.text(field))


def place_of_call(reader: GoReader, call: Node, depth: int) -> Place:
    """A group, a subrouter, or a chain that hands the same router on; else a new router."""
    function = call.child_by_field_name("function")
    if function is None:
        return Place(router=reader.scope(call))
    operand = function.child_by_field_name("operand")
    name = reader.receivers.meaning(function).name
    if name in PREFIXING:
        args, _, _ = reader.arguments(call)
        above = place_of(reader, operand, depth + 1)
        return above.below(reader.value(args[0])) if args else above
    holder = reader.receivers.meaning(operand).name if operand is not None else ""
    if ROUTERS.search(holder) or holder.endswith("mux.Route"):
        return place_of(reader, operand, depth + 1)  # With(...), Subrouter(), Use(...)
    return Place(router=reader.scope(call))


def place_of_closure(reader: GoReader, literal: Node, depth: int) -> Place:
    """`r.Route("/users", func(r chi.Router) { ... })`."""
    holder = literal.parent
    call = holder.parent if holder is not None and holder.type == "argument_list" else None
    if call is None:
        return Place(router=reader.scope(literal))
    return place_of_call(reader, call, depth + 1)


def mounted_in_function(reader: GoReader, node: Node, depth: int) -> Place | None:
    """`r.Mount("/api", api)` or `mux.Handle("/api/", http.StripPrefix("/api", api))` around."""
    function = reader.scopes.function(node.start_byte)
    if function is None or depth > MAX_PREFIXES:
        return None
    name = re.escape(reader.text(node).encode())
    for offset in reader.places(rb"\.(?:Mount|Handle)\([^()\n]{1,80},[^\n]{0,80}\b" + name + rb"\)"):
        if not function.start_byte <= offset < function.end_byte:
            continue
        inside = reader.root.descendant_for_byte_range(offset + 1, offset + 2)
        selector = inside.parent if inside is not None else None
        call = selector.parent if selector is not None else None
        if selector is None or call is None or call.type != "call_expression":
            continue
        args, _, _ = reader.arguments(call)
        operand = selector.child_by_field_name("operand")
        if len(args) != 2 or operand is None or reader.text(operand) == reader.text(node):
            continue
        method = reader.text(selector.child_by_field_name("field") or selector)
        stripped = b"StripPrefix" in reader.content[args[1].start_byte : args[1].end_byte]
        above = place_of(reader, operand, depth + 1)
        if method == "Mount" or stripped:
            return above.below(reader.value(args[0]))
        if ROUTERS.search(reader.receivers.meaning(args[1]).name):
            return above
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoRoute:
    """A route of a Go router; the handler is the last argument, middlewares stand before it.

    `methods_after`: gorilla's `.Methods("GET")` behind the call says the methods.
    `method_arg` holds the method where it is an argument.
    """

    callees: tuple[str, ...]
    path: Arg = FIRST
    method: str = ""  # empty: the callee's last part, when it is an HTTP method
    method_arg: int = -1
    methods_after: bool = False
    chained_path: bool = False  # gorilla's `.Path("/x").HandlerFunc(h)`
    slash_is_nothing: bool = False  # "/" inside a group is the group's own path
    protocol: str = "http"
    least: int = 2
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        if len(site.args) < self.least:
            return
        function = site.node.child_by_field_name("function")
        operand = function.child_by_field_name("operand") if function is not None else None
        place = place_of(reader, operand)
        own = None if self.chained_path else self.path.value(site, reader)
        if own == Literal("/") and place.prefix and self.slash_is_nothing:
            own = None
        if isinstance(own, Unknown) and not place.prefix:
            return
        methods = self.verbs(site, reader)
        text = literal_text(own)
        if text is not None and self.protocol == "http" and "net/http" in site.callee:
            found = METHOD_AND_PATH.match(text)
            if found is None:
                return
            own = Literal(found[2].removesuffix("{$}"))
            methods = [found[1]] if found[1] else methods
        last = site.args[-1]
        handler = reader.text(last) if last.end_byte - last.start_byte <= MAX_HANDLER_TEXT else ""
        child = child_name(reader, last)
        if is_router(reader, last) or (site.name == "Mount" and child):
            if child and last.type != "identifier":
                yield RouterMounted(
                    at=reader.span(site.node),
                    prefix=place.path(own) if self.mounts(site, reader, last) else Literal(""),
                    child=child,
                    parent=place.router,
                )
            return
        for method in methods:
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=place.path(own),
                handler=handler if "\n" not in handler and not handler.startswith("func(") else "",
                router=place.router,
                protocol=self.protocol,
            )

    def mounts(self, site: CallSite, reader: GoReader, handler: Node) -> bool:
        return site.name == "Mount" or "StripPrefix" in reader.text(handler)[:80]

    def verbs(self, site: CallSite, reader: GoReader) -> list[str]:
        if self.method:
            return self.method.split()
        if 0 <= self.method_arg < len(site.args):
            return verbs_in(reader.text(site.args[self.method_arg]))
        if self.methods_after or self.chained_path:
            return chained_methods(reader, site.node)
        name = site.name.upper()
        return [name] if name in HTTP_METHODS else ["*"]


def verbs_in(text: str) -> list[str]:
    """`"GET", http.MethodPost` as GET and POST."""
    words = re.findall(r"[A-Za-z]+", text)
    found = [word.upper().removeprefix("METHOD") for word in words]
    return list(dict.fromkeys(word for word in found if word in HTTP_METHODS)) or ["*"]


def chained_methods(reader: GoReader, call: Node) -> list[str]:
    """The methods that a chain names, behind the call or before it."""
    at: Node | None = call
    for _ in range(8):
        selector = at.parent if at is not None else None
        above = selector.parent if selector is not None else None
        if selector is None or above is None or selector.type != "selector_expression":
            break
        if reader.text(selector.child_by_field_name("field") or selector) == "Methods":
            return verbs_in(reader.text(above.child_by_field_name("arguments") or above))
        at = above
    at = call
    for _ in range(8):
        function = at.child_by_field_name("function") if at is not None else None
        at = function.child_by_field_name("operand") if function is not None else None
        if at is None or at.type != "call_expression":
            break
        called = at.child_by_field_name("function")
        if called is not None and reader.text(called).endswith(".Methods"):
            return verbs_in(reader.text(at.child_by_field_name("arguments") or at))
    return ["*"]


def is_router(reader: GoReader, node: Node) -> bool:
    inner = stripped(reader, node)
    return ROUTERS.search(reader.receivers.meaning(inner).name) is not None


def stripped(reader: GoReader, node: Node) -> Node:
    """The handler inside `http.StripPrefix("/x", handler)`."""
    if node.type == "call_expression" and reader.callee(node).endswith("StripPrefix"):
        args, _, _ = reader.arguments(node)
        return args[-1] if args else node
    return node


def child_name(reader: GoReader, node: Node) -> str:
    """The function whose routes are mounted, as this file names it; empty for a local variable."""
    node = stripped(reader, node)
    function = node.child_by_field_name("function") if node.type == "call_expression" else node
    if function is None:
        return ""
    name = reader.receivers.meaning(function).name
    return reader.as_written(name) or (name if "/" not in name and "?" not in name else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGiven:
    """`users.Register(v1.Group("/users"))`: a group handed to a function of another file."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        reader = cast("GoReader", reader)
        place = place_of_call(reader, site.node, 0)
        for call in given_to(reader, site.node):
            function = call.child_by_field_name("function")
            if function is None:
                continue
            name = reader.receivers.meaning(function).name
            child = reader.as_written(name) or (name if "/" not in name else "")
            if not child or "?" in child or is_followed(reader, name):
                continue
            yield RouterMounted(
                at=reader.span(call),
                prefix=place.path(None),
                child=child,
                parent=place.router,
            )


def is_followed(reader: GoReader, name: str) -> bool:
    """A private function of this file with one caller: its routes have their prefix already."""
    function = reader.declared.get(name)
    holder = function.child_by_field_name("parameters") if function is not None else None
    if function is None or holder is None:
        return False
    definitions = reader.scopes.definitions(function)
    for each in definitions.values():
        for one in each:
            if one.parameter and one.node.parent == holder and len(reader.callers(one)) == 1:
                return True
    return False


def given_to(reader: GoReader, group: Node) -> Iterator[Node]:
    """Calls of other functions that take a group as an argument, directly or by its name."""
    above = group.parent
    if above is None:
        return
    if above.type == "argument_list":
        if above.parent is not None and above.parent.type == "call_expression":
            yield above.parent
        return
    if above.type != "expression_list" or above.parent is None:
        return
    left = above.parent.child_by_field_name("left")
    if left is None or left.named_child_count != 1 or left.named_children[0].type != "identifier":
        return
    name = reader.text(left.named_children[0])
    function = reader.scopes.function(group.start_byte)
    for offset in reader.places(rb"(?<=[(, ])" + re.escape(name.encode()) + rb"(?=\s*[,)])"):
        if function is None or not group.end_byte < offset < function.end_byte:
            continue
        node = reader.root.descendant_for_byte_range(offset, offset + 1)
        holder = node.parent if node is not None else None
        if node is None or holder is None or holder.type != "argument_list":
            continue
        reaching = reader.scopes.reaching(name, node)
        given = bool(reaching) and reaching[0].value == group
        if given and holder.parent is not None and holder.parent.type == "call_expression":
            yield holder.parent
