"""gRPC services that a process serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import MAX_HANDLER_TEXT
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

OF_THE_LIBRARY = {"Health", "ServerReflection", "Channelz"}


def grpc_services(reader: GoReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """`pb.RegisterCartServiceServer(server, &cart{})` serves `CartService`."""
    for node in captures.get("grpc_service", ()):
        args, _, _ = reader.arguments(node)
        function = node.child_by_field_name("function")
        field = function.child_by_field_name("field") if function is not None else None
        if field is None or len(args) != 2:
            continue
        service = reader.text(field).removeprefix("Register").removesuffix("Server")
        # RegisterXHandlerServer belongs to a gateway in the same process.
        if service in OF_THE_LIBRARY or service.endswith("Handler"):
            continue
        last = args[1]
        short = last.end_byte - last.start_byte <= MAX_HANDLER_TEXT
        yield EndpointServed(
            at=reader.span(node),
            method="*",
            path=Literal(service),
            handler=reader.text(last) if short else "",
            protocol="grpc",
        )
