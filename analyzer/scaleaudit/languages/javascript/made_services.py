"""Routes that a framework makes of a class or of a type of content: Feathers' services, Strapi's
core routers.

Which paths these are stands elsewhere: in the class, in the type's own file.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import FEATHERS, STRAPI, EndpointServed, HandlerClass
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# `app.use("users", new UserService(options))`: of other frameworks nothing is mounted so.
SERVICE = regex(
    rb"\.use\(\s{0,40}[\w.'\"`/{}$:-]{1,120}\s{0,40},\s{0,40}new\s{1,10}(\w{1,80})\s{0,40}\("
)
ROUTER = regex(r"(?i)router$|^app$|^koa$|^hono$|^elysia$")
METHODS = frozenset({"find", "get", "create", "update", "patch", "remove"})
WRITTEN = (  # each begins with a fixed text
    regex(rb"class(?<!\wclass)\s[^{]{0,200}\bService\b"),
    *(
        regex(verb + rb"(?<!\w" + verb + rb")\s?\([^()]{0,200}\)\s?[:{]")
        for verb in (rb"find", rb"create", rb"remove", rb"patch")
    ),
)
CLASS = regex(rb"\bclass\s")
CORE_ROUTER = regex(rb"\bcreateCoreRouter\(\s{0,40}['\"](api::[\w-]+\.[\w-]+)['\"]")
CORE_ACTIONS = ("find", "findOne", "create", "update", "delete")
CHOSEN = regex(r"\b(only|except)\s*:\s*\[([^\]]*)\]")
MAX_FOUND = 200
MAX_TEXT = 4_000


def made_services(reader: JavaScriptReader) -> Iterator[EndpointServed | HandlerClass]:
    content = reader.content
    if b".use(" in content and b"new " in content:
        for match in islice(SERVICE.finditer(content), MAX_FOUND):
            yield from _mounted(reader, match)
    if b"createCoreRouter" in content:
        for match in islice(CORE_ROUTER.finditer(content), MAX_FOUND):
            yield from _core_router(reader, match)
    if (
        b"class" in content
        and b"@nestjs/" not in content
        and any(each.search(content) for each in WRITTEN)
    ):
        for match in islice(CLASS.finditer(content), MAX_FOUND):
            node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            own = node.parent if node is not None else None
            if own is not None and own.type == "class_declaration":
                yield from _class(reader, own)


def _call_at(reader: JavaScriptReader, at: int) -> Node | None:
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for _ in range(4):
        if node is None or node.type == "call_expression":
            return node
        node = node.parent
    return None


def _mounted(reader: JavaScriptReader, match: re.Match[bytes]) -> Iterator[EndpointServed]:
    name = match[1].decode("utf-8", "replace")
    call = _call_at(reader, match.start())
    args = reader.arguments(call)[0] if call is not None else []
    if call is None or len(args) < 2 or ROUTER.search(name):
        return
    path = reader.value(args[0])
    made = bare(args[1])
    if not isinstance(path, Unknown) and made is not None and made.type == "new_expression":
        yield EndpointServed(reader.span(call), "*", path, name, FEATHERS)


def _core_router(reader: JavaScriptReader, match: re.Match[bytes]) -> Iterator[EndpointServed]:
    call = _call_at(reader, match.start())
    if call is None:
        return
    uid = match[1].decode()
    chosen = CHOSEN.search(reader.text(call)[:MAX_TEXT])
    listed = re.findall(r"\w+", chosen[2]) if chosen is not None else []
    for action in CORE_ACTIONS:
        if chosen is None or (action in listed) is (chosen[1] == "only"):
            at = reader.span(call)
            yield EndpointServed(at, "*", Literal(uid), f"{uid[5:]}.{action}", STRAPI)


def _class(reader: JavaScriptReader, node: Node) -> Iterator[HandlerClass]:
    body = node.child_by_field_name("body")
    names = [
        reader.definition_name(child)
        for child in (body.named_children if body is not None else ())
        if child.type == "method_definition"
    ]
    methods = tuple(dict.fromkeys(name for name in names if name in METHODS))
    heritage = next((each for each in node.named_children if each.type == "class_heritage"), None)
    found = (
        re.search(r"extends\s+([\w.]{1,100})", reader.text(heritage)[:300]) if heritage else None
    )
    name = reader.definition_name(node)
    if name and (methods or (found is not None and found[1].endswith("Service"))):
        bases = (found[1],) if found is not None else ()
        yield HandlerClass(reader.span(node), name, methods, bases)
