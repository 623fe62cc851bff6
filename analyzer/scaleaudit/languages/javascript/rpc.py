"""gRPC: clients and services are classes generated from a schema that no table can name."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, RemoteCall, SettingDefined, StubMade, Timeout
from scaleaudit.graphql_types import GATEWAY
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MAX_SUBGRAPHS = 200
TRANSPORT = regex(rb"\btransport\s*:\s*Transport\.(GRPC|TCP)\b")


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


class Subgraphs(Record, frozen=True, kw_only=True):
    """A federated gateway: `subgraphs: [{ name: "cart", url: "http://cart:4001/graphql" }]`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for key in ("subgraphs", "serviceList"):
            listed = site.keywords.get(key)
            if listed is not None and listed.type in (
                "identifier",
                "shorthand_property_identifier",
            ):
                listed = named_list(reader, reader.text(listed)) or listed
            for each in reader.each(listed)[:MAX_SUBGRAPHS] if listed is not None else ():
                url = member(reader, each, "url")
                if url is not None:
                    yield RemoteCall(
                        at=reader.span(each),
                        library="apollo-federation",
                        target=reader.value(url),
                        method="POST",
                        protocol="graphql",
                        scope=reader.scope(site.node),
                    )
                    named = member(reader, each, "name")
                    name = literal_text(reader.value(named)) if named is not None else None
                    yield SettingDefined(
                        reader.span(each), f"subgraph:{name or ''}", reader.value(url), GATEWAY
                    )


class NestClients(Record, frozen=True, kw_only=True):
    """NestJS: `{ transport: Transport.GRPC, options: { url } }`, or TCP with a host and a port.

    The other transports are brokers.
    """

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        around = site.args[0] if site.args else site.node
        found = TRANSPORT.finditer(reader.content, around.start_byte, around.end_byte)
        for match in islice(found, MAX_SUBGRAPHS):
            node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            holder = (
                next((a for a in reader.ancestors(node) if a.type == "object"), None)
                if node
                else None
            )
            options = member(reader, holder, "options") if holder is not None else None
            if holder is None or options is None:
                continue
            grpc = match[1] == b"GRPC"
            address = member(reader, options, "url" if grpc else "host")
            if address is None:
                continue
            yield RemoteCall(
                at=reader.span(holder),
                library="grpc" if grpc else "@nestjs/microservices",
                target=reader.value(address),
                protocol="grpc" if grpc else "tcp",
                scope=reader.scope(site.node),
            )


def named_list(reader: Reader, name: str) -> Node | None:
    """The literal list that a name of the file is given where it is declared."""
    declared = re.search(
        rb"\b" + re.escape(name.encode()) + rb"\b[^=;\n]{0,120}=\s*\[", reader.content
    )
    if declared is None:
        return None
    node = reader.root.descendant_for_byte_range(declared.end() - 1, declared.end())
    return node if node is not None and node.type == "array" else node.parent if node else None


def member(reader: Reader, node: Node, name: str) -> Node | None:
    """The value of a member of a literal object."""
    for pair in node.named_children if node.type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None and reader.text(key).strip("'\"") == name:
            return value
    return None


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
