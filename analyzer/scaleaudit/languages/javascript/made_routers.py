"""Which calls make a router, and where a router hangs: in chains of calls and in closures."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.callees import CALLS, TRANSPARENT, bare
from scaleaudit.languages.javascript.router_scopes import own_name
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

FUNCTIONS = {"arrow_function", "function_expression", "generator_function"}
MAX_CLOSURES = 6
# Methods that hand the router to a function, and what goes in front of the routes in it: the
# member of an object, or a text.
CLOSURES = {"register": "prefix", "group": "", "guard": "prefix"}
PREFIX_SET = regex(rb"(?m)^[ \t]*([\w$]{1,100})\.prefix\([\"'`]([^\"'`$\n]{1,200})[\"'`]\)")
MADE = regex(
    r"(?:express|restify|restify-router)(?:\.(?:I?Router|Express|Application|createServer))?|router|polka"
    r"|@?koa[/-](?:tree-)?router(?:\.Router)?|fastify(?:\.(?:fastify|FastifyInstance))?"
    r"|(?:hono|@hono/zod-openapi)\.(?:OpenAPI)?Hono|elysia(?:\.Elysia)?"
)


def router_of(call: Node, reader: Reader) -> str:
    """The name of the router that a call is made on; in `const api = Router().use(...)` that is
    `api`, and empty where the chain is exported or handed on as it is."""
    name = reader.callee(call).rpartition(".")[0]
    if _made(call, reader) is None:
        return name
    top = call
    for _ in range(MAX_NESTING):
        above = top.parent
        if above is None or above.type not in ("member_expression", *CALLS, *TRANSPARENT):
            break
        top = above
    above = top.parent
    if above is not None and above.type in ("return_statement", "arrow_function"):
        function = above if above.type == "arrow_function" else reader.function_around(above)
        return reader.definition_name(function) if function is not None else ""
    left = None
    if above is not None and above.type in ("variable_declarator", "assignment_expression"):
        left = above.child_by_field_name("name") or above.child_by_field_name("left")
    text = reader.text(left) if left is not None else ""
    return "" if text.endswith("exports") else text


class Place(Record, frozen=True):
    """The router that a call is made on, as the file names it, and what closures put in front."""

    router: str
    prefix: Value = Literal("")

    def path(self, own: Value) -> Value:
        if Literal("") in (self.prefix, own):
            return own if self.prefix == Literal("") else self.prefix
        if own == Literal("/"):
            return self.prefix  # what frameworks take for the same
        if isinstance(self.prefix, Literal) and isinstance(own, Literal):
            return Literal(f"{self.prefix.text.rstrip('/')}/{own.text.lstrip('/')}")
        return join(self.prefix, Literal("/"), own)


def place_of(site: CallSite, reader: JavaScriptReader) -> Place:
    """`app.group("/v1", (inner) => inner.get(...))` is made on `app`, behind `/v1`."""
    place = Place(router_of(site.node, reader), _given_prefix(site, reader))
    at = site.node
    for _ in range(MAX_CLOSURES):
        own = place.router.partition(".")[0]
        around = next(
            (each for each in reader.ancestors(at) if _has_first(each, own, reader)), None
        )
        holder = around.parent if around is not None else None
        outer = holder.parent if holder is not None and holder.type == "arguments" else None
        function = bare(outer.child_by_field_name("function")) if outer is not None else None
        called = function.child_by_field_name("property") if function is not None else None
        method = reader.text(called) if called is not None else ""
        if outer is None or method not in CLOSURES:
            break
        at, call = outer, reader.site(outer)
        key = CLOSURES[method]
        node = call.keywords.get(key) if key else call.args[0] if len(call.args) > 1 else None
        before = Place("", reader.value(node) if node is not None else Literal(""))
        above = Place("", _given_prefix(call, reader))
        place = Place(router_of(outer, reader), above.path(before.path(place.prefix)))
    bare_name = place.router.removesuffix(".route").removesuffix(".basePath")
    return Place(own_name(reader, bare_name, at), _set_later(bare_name, reader).path(place.prefix))


def _given_prefix(site: CallSite, reader: JavaScriptReader) -> Value:
    """What the router that a call is made on was made with."""
    made = _made(site.node, reader)
    if made is not None:
        _, keywords, _ = reader.arguments(made)
    else:
        keywords = site.client.keywords if site.client is not None else {}
    return reader.value(keywords["prefix"]) if "prefix" in keywords else Literal("")


def _set_later(name: str, reader: JavaScriptReader) -> Place:
    """Koa: `orders.prefix("/orders")` after the router was made."""
    if b".prefix(" in reader.content and b"koa" in reader.content:
        return Place("", Literal(_prefixes(reader.content).get(name, "")))
    return Place("")


@lru_cache(maxsize=8)  # asked for each route of a file
def _prefixes(content: bytes) -> dict[str, str]:
    return {
        found[1].decode(errors="replace"): found[2].decode(errors="replace")
        for found in PREFIX_SET.finditer(content)
    }


def _has_first(node: Node, name: str, reader: Reader) -> bool:
    """Whether a node is a closure whose first parameter has that name."""
    if node.type not in FUNCTIONS:
        return False
    given = node.child_by_field_name("parameters")
    first = node.child_by_field_name("parameter")
    if first is None and given is not None and given.named_children:
        first = given.named_children[0].child_by_field_name("pattern") or given.named_children[0]
    return first is not None and reader.text(first) == name


def _made(call: Node, reader: Reader) -> Node | None:
    """The call that makes the router, where the chain of a call begins with it."""
    at: Node | None = call
    found = None
    for _ in range(MAX_NESTING):
        if at is None or at.type not in CALLS:
            break
        found = at
        function = bare(at.child_by_field_name("function"))
        if function is None or function.type != "member_expression":
            break
        at = bare(function.child_by_field_name("object"))
    if found is None or found.id == call.id or not MADE.fullmatch(reader.named(found)[0]):
        return None
    return found
