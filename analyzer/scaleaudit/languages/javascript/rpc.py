"""gRPC: clients and services are classes generated from a schema that no table can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, StubMade, Timeout
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Record
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


class GrpcService(Record, frozen=True, kw_only=True):
    """`server.addService(proto.Shop.service, {...})`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        text = reader.text(site.args[0]) if site.args else ""
        name = text.removesuffix(".service").rpartition(".")[2]
        if name.isidentifier():
            yield EndpointServed(reader.span(site.node), "*", Literal(name), protocol="grpc")


class GrpcMethod(Record, frozen=True, kw_only=True):
    """NestJS: `@GrpcMethod("CartService", "Add")`; the class and the method name what is left out."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = reader.class_around(site.target) if site.target is not None else None
        if site.target is None or around is None:
            return
        handler = reader.definition_name(site.target)
        given = [literal_text(reader.value(arg)) for arg in site.args[:2]]
        service = given[0] if given else reader.definition_name(around)
        method = given[1] if len(given) > 1 else handler[:1].upper() + handler[1:]
        if service and method:
            yield EndpointServed(
                reader.span(site.node),
                "*",
                Literal(f"{service}/{method}"),
                f"{reader.definition_name(around)}.{handler}",
                protocol="grpc",
            )


class GrpcClient(Record, frozen=True, kw_only=True):
    """`new proto.Shop(address, credentials.createInsecure())`: the credentials betray the client.

    Deadlines are given at its calls, which have no common name: how long they wait is unknown.
    """

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        given = site.node.parent
        made = given.parent if given is not None and given.type == "arguments" else None
        address = bare(given.named_children[0]) if made is not None and given is not None else None
        if made is None or address is None or address.id == site.node.id:
            return
        if made.type != "new_expression":
            return
        yield RemoteCall(
            at=reader.span(made),
            library="grpc",
            target=reader.value(address),
            protocol="grpc",
            timeout=Timeout.UNKNOWN,
            in_loop=reader.in_loop(made),
            in_async=reader.in_async(made),
            scope=reader.scope(made),
        )
        built = made.child_by_field_name("constructor")
        name = reader.text(built).rpartition(".")[2] if built is not None else ""
        if name.isidentifier() and not name.endswith("Client"):  # those are found by their form
            yield StubMade(reader.span(made), name)
