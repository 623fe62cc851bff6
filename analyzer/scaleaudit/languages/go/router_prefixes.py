"""Where a router of Go hangs: prefixes of groups, subrouters and closures in one file.

A router that comes from elsewhere (a parameter, the result of another function) is named after
the function that uses it, so that a mount in another file can say its prefix: `RouterMounted`
with that function as child.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Value, join, literal_text

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

MAX_PREFIXES = 12  # groups inside groups
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
ROUTERS = regex(r"\b(ServeMux|mux\.Router|chi\.Router|httprouter\.Router|gin\.Engine|echo\.Echo"
                     r"|fiber\.App)$")  # fmt: skip

OWN_GROUPING = ("Group", "Route", "PathPrefix", "Subrouter")
ROUTER_MAKER = regex(r"(?i)\b\w*(?:router|routes|engine|echo|gin|fiber|chi|mux)\w*\.")
# What a router of another package is asked for, in a file that names no framework.
GROUP_OF_OWN = (b'.Group("/', b'.PathPrefix("/')


class Place(Record, frozen=True):
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
        callers = reader.usages.callers(sure)
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
    if of_own_constructor(reader, call):
        args, _, _ = reader.arguments(call)
        above = place_of(reader, operand, depth + 1)
        return above.below(reader.value(args[0])) if args else above
    holder = reader.receivers.meaning(operand).name if operand is not None else ""
    if ROUTERS.search(holder) or holder.endswith("mux.Route"):
        return place_of(reader, operand, depth + 1)  # With(...), Subrouter(), Use(...)
    return Place(router=reader.scope(call))


def of_own_constructor(reader: GoReader, call: Node) -> bool:
    """`r.Group("/api")` of a router that `router.New()` of the project returns.

    Which framework it is of stands in another package; what it is called and asked for tells.
    """
    function = call.child_by_field_name("function")
    if function is None or function.type != "selector_expression":
        return False
    field = reader.text(function.child_by_field_name("field") or function)
    args, _, _ = reader.arguments(call)
    if field not in OWN_GROUPING or (not args) != (field == "Subrouter"):
        return False
    if args and not (reader.text(args[0]).startswith(('"/', "`/")) or args[0].type == "identifier"):
        return False
    return made_by_own(reader, function)


def made_by_own(reader: GoReader, function: Node) -> bool:
    """A method of what a function of another file made whose name, or package, says: a router."""
    found = reader.receivers.meaning(function)
    maker = found.made
    if maker is None or maker.type != "call_expression" or "?" in found.name:
        return False
    called = maker.child_by_field_name("function")
    name = reader.receivers.meaning(called).name if called is not None else ""
    own = reader.as_written(name) if "." in name else name not in reader.declared and name
    return bool(own) and ROUTER_MAKER.search(f"{own}.") is not None


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
    offsets = [at for name in MOUNTING for at in reader.usages.places(name, rb"\(", rb"\.")]
    word = re.compile(rf"\b{re.escape(reader.text(node))}\)+$")
    for offset in offsets:
        if not function.start_byte <= offset < function.end_byte:
            continue
        call = reader.usages.call_at(offset)
        selector = call.child_by_field_name("function") if call is not None else None
        if call is None or selector is None or not word.search(reader.text(call)):
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
