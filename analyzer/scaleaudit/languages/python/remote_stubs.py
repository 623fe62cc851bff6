"""gRPC in Python: calls through generated stubs, services given to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, Timeout
from scaleaudit.languages.python.state import uses
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.values import Value

SERVED = regex(rb"\badd_\w+Servicer_to_server\s*\(")
STUB = regex(rb"=\s*[\w.]*\wStub\s*\(")
SERVICER = "Servicer_to_server"


def remote_stubs(reader: PythonReader) -> Iterator[Fact]:
    """One call for each use of a stub's method, one endpoint for each service added."""
    for node in reader.nodes(SERVED, "call", b"Servicer_to_server"):
        name = reader.callee(node).rpartition(".")[2].removeprefix("add_").removesuffix(SERVICER)
        args = reader.arguments(node)[0]
        handler = reader.hint(args[0]).partition("(")[0] if args else ""
        yield EndpointServed(
            reader.span(node), "*", Literal(name), handler.strip(), protocol="grpc"
        )
    for node in reader.nodes(STUB, "assignment", b"grpc"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            continue
        args = reader.arguments(right)[0]
        service = reader.callee(right).rpartition(".")[2].removesuffix("Stub")
        target = channel_address(reader, args[0]) if args else UNKNOWN
        home = reader.function_around(node) if left.type == "identifier" else None
        yield from calls(reader, reader.text(left), service, target, home)


def channel_address(reader: PythonReader, node: Node) -> Value:
    """The address of `grpc.insecure_channel("orders:50051")`, directly or through a name."""
    made: Node | None = node
    if node.type == "identifier":
        name = reader.text(node)
        made = reader.local(name, node) or reader.module_values.get(name)
        if made is None:
            bound = reader.qualify(f"{name}.x", node)[1]
            made = bound.node if bound is not None else None
    if made is None or made.type != "call" or "channel" not in reader.callee(made):
        return UNKNOWN
    site = reader.site(made)
    address = site.argument(0, "target")
    return reader.value(address) if address is not None else UNKNOWN


def calls(
    reader: PythonReader, stub: str, service: str, target: Value, home: Node | None
) -> Iterator[Fact]:
    """`stub.Method(request)`; without `timeout=` gRPC waits for ever (its guide on deadlines).

    `home` is the function that a local stub belongs to.
    """
    for node in uses(reader, stub.rpartition(".")[2]):
        if home is not None and not home.start_byte <= node.start_byte < home.end_byte:
            continue
        holder = node.parent
        if "." in stub:  # self.stub: the attribute is the stub
            node, holder = (holder, holder.parent) if holder is not None else (node, None)
        call = holder.parent if holder is not None else None
        if holder is None or call is None or call.type != "call" or holder.type != "attribute":
            continue
        method = holder.child_by_field_name("attribute")
        if method is None or reader.text(node) != stub or call.children[0].id != holder.id:
            continue
        name = reader.text(method)
        if not name[:1].isupper():
            continue
        _, keywords, opaque = reader.arguments(call)
        wait = Timeout.UNKNOWN if opaque else Timeout.NEVER
        yield RemoteCall(
            at=reader.span(call),
            library="grpc",
            target=target,
            method=f"{service}/{name}",
            protocol="grpc",
            timeout=Timeout.SET if "timeout" in keywords else wait,
            in_loop=reader.in_loop(call),
            in_async=reader.in_async(call),
            scope=reader.scope(call),
        )
