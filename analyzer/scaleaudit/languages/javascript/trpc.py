"""tRPC: procedures are served under their names, with those of the routers that they are in.

`/api/trpc/post.list`: names are joined by dots. In a path each begins with `NAME`, by which the
linker knows them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import PROCEDURE as NAME
from scaleaudit.facts import EndpointServed, RouterMounted
from scaleaudit.languages.javascript.callees import CALLS
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

PROCEDURE = regex(rb"\.(query|mutation|subscription)\(")
CHAIN = regex(r"(?i)^(?:[\w$]+\.){0,3}\w*procedure\b")
ROUTER = regex(r"(?:\w+\.)?(?:\w*[rR]outer|mergeRouters)")
ROUTER_CALL = regex(rb"outer\((?=\s*\{)")
ADAPTER = regex(
    rb"\b(?:createNextApiHandler|fetchRequestHandler|createExpressMiddleware|createHTTPServer"
    rb"|createHTTPHandler|fastifyTRPCPlugin|awsLambdaRequestHandler|createAWSLambdaHandler)\b(?=[(,])"
)
OF_NEXT = "/api/trpc"  # where its documentation puts the file that takes all requests
METHODS = {"query": "GET", "mutation": "POST", "subscription": "GET"}
MAX_FOUND = 2_000
MAX_ABOVE = 40


def procedures(reader: JavaScriptReader) -> Iterator[EndpointServed | RouterMounted]:
    content = reader.content
    if b"rocedure" not in content and b"trpc" not in content and b"TRPC" not in content:
        return
    for found in islice(PROCEDURE.finditer(content), MAX_FOUND):
        call = _around(reader, found.start(1), CALLS)
        if call is None or not CHAIN.match(reader.text(call)[:200]):
            continue
        names, router = _names(reader, call)
        if router:
            path = "/".join(f"{NAME}{name}" for name in names)
            method = METHODS[found[1].decode()]
            handler = ".".join((router, *names))
            yield EndpointServed(reader.span(call), method, Literal(path), handler, router)
    for found in islice(ROUTER_CALL.finditer(content), MAX_FOUND):
        call = _around(reader, found.start(), CALLS)
        if call is not None:
            yield from _inner(reader, call)
    for found in islice(ADAPTER.finditer(content), MAX_FOUND):
        call = _around(reader, found.start(), CALLS)
        if call is not None:
            yield from _adapted(reader, call)


def _around(reader: JavaScriptReader, at: int, kinds: frozenset[str] | set[str]) -> Node | None:
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for above in reader.ancestors(node) if node is not None else ():
        if above.type in kinds:
            return above
    return None


def _names(reader: JavaScriptReader, node: Node) -> tuple[list[str], str]:
    """The keys that a node stands under, outermost first, and the variable of the router."""
    names: list[str] = []
    inside = False  # of a call that makes a router
    for above in islice(reader.ancestors(node), MAX_ABOVE):
        if above.type == "pair":
            key = above.child_by_field_name("key")
            names.append(reader.text(key).strip("'\"") if key is not None else "")
        elif above.type in CALLS:
            if not ROUTER.fullmatch(reader.callee(above)):
                return [], ""
            inside = True
        elif above.type == "variable_declarator":
            made = above.child_by_field_name("name")
            named = inside and made is not None and made.type == "identifier"
            return list(reversed(names)), reader.text(made) if named and made is not None else ""
        elif above.type in reader.FUNCTIONS:
            break
    return [], ""


def _inner(reader: JavaScriptReader, call: Node) -> Iterator[RouterMounted]:
    """`router({ post: postRouter, users })`: routers of other files, or further up in this one."""
    if not ROUTER.fullmatch(reader.callee(call)):
        return
    around, parent = _names(reader, call.named_children[-1])
    args = call.child_by_field_name("arguments")
    given = args.named_children[0] if args is not None and args.named_children else None
    if not parent or given is None or given.type != "object":
        return
    for each in given.named_children[:MAX_FOUND]:
        value = each.child_by_field_name("value") if each.type == "pair" else each
        key = each.child_by_field_name("key") if each.type == "pair" else each
        plain = value is not None and value.type in ("identifier", "shorthand_property_identifier")
        if plain and value is not None and key is not None:
            names = [*around, reader.text(key).strip("'\"")]
            prefix = Literal("/".join(f"{NAME}{name}" for name in names))
            yield RouterMounted(reader.span(each), prefix, reader.text(value), parent)


def _adapted(reader: JavaScriptReader, call: Node) -> Iterator[RouterMounted]:
    """`fetchRequestHandler({ endpoint: "/api/trpc", router: appRouter })` and its like."""
    site = reader.site(call)
    router = site.argument(-1, "router", "trpcOptions.router")
    if router is None or router.type not in ("identifier", "shorthand_property_identifier"):
        return
    said = site.argument(-1, "endpoint", "prefix", "basePath")
    prefix: Value = reader.value(said) if said is not None else Literal("")
    if site.name == "createNextApiHandler":
        prefix = Literal(OF_NEXT)
    elif said is None:
        taken = _around(reader, call.start_byte - 1, CALLS)
        outer = reader.site(taken) if taken is not None else None
        if outer is not None and outer.name == "use" and len(outer.args) > 1:
            prefix = reader.value(outer.args[0])
    if not isinstance(prefix, Unknown):
        yield RouterMounted(reader.span(call), prefix, reader.text(router), "")
