"""Routes of Grape: an API class whose blocks put paths one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RouterMounted
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
    from scaleaudit.languages.ruby.declarations import Holder
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value

GROUPS = frozenset({"resource", "resources", "namespace", "group", "segment"})


def routes(reader: RubyReader) -> Iterator[Fact]:
    for holder in reader.declared.holders:
        if holder.superclass in ("Grape.API", "Grape.API.Instance"):
            yield from in_calls(reader, holder.calls, holder, start_of(reader, holder), 0)


def start_of(reader: RubyReader, holder: Holder) -> tuple[Value, ...]:
    """`prefix :api` and a version that is part of the path."""
    prefix: list[Value] = []
    version: list[Value] = []
    for call in holder.calls:
        name = reader.method_name(call)
        args, options, _ = reader.arguments(call)
        if name == "prefix" and args:
            prefix.append(reader.value(args[0]))
        elif name == "version" and args and body_of(call) is None:
            using = words(reader, options.get("using"))
            if not using or using == ["path"]:
                version.append(reader.value(args[0]))
    return (*prefix[:1], *version[:1])


def in_calls(
    reader: RubyReader,
    calls: list[Node] | Iterator[Node],
    holder: Holder,
    prefix: tuple[Value, ...],
    depth: int,
) -> Iterator[Fact]:
    for call in calls:
        if call.child_by_field_name("receiver") is not None or depth > MAX_DEPTH:
            continue
        name, body = reader.method_name(call), body_of(call)
        args, options, _ = reader.arguments(call)
        at = reader.span(call)
        if name in VERBS and has_block(call):
            paths = [reader.value(each) for arg in args[:1] for each in reader.each(arg)]
            for path in paths or [Literal("")]:
                if not isinstance(path, Unknown):
                    full = path_value(*prefix, path)
                    yield EndpointServed(at, VERBS[name], full, "", holder.name)
        elif name == "route" and len(args) > 1 and has_block(call):
            said = [word.upper() for word in words(reader, args[0])]
            for method in ["*" if word == "ANY" else word for word in said] or ["*"]:
                full = path_value(*prefix, reader.value(args[1]))
                yield EndpointServed(at, method, full, "", holder.name)
        elif name in GROUPS or (name == "version" and args):
            inner = (*prefix, *(reader.value(each) for each in args[:1]))
            yield from in_calls(reader, calls_in(body), holder, inner, depth + 1)
        elif name == "route_param" and args:
            inner = (*prefix, *(Literal(f":{word}") for word in words(reader, args[0])[:1]))
            yield from in_calls(reader, calls_in(body), holder, inner, depth + 1)
        elif name == "mount":
            for given, below in mounted(call, args, options):
                child = reader.constant_name(given)
                where = (reader.value(below),) if below is not None else ()
                if child:
                    yield RouterMounted(at, path_value(*prefix, *where), child, holder.name)


def mounted(
    call: Node, args: list[Node], options: dict[str, Node]
) -> Iterator[tuple[Node, Node | None]]:
    """(API, path that it is put below) of `mount Orders`, `mount Orders, at: "/v1"`,
    `mount Orders => "/v1"` and `mount({ Orders => "/v1" })`."""
    if args and args[0].type not in ("hash", "pair"):
        yield args[0], options.get("at")
        return
    holder = call.child_by_field_name("arguments")
    given = holder.named_children if holder is not None else []
    for each in given:
        for pair in each.named_children if each.type == "hash" else [each]:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if pair.type == "pair" and key is not None and value is not None:
                yield key, value
