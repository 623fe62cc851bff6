"""Calls through generated gRPC clients whose context ends them never."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall, Timeout
from scaleaudit.languages.go.requests import context_waits, first_argument
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

CLIENT = regex(rb"\bNew([A-Z]\w*)Client\s*\(")
GENERATED = regex(r"(?:pb|proto|grpc|genproto)(?:/|$|\d)|/gen(?:/|$)")
# What dials may give every call a deadline.
INTERCEPTED = regex(rb"Interceptor|WithDefaultServiceConfig")
MAX_CLIENTS = 50  # of one file


def endless_calls(reader: GoReader) -> Iterator[Fact]:
    """`pb.NewCartClient(conn).Get(context.Background(), request)` waits for ever.

    A context that is handed in, or made elsewhere, may have a deadline: nothing is said of it.
    """
    if b".Background()" not in reader.content and b".TODO()" not in reader.content:
        return
    if INTERCEPTED.search(reader.content):
        return
    for match in islice(CLIENT.finditer(reader.content), MAX_CLIENTS):
        made = reader.usages.call_at(match.start())
        if made is None or not of_a_stub(reader, made):
            continue
        for call, method in calls_of(reader, made):
            if context_waits(first_argument(call), reader) is None:
                yield RemoteCall(
                    at=reader.span(call),
                    library="grpc",
                    target=UNKNOWN,
                    method=f"{match[1].decode()}/{method}",
                    protocol="grpc",
                    timeout=Timeout.NEVER,
                    in_loop=reader.in_loop(call),
                    scope=reader.scope(call),
                )


def of_a_stub(reader: GoReader, made: Node) -> bool:
    """Made by a package that the protocol's compiler writes, as far as its path tells."""
    alias = reader.callee(made).partition(".")[0]
    package = reader.imports.get(alias, "")
    return GENERATED.search(package) is not None or alias.endswith("pb")


def calls_of(reader: GoReader, made: Node) -> Iterator[tuple[Node, str]]:
    """The calls of the client's methods, and their names: at once, or by its name in the function."""
    chained = method_call(reader, made)
    if chained is not None:
        yield chained
        return
    holder = made.parent
    around = holder.parent if holder is not None and holder.type == "expression_list" else None
    function = reader.scopes.function(made.start_byte)
    if around is None or function is None or around.type != "short_var_declaration":
        return
    left = around.child_by_field_name("left")
    name = reader.text(left.named_children[0]) if left is not None and left.named_children else ""
    for offset in reader.usages.places(name, rb"\.[A-Z]"):
        if not made.end_byte <= offset < function.end_byte:
            continue
        node = reader.root.descendant_for_byte_range(offset, offset + len(name.encode()))
        found = method_call(reader, node) if node is not None else None
        if found is not None:
            yield found


def method_call(reader: GoReader, client: Node) -> tuple[Node, str] | None:
    selector = client.parent
    call = selector.parent if selector is not None else None
    if selector is None or call is None or selector.type != "selector_expression":
        return None
    field = selector.child_by_field_name("field")
    if call.type != "call_expression" or field is None:
        return None
    return call, reader.text(field)
