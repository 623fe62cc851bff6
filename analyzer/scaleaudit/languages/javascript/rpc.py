"""gRPC: clients and services are classes generated from a schema that no table can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, Timeout
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Record
from scaleaudit.values import Literal

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
            path = Literal(f"/{name}")
            yield EndpointServed(reader.span(site.node), "*", path, router=name, protocol="grpc")


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
