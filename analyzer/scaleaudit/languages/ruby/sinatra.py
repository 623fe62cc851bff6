"""Routes of Sinatra, and what a `config.ru` maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, RouterMounted, ServerStarted, SessionKept, TypeDeclared
from scaleaudit.languages.ruby.blocks import (
    MAX_DEPTH,
    VERBS,
    body_of,
    calls_in,
    has_block,
    path_value,
    words,
)
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value

BASE = "Sinatra.Base"
HEIR = "sinatra-heir"  # the framework of routes whose class may extend such an application
OTHERS = ("Grape", "Roda", "Hanami", "Cuba", "Rails", "ActionController", "ActiveRecord", "Padrino")
URL_MAP = ("Rack::URLMap.new", "URLMap.new")
MAX_MAPPED = 200
BASES = frozenset({"Sinatra.Base", "Sinatra.Application"})


def routes(reader: RubyReader) -> Iterator[Fact]:
    classic = any(
        reader.method_name(call) == "require"
        and any(
            word.partition("/")[0] == "sinatra"
            for a in reader.positional(call)
            for word in words(reader, a)
        )
        for call in reader.declared.top.calls
    )
    if classic:
        yield from in_calls(reader, reader.declared.top.calls, "", (), 0)
    for holder in reader.declared.holders:
        if holder.superclass in BASES or holder.superclass.rpartition(".")[2] == "Sinatra":
            yield TypeDeclared(reader.span(holder.node), holder.name, "class", (BASE,))
            yield from in_calls(reader, holder.calls, holder.name, (), 0)


def heirs(reader: RubyReader) -> Iterator[Fact]:
    """Routes of classes that extend another class of the program: the linker knows which."""
    for holder in reader.declared.holders:
        above = holder.superclass
        if not above or above in BASES or above.rpartition(".")[2] == "Sinatra":
            continue
        if above.startswith(OTHERS):
            continue
        yield TypeDeclared(reader.span(holder.node), holder.name, "class", (above,))
        for fact in in_calls(reader, holder.calls, holder.name, (), 0):
            if isinstance(fact, EndpointServed):
                yield replace(fact, framework=HEIR)


def in_calls(
    reader: RubyReader,
    calls: list[Node] | Iterator[Node],
    router: str,
    prefix: tuple[Value, ...],
    depth: int,
) -> Iterator[Fact]:
    for call in calls:
        name, body = reader.method_name(call), body_of(call)
        args = reader.positional(call)
        if call.child_by_field_name("receiver") is not None or depth > MAX_DEPTH:
            continue
        path = reader.value(args[0]) if args else Literal("")
        if isinstance(path, Literal):
            path = Literal(path.text.removesuffix("?"))  # an optional slash or parameter at the end
        if name in VERBS and args and has_block(call) and not isinstance(path, Unknown):
            at = reader.span(call)
            yield EndpointServed(at, VERBS[name], path_value(*prefix, path), "", router)
        elif name == "namespace" and args and body is not None:
            inner = (*prefix, path)
            yield from in_calls(reader, calls_in(body), router, inner, depth + 1)
        elif name == "enable" and any("sessions" in words(reader, each) for each in args):
            # Sinatra's introduction: `enable :sessions` keeps the data in a cookie.
            yield SessionKept(reader.span(call), "cookie", "sinatra", default=True)
        elif name == "run!":
            yield ServerStarted(reader.span(call), "sinatra")


def rack_maps(reader: RubyReader) -> Iterator[Fact]:
    """`map "/api" do run Api end`."""
    yield from _mapped(reader, reader.declared.top.calls, (), 0)


def _mapped(
    reader: RubyReader, calls: list[Node] | Iterator[Node], prefix: tuple[Value, ...], depth: int
) -> Iterator[Fact]:
    for call in calls:
        name = reader.method_name(call)
        args = reader.positional(call)
        if name == "map" and args and depth < MAX_DEPTH:
            inner = (*prefix, reader.value(args[0]))
            yield from _mapped(reader, calls_in(body_of(call)), inner, depth + 1)
        elif name == "run" and args and reader.text(args[0]).startswith(URL_MAP):
            yield from _url_map(reader, args[0], prefix)
        elif name == "run" and args and prefix:
            at = args[0]
            while at.type == "call" and (above := at.child_by_field_name("receiver")) is not None:
                at = above
            child = reader.constant_name(at)
            if child:
                yield RouterMounted(reader.span(call), path_value(*prefix), child)


def _url_map(reader: RubyReader, made: Node, prefix: tuple[Value, ...]) -> Iterator[RouterMounted]:
    """`Rack::URLMap.new("/orders" => Orders)`."""
    holder = made.child_by_field_name("arguments")
    waiting = list(holder.named_children) if holder is not None else []
    for node in waiting[:MAX_MAPPED]:
        pairs = node.named_children if node.type == "hash" else [node]
        for pair in pairs[:MAX_MAPPED]:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            child = reader.constant_name(value) if value is not None else ""
            if pair.type == "pair" and key is not None and child:
                path = path_value(*prefix, reader.value(key))
                yield RouterMounted(reader.span(pair), path, child)
