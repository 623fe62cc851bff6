"""gRPC services that a process serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall
from scaleaudit.languages.patterns import MAX_HANDLER_TEXT
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

OF_THE_LIBRARY = {"Health", "ServerReflection", "Channelz", "HTTP", "GRPC"}
HANDLER = regex(r"(?:new\()?&?([\w.]+)")
# pb.RegisterCartServer(s, impl); pb.RegisterCartHTTPServer(...); pb.RegisterCartHandler(...)
REGISTERED = regex(
    r"Register([A-Z]\w*?)(HTTPServer|Server|Handler(?:FromEndpoint|Server|Client)?)$"
)


def grpc_services(reader: GoReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """`pb.RegisterCartServiceServer(server, &cart{})` serves `CartService`."""
    for node in captures.get("grpc_service", ()):
        args, _, _ = reader.arguments(node)
        function = node.child_by_field_name("function")
        field = function.child_by_field_name("field") if function is not None else None
        match = REGISTERED.match(reader.text(field)) if field is not None else None
        if match is None or len(args) < 2:
            continue
        service, kind = match[1], match[2]
        if service in OF_THE_LIBRARY:
            continue
        first = reader.text(args[0])[:200]
        if kind == "Handler" and b"micro" in reader.content and "erver" in first:
            kind = "Server"  # go-micro
        protocol = "grpc" if kind == "Server" else "grpc-gateway"
        named = HANDLER.match(reader.text(args[1])[:MAX_HANDLER_TEXT])
        handler = named[1] if named is not None and protocol == "grpc" else ""
        package = reader.callee(node).partition(".")[0]
        path = Literal(f"{package}.{service}")
        yield EndpointServed(reader.span(node), "*", path, handler, protocol=protocol)
        if kind == "HandlerFromEndpoint":
            yield RemoteCall(
                at=reader.span(node),
                library="grpc-gateway",
                target=reader.value(args[1]),
                protocol="grpc",
                scope=reader.scope(node),
            )
