"""Routers of Python that go by other names elsewhere: parameters, results, members of lists.

`def register(api): api.include_router(...)` hangs its routers on what it is given; both ends name
the function and the parameter, and linking puts them together. What a function returns, an object
holds or a list collects is known elsewhere by the name of the function, of the class, of the list.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.values import Value

MADE = regex(
    r"(?:fastapi|starlette\.applications)\.(?:FastAPI|APIRouter|Starlette)|fastapi\.routing\.APIRouter"
    r"|(?:flask|quart|sanic)\.(?:Flask|Quart|Sanic|Blueprint)|apiflask\.(?:APIFlask|APIBlueprint)"
    r"|(?:flask_restx|flask_restplus|flask_restful|flask_smorest)\.(?:Api|Namespace|Blueprint)"
    r"|ninja\.(?:NinjaAPI|Router)|aiohttp\.web\.(?:Application|RouteTableDef)|litestar\.Router"
)
FRAMEWORKS = (b"outer", b"lueprint", b"FastAPI", b"Flask", b"add_url_rule", b"add_api_route", b"Sanic",
              b"Namespace", b"web.Application", b"itestar")  # fmt: skip
# What is done with a router: here it must be a parameter of the function around. Expressions that
# begin with a fixed text are searched for at full speed.
DECORATING = regex(rb"@(\w{1,60})\.(?:route|api_route|websocket|get|post|put|patch|delete)\(")
CALLED = regex(
    rb"\.(?<=\w\.)(?:include_router|register_blueprint|add_(?:api_route|url_rule|namespace|resource|router)"
    rb"|mount)\("
)
WORD = regex(rb"(?<![\w.])\w{1,60}$")
HANGING = {"include_router", "register_blueprint", "add_namespace", "mount", "add_router", "run",
           "add_routes", "add_subapp", "blueprint", "run_app"}  # fmt: skip
RETURNED = regex(rb"\breturn[ \t]+(\w{1,60})[ \t]*(?:#|$)", re.M)
HELD = regex(rb"\bself\.(\w{1,60})[ \t]*(?::[^=\n]{1,60})?=[ \t]*(?:\w{1,40}\.){0,3}"
             rb"(?:APIRouter|FastAPI|Blueprint|Router|Flask)\(")  # fmt: skip
LISTED = regex(r"(?i)rout(?:er|es?)s?|blueprints?|bps|apis?|namespaces?")
NAMES = ("identifier", "attribute")
MAX_FOUND = 500
MAX_LISTED = 200
MAX_ROUTERS = 100  # of one file that are looked for as arguments: the file is read for each


def router_names(reader: PythonReader) -> Iterator[RouterMounted]:
    content = reader.content
    if not reader.says(*FRAMEWORKS):
        return
    routers = _made_here(reader)
    yield from _parameters(reader)
    for name in sorted(routers)[:MAX_ROUTERS]:
        yield from _handed(reader, name)
    if b"return" in content:
        yield from _returned(reader, routers)
    for match in HELD.finditer(content):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        own = reader.class_around(node) if node is not None else None
        if node is not None and own is not None:
            field, holder = match[1].decode(), reader.definition_name(own)
            yield _alias(reader, node, f"self.{field}", f"{holder}.{field}")
    for name, value in reader.module_values.items():
        if value.type in ("list", "tuple") and LISTED.search(name):
            for each in value.named_children[:MAX_LISTED]:
                if each.type in NAMES:  # `routers = [users.router, ...]`: known as `routers`
                    yield _alias(reader, each, reader.text(each), name)


def _made_here(reader: PythonReader) -> set[str]:
    found = {name for name, each in reader.bindings.items() if MADE.fullmatch(each.type)}
    return {name for name in found | reader.scoped_to(MADE) if "." not in name}


def _alias(reader: PythonReader, node: Node, child: str, parent: str) -> RouterMounted:
    return RouterMounted(reader.span(node), Literal(""), child, parent, alias=True)


def _parameters(reader: PythonReader) -> Iterator[RouterMounted]:
    """Parameters that a function hangs something on, or hands on."""
    seen: set[tuple[int, str]] = set()
    for start, end in _used(reader.content):
        node = reader.root.descendant_for_byte_range(start, end)
        name = reader.content[start:end].decode()
        function = _taking(reader, node, name) if node is not None else None
        if function is None or (function.id, name) in seen:
            continue
        seen.add((function.id, name))
        for place in (str(_place(reader, function, name)), name):
            yield _alias(reader, function, name, f"{_called(reader, function)}({place})")
        yield from _handed(reader, name, function)


def _used(content: bytes) -> Iterator[tuple[int, int]]:
    """Where names stand that something is hung on."""
    for match in islice(DECORATING.finditer(content), MAX_FOUND):
        yield match.span(1)
    for match in islice(CALLED.finditer(content), MAX_FOUND):
        word = WORD.search(content, max(0, match.start() - 80), match.start())
        if word is not None:
            yield word.span()


def _taking(reader: PythonReader, node: Node, name: str) -> Node | None:
    """The nearest function around that has a parameter of that name."""
    for above in reader.ancestors(node):
        if above.type == "function_definition" and name in _names_of(reader, above):
            return above
    return None


def _names_of(reader: PythonReader, function: Node) -> list[str]:
    given = function.child_by_field_name("parameters")
    found = []
    for each in given.named_children if given is not None else ():
        name = each.child_by_field_name("name") or (
            each.named_children[0] if each.type == "typed_parameter" else each
        )
        if name.type == "identifier":
            found.append(reader.text(name))
    return found


def _place(reader: PythonReader, function: Node, name: str) -> int:
    """Which argument of a call a parameter is, the object itself not counted."""
    names = _names_of(reader, function)
    return names.index(name) - (names[0] in ("self", "cls"))


def _called(reader: PythonReader, function: Node) -> str:
    """What a function is called by; a constructor by its class."""
    name = reader.definition_name(function)
    own = reader.class_around(function) if name == "__init__" else None
    return reader.definition_name(own) if own is not None else name


def _handed(reader: PythonReader, name: str, inside: Node | None = None) -> Iterator[RouterMounted]:
    """Calls of functions that are given a router: `register(api)`, `setup(app=api)`."""
    written = re.compile(rb"[(,=]\s{0,40}(" + re.escape(name.encode()) + rb")\s{0,40}[,)]")
    start, end = (
        (inside.start_byte, inside.end_byte) if inside is not None else (0, len(reader.content))
    )
    for number, match in enumerate(written.finditer(reader.content, start, end)):
        if number >= MAX_FOUND:
            break
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        above = node.parent if node is not None else None
        if node is None or above is None or node.type != "identifier":
            continue
        key = above.child_by_field_name("name") if above.type == "keyword_argument" else None
        holder = above.parent if key is not None else above
        call = holder.parent if holder is not None and holder.type == "argument_list" else None
        if call is None or holder is None or call.type != "call":
            continue
        if inside is None and _taking(reader, node, name) is not None:
            continue
        called = reader.callee(call)
        if called.rpartition(".")[2] in HANGING or not called.replace(".", "").isidentifier():
            continue
        place = reader.text(key) if key is not None else str(holder.named_children.index(node))
        yield RouterMounted(
            reader.span(call), _prefix(reader, name, node), called, name, given=place
        )


def _prefix(reader: PythonReader, name: str, node: Node) -> Value:
    """What a router was made with; its own routes say it themselves."""
    made = reader.qualify(f"{name}.routes", node)[1]
    given = made.argument(-1, "prefix", "url_prefix") if made is not None else None
    return reader.value(given) if given is not None else Literal("")


def _returned(reader: PythonReader, routers: set[str]) -> Iterator[RouterMounted]:
    """`def build(): router = APIRouter() ... return router`: known as `build` elsewhere."""
    for match in RETURNED.finditer(reader.content):
        name = match[1].decode()
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        function = reader.function_around(node) if node is not None and name in routers else None
        if function is not None:
            yield _alias(reader, function, name, reader.definition_name(function))
