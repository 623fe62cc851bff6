"""Routes of actix-web, axum and Rocket, and where their parts are put together.

A handler names its own path in an attribute (`#[get("/items")]`), or the place that registers it
does (`.route("/items", get(list))`). Scopes and nested routers stand in front of both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RouterMounted, ServerStarted
from scaleaudit.languages.rust.syntax import (
    bare,
    beginning,
    given_to,
    items_behind,
    last_part,
    method_of,
    path_of,
    positional,
    whole,
)
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.rust.reader import RustReader

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
FRAMEWORKS = regex(rb"\b(actix_web|actix_web_lab|axum|axum_extra|rocket|utoipa_axum|paperclip)\b")
ATTRIBUTE = regex(
    r"#\[\s*(?:\w+::)*(get|post|put|patch|delete|head|options|route|connect|trace)\s*"
    r'\(\s*"((?:[^"\\]|\\.)*)"'
)
VERB = regex(r'\bmethod\s*=\s*"(\w+)"')
HANDLED = regex(r"\b(get|post|put|patch|delete|head|options|any)(?:_service)?\s*\(")
LISTED = regex(r"^\w+!\s*[\[({](.*)[\])}]$", re.DOTALL)
BOUND = regex(r":(\d{2,5})$")
MAX_DEPTH = 20
NESTING = ("nest", "nest_service")


def routes(reader: RustReader, calls: Iterable[Node], attributes: Sequence[Node]) -> Iterator[Fact]:
    if not FRAMEWORKS.search(reader.content):
        return
    items = items_behind(attributes)
    for node in attributes:
        yield from handler(reader, node, items.get(node.id))
    for node in calls:
        method = method_of(reader, node)
        if method == "route":
            yield from route(reader, node)
        elif method == "service":
            yield from service(reader, node)
        elif method in ("configure", "merge", *NESTING, "mount"):
            yield from mounted(reader, node, method)
        yield from started(reader, node, method)


def handler(reader: RustReader, node: Node, item: Node | None) -> Iterator[Fact]:
    """A function with its path in an attribute, known by its name to what registers it."""
    found = ATTRIBUTE.match(reader.text(node)[:600])
    if found is None or item is None or item.type != "function_item":
        return
    verbs = VERB.findall(reader.text(node)) if found[1] == "route" else [found[1]]
    name = reader.definition_name(item)
    for verb in verbs or ["*"]:
        path = Literal(found[2].partition("?")[0])
        yield EndpointServed(reader.span(node), verb.upper(), path, name, router=name)


def route(reader: RustReader, node: Node) -> Iterator[Fact]:
    """`.route("/items", web::get().to(list))`, `.route("/items", get(list).post(add))`; of a
    resource, whose path stands before, `.route(web::get().to(list))`."""
    given = positional(node)
    if not given:
        return
    if len(given) == 1:
        first = beginning(node)
        if last_part(reader, first) != "resource" or not positional(first):
            return
        path, told = reader.value(positional(first)[0]), given[0]
    else:
        path, told = reader.value(given[0]), given[1]
    if not isinstance(path, Literal):
        return
    if path.text == "/" and b"axum" in reader.content:
        path = Literal("")  # of a nested router: what it is nested under, and no more
    verbs = dict.fromkeys(HANDLED.findall(reader.text(told)[:2_000])) or {"any": None}
    before = prefix(reader, node)
    for verb in verbs:
        yield EndpointServed(
            reader.span(given[0]), "*" if verb == "any" else verb.upper(), join(before, path),
            router=router_at(reader, node),
        )  # fmt: skip


def service(reader: RustReader, node: Node) -> Iterator[Fact]:
    """`.service(list)` of a handler with an attribute; `.service(web::resource("/a").to(b))`."""
    for each in positional(node)[:1]:
        given = bare(each)
        if given is None:
            continue
        if given.type in ("identifier", "scoped_identifier"):
            yield mount(reader, node, prefix(reader, node), reader.text(given))
        elif given.type == "call_expression" and method_of(reader, given) == "to":
            first = beginning(given)
            path = positional(first)[:1]
            if last_part(reader, first) == "resource" and path:
                value = reader.value(path[0])
                if isinstance(value, Literal):
                    yield EndpointServed(
                        reader.span(given), "*", join(prefix(reader, node), value),
                        router=router_at(reader, node),
                    )  # fmt: skip


def mounted(reader: RustReader, node: Node, method: str) -> Iterator[Fact]:
    """What another function, of this file or of another, makes or fills."""
    given = positional(node)
    before = prefix(reader, node)
    child: Node | None = None
    if method in (*NESTING, "mount") and len(given) == 2:
        path = reader.value(given[0])
        before, child = join(before, path), given[1]
        if not isinstance(path, Literal):
            return
    elif method in ("configure", "merge") and len(given) == 1:
        child = given[0]
    child = bare(child)
    if child is None:
        return
    if child.type == "macro_invocation":  # Rocket's `routes![list, add]`
        listed = LISTED.match(reader.text(child).strip())
        for name in listed[1].split(",") if listed is not None else ():
            if name.strip():
                yield mount(reader, node, before, name.strip())
        return
    if child.type == "call_expression":
        first = beginning(child)
        path_of_first = path_of(reader, first)
        if path_of_first and not path_of_first.endswith("Router.new"):
            yield mount(reader, node, before, path_of_first)
    elif child.type == "identifier" and reader.local(reader.text(child), node) is not None:
        yield mount(reader, node, before, f"{around(reader, node)}.{reader.text(child)}")
    elif child.type in ("identifier", "scoped_identifier"):
        yield mount(reader, node, before, reader.text(child))


def mount(reader: RustReader, node: Node, before: Value, child: str) -> RouterMounted:
    name = re.sub(r"\s+", "", child).replace("::", ".").removeprefix("crate.")
    return RouterMounted(reader.span(positional(node)[0]), before, name, router_at(reader, node))


def prefix(reader: RustReader, node: Node) -> Value:
    """What the scopes and routers around a link of a chain put in front, inside its function."""
    parts: list[Value] = []
    at: Node | None = node
    for _ in range(MAX_DEPTH):
        if at is None:
            break
        first = beginning(at)
        if last_part(reader, first) == "scope" and positional(first):
            parts.append(reader.value(positional(first)[0]))
        whole_chain = whole(reader, at)
        holder = given_to(whole_chain)
        if holder is not None and method_of(reader, holder) in NESTING:
            path = positional(holder)[0]
            if path.start_byte < whole_chain.start_byte:
                parts.append(reader.value(path))
        elif holder is not None and method_of(reader, holder) not in ("service", "merge"):
            holder = None
        at = holder
    named = [part for part in reversed(parts) if part != Literal("")]
    slashed = [each for part in named for each in (Literal("/"), part)]
    return join(*slashed, Literal("/")) if slashed else Literal("")


def router_at(reader: RustReader, node: Node) -> str:
    """The function around, with the variable that the whole chain is given to."""
    at = node
    for _ in range(MAX_DEPTH):
        chain = whole(reader, at)
        holder = given_to(chain)
        if holder is None or method_of(reader, holder) not in ("service", "merge", *NESTING):
            break
        at = holder
    held = whole(reader, at).parent
    name = held.child_by_field_name("pattern") if held is not None else None
    function = around(reader, node)
    variable = ""
    if held is not None and held.type == "let_declaration" and name is not None:
        variable = reader.text(name).removeprefix("mut ")
    else:
        first = beginning(at)
        if first.type == "identifier" and reader.local(reader.text(first), node) is not None:
            variable = reader.text(first)
    if not variable or variable == given_back(reader, node):
        return function
    return f"{function}.{variable}"


def given_back(reader: RustReader, node: Node) -> str:
    """The variable that the function around returns, with links of a chain behind it."""
    function = reader.function_around(node)
    body = function.child_by_field_name("body") if function is not None else None
    last = next((c for c in reversed(body.named_children) if "comment" not in c.type), None) if (
        body is not None and body.type == "block"
    ) else None  # fmt: skip
    if last is not None and last.type in ("expression_statement", "return_expression"):
        last = last.named_children[0] if last.named_children else None
    if last is not None and last.type == "return_expression" and last.named_children:
        last = last.named_children[0]
    if last is None or last.type not in ("identifier", "call_expression"):
        return ""
    given = positional(last) if reader.text(last).startswith("Ok(") else []
    first = beginning(given[0]) if len(given) == 1 else beginning(last)
    return reader.text(first) if first.type == "identifier" else ""


def around(reader: RustReader, node: Node) -> str:
    function = reader.function_around(node)
    return reader.definition_name(function) if function is not None else ""


def started(reader: RustReader, node: Node, method: str) -> Iterator[Fact]:
    """What listens: `HttpServer::new(..).bind(..)`, axum's `serve`, `rocket::build()`."""
    path = path_of(reader, node)
    if path.endswith(("axum.serve", "rocket.build", "Server.bind")) or path == "serve":
        yield ServerStarted(reader.span(node), "axum" if "axum" in path else path.partition(".")[0])
    elif path.endswith("TcpListener.bind") or (
        method == "bind" and path_of(reader, beginning(node)).endswith("HttpServer.new")
    ):
        given = positional(node)
        value = reader.value(given[0]) if given else None
        port = BOUND.search(value.text) if isinstance(value, Literal) else None
        told = Literal(port[1]) if port is not None else value
        yield ServerStarted(reader.span(node), "actix-web" if method else "axum", told)
