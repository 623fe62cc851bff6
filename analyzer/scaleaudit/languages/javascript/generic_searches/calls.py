"""Calls that may be searches of a base's: `this.orders.getOne({ code })`, `orders.getBy("code", x)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import SearchCalled
from scaleaudit.languages.javascript.builders.chains import arguments, call_at, called, shortened
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.generic_searches.naming import keeps
from scaleaudit.languages.javascript.sequelize.where import Where as OfSequelize
from scaleaudit.languages.javascript.typeorm.where import Where as OfTypeorm
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

VERBS = (
    "get find fetch list filter search exists count first one all select query read load retrieve"
    " lookup delete remove destroy update change paginate has is total by"
)
METHOD = regex(
    rb"\.\s*((?:"
    + VERBS.replace(" ", "|").encode()
    + rb")\w{0,60})\s*(?:<[^<>()\n]{1,80}>\s*)?(\()"
    rb"(?=\s*(?:\{|[\"'`]\w+[\"'`]\s*,))"
)
MEMBER = regex(r"this\.#?(\w+)")
NAME = regex(r"[A-Za-z_$][\w$]*")
# Of objects that are handed to methods for another purpose than to be conditions.
OPTIONS = frozenset(
    ["order", "include", "limit", "offset", "attributes", "relations", "take", "skip", "select", "raw",
     "transaction", "page", "pageSize", "data", "params", "headers", "body", "method", "url"]
)  # fmt: skip
MAX_CALLS = 600  # of one file


def calls(reader: JavaScriptReader) -> Iterator[SearchCalled]:
    for _, match in zip(range(MAX_CALLS), METHOD.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        function = called(call) if call is not None else None
        held = bare(function.child_by_field_name("object")) if function is not None else None
        of = _keeper(reader, held) if held is not None else ""
        if call is not None and of:
            yield from _called(reader, call, of, match[1].decode())


def _keeper(reader: JavaScriptReader, held: Node) -> str:
    """The class whose object is asked, or the name of an object of one."""
    text = reader.text(held)[:120]
    if text in ("this", "super"):
        own = reader.class_around(held)
        name = reader.definition_name(own) if own is not None else ""
        return name if keeps(name) else ""
    member = MEMBER.fullmatch(text)
    if member is not None:
        return _declared(reader, held, member[1])
    if NAME.fullmatch(text) is None:
        return ""
    made = bare(reader.local(text, held))
    if made is not None and made.type == "new_expression":
        return _class_of(reader, made)
    kept = bare(reader.declared.get(text))
    if kept is not None and kept.type == "new_expression":
        return text if _class_of(reader, kept) else ""
    origin = reader.imports.get(text, "")
    return text if origin and (keeps(text) or keeps(origin.replace("/", "."))) else ""


def _class_of(reader: JavaScriptReader, made: Node) -> str:
    named = made.child_by_field_name("constructor")
    name = reader.text(named)[:100] if named is not None else ""
    return name if keeps(name) else ""


def _declared(reader: JavaScriptReader, node: Node, name: str) -> str:
    """The class of a member: `private orders: OrderRepository`, `this.orders = new Orders()`."""
    around = reader.class_around(node)
    if around is None:
        return ""
    pattern = re.compile(
        rb"\b" + name.encode() + rb"\s*[?!]?\s*(?::\s*(?:typeof\s+)?((?:\w+\.)*[A-Z]\w*)\s*[,;)=\n]"
        rb"|=\s*new\s+((?:\w+\.)*[A-Z]\w*)\s*[(<])"
    )
    found = {
        (each[1] or each[2]).decode()
        for each in pattern.finditer(reader.content, around.start_byte, around.end_byte)
    }
    made = found.pop() if len(found) == 1 else ""
    return made if keeps(made) else ""


def _called(reader: JavaScriptReader, call: Node, of: str, name: str) -> Iterator[SearchCalled]:
    args = arguments(call)
    texts = tuple(text_of(reader, each) for each in args[:2])
    first = bare(args[0]) if args else None
    found = assembled(reader, first) if first is not None and first.type == "object" else None
    if found is None or first is None:
        if texts and texts[0].isidentifier():
            yield _told(reader, call, of, name, texts)
        return
    members = dict(found.always)
    if "where" in members:
        first = members["where"]
    elif members.keys() & OPTIONS:
        return
    reading = OfTypeorm(reader) if reader.says(b"typeorm") else OfSequelize(reader)
    for parts in reading.variants(first):
        conditions = flat(parts)
        if conditions:
            told = _told(reader, call, of, name, texts)
            yield replace(told, conditions=tuple(conditions), partial=reading.unknown)


def _told(
    reader: JavaScriptReader, call: Node, of: str, name: str, texts: tuple[str, ...]
) -> SearchCalled:
    return SearchCalled(
        reader.span(call),
        of,
        name,
        shortened(reader, call),
        texts,
        in_loop=reader.in_loop(call),
        scope=reader.scope(call),
    )
