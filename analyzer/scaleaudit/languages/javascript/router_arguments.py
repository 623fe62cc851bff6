"""What `app.use` is given: a router, a module that is one, a middleware, an answer to everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import imports
from scaleaudit.languages.javascript.callees import CALLS, REQUIRED, ROUTER, bare, path
from scaleaudit.languages.javascript.held_routers import (
    OF_ROUTES,
    held_router,
    made_elsewhere,
    taken_router,
    typed_router,
)
from scaleaudit.languages.javascript.made_routers import FUNCTIONS
from scaleaudit.languages.javascript.router_scopes import own_name
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.reader import Reader

# What a middleware calls the one that it hands on to, and what answers only where nothing else did.
NEXT = regex(r"_?(next|done)\b")
NOT_FOUND = regex(r"(?i)\b404\b|not_?found")


def answers(node: Node, reader: Reader) -> bool:
    """A function of a request and its response, which can hand on to nobody: `(req, res) => ...`."""
    parameters = node.child_by_field_name("parameters") if node.type in FUNCTIONS else None
    given = parameters.named_children if parameters is not None else []
    if len(given) != 2 or NEXT.match(reader.text(given[1])):
        return False
    return NOT_FOUND.search(reader.text(node)[:2_000]) is None


# What people call middlewares; a router is hardly ever called so.
MIDDLEWARE = regex(
    r"(?i)middle_?ware|logger|limit|cors|guard|static|json|parser|session|auth(enticate|orize|orization"
    r"|entication)?$|validat|error|proxy|helmet|csrf|compress|serve|swagger|docs|\.(setup|raw|text"
    r"|urlencoded)$"
)


def _is_middleware(name: str) -> bool:
    """By its name; what ends as routers do is none, whatever stands before: `proxyRoutes`."""
    return MIDDLEWARE.search(name) is not None and OF_ROUTES.search(name) is None


def router_given(node: Node, reader: JavaScriptReader, *, sure: bool) -> tuple[str, bool] | None:
    """The name of a router (or of a module that is one), None when it is a middleware."""
    found = bare(node)
    if found is None:
        return None
    if found.type in CALLS:
        module = module_required(found, reader)
        if module:
            return module, True
        name = reader.callee(found)
        shorter = name.removesuffix(".routes").removesuffix(".middleware")
        if shorter != name:  # a router's own `routes()`, or an object's
            return _known_as(shorter, found, reader), False
        qualified = reader.named(found)[0]
        own = qualified.startswith(("?", "router?", "this.", *imports.OWN_PREFIXES))
        return (name, False) if own and not sure and not _is_middleware(name) else None
    if found.type not in ("identifier", "member_expression", "shorthand_property_identifier"):
        return None
    inner = bare(found.child_by_field_name("object"))
    if inner is not None and inner.type == "new_expression":  # new Orders(config).router
        constructor = inner.child_by_field_name("constructor")
        if constructor is None or sure:
            return None
        return reader.text(constructor), False
    if inner is not None and inner.type == "call_expression":  # require("./routes").orders
        module, member = module_required(inner, reader), found.child_by_field_name("property")
        text = reader.text(member) if member is not None else ""
        return (f"require('{module}').{text}", False) if module.startswith(".") else None
    name = reader.text(found)
    if "(" in name or len(name) > 100:
        return None
    if found.type == "identifier":
        taken = taken_router(found, reader)
        if taken:
            return taken, False
    typed = typed_router(found, reader)
    if typed:
        return typed, False
    held = held_router(found, reader, sure=sure) if found.type == "member_expression" else ""
    if held:
        return held, False
    made = reader.qualify(name + ".use", found)[0]
    known = "Router" in made or made == "express.use" or bool(ROUTER.match(name.partition(".")[0]))
    # A module of our own that serves nothing is mounted without harm.
    own = made.startswith(imports.OWN_PREFIXES) or not sure
    counts = known or (own and not _is_middleware(name))
    return (_known_as(name, found, reader), False) if counts else None


def _known_as(name: str, node: Node, reader: JavaScriptReader) -> str:
    """A router as linking knows it: the function or class that makes it elsewhere, else its name."""
    return made_elsewhere(name, node, reader) or own_name(reader, name, node)


def module_required(node: Node, reader: Reader) -> str:
    """The module of `require("./routes")`, and of `require("./routes")(options)`."""
    first = next(iter(path(reader, node)), "")
    return first.removeprefix(REQUIRED) if first.startswith(REQUIRED) else ""
