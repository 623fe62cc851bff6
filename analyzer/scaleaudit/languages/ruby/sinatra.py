"""Routes of Sinatra, and what a `config.ru` maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RouterMounted, ServerStarted, SessionKept
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

BASES = frozenset({"Sinatra.Base", "Sinatra.Application"})


def routes(reader: RubyReader) -> Iterator[Fact]:
    classic = any(
        reader.method_name(call) == "require"
        and any(
            word.partition("/")[0] == "sinatra"
            for a in reader.arguments(call)[0]
            for word in words(reader, a)
        )
        for call in reader.declared.top.calls
    )
    if classic:
        yield from in_calls(reader, reader.declared.top.calls, "", (), 0)
    for holder in reader.declared.holders:
        if holder.superclass in BASES or holder.superclass.rpartition(".")[2] == "Sinatra":
            yield from in_calls(reader, holder.calls, holder.name, (), 0)


def in_calls(
    reader: RubyReader,
    calls: list[Node] | Iterator[Node],
    router: str,
    prefix: tuple[Value, ...],
    depth: int,
) -> Iterator[Fact]:
    for call in calls:
        name, body = reader.method_name(call), body_of(call)
        args = reader.arguments(call)[0]
        if call.child_by_field_name("receiver") is not None or depth > MAX_DEPTH:
            continue
        path = reader.value(args[0]) if args else Literal("")
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
        args = reader.arguments(call)[0]
        if name == "map" and args and depth < MAX_DEPTH:
            inner = (*prefix, reader.value(args[0]))
            yield from _mapped(reader, calls_in(body_of(call)), inner, depth + 1)
        elif name == "run" and args and prefix:
            at = args[0]
            while at.type == "call" and (above := at.child_by_field_name("receiver")) is not None:
                at = above
            child = reader.constant_name(at)
            if child:
                yield RouterMounted(reader.span(call), path_value(*prefix), child)
