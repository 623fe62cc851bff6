"""What frameworks mean by code that is no call of a table: Kafka's properties, gRPC's bases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, EndpointServed, StoreUsed
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.java.jvm import JvmReader

BOOTSTRAP = regex(rb"BOOTSTRAP_SERVERS_CONFIG|\"bootstrap\.servers\"")


def injected(reader: JvmReader) -> Generator[Fact, None, set[str]]:
    """Facts of the settings that frameworks inject; returns the names that hold them."""
    names: set[str] = set()
    for fact in reader.settings.facts():
        if isinstance(fact, ConstantDefined):
            names.add(fact.name)
        yield fact
    return names


def grpc_service(reader: JvmReader, node: Node) -> Iterator[Fact]:
    """`extends AdServiceGrpc.AdServiceImplBase` serves `AdService`."""
    around = reader.class_around(node)
    base = reader.text(node).rpartition(".")[2]
    name = base.removesuffix("ImplBase").removesuffix("Coroutine")
    if around is not None and name:
        handler = reader.definition_name(around)
        yield EndpointServed(reader.span(node), "*", Literal(name), handler, "", "grpc")


def kafka_addresses(reader: JvmReader) -> Iterator[Fact]:
    """`props.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka:9092")`."""
    if b"BOOTSTRAP_SERVERS" not in reader.content and b"bootstrap.servers" not in reader.content:
        return
    for match in BOOTSTRAP.finditer(reader.content):
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        if node is None:
            continue
        above = next((a for a in reader.ancestors(node) if a.type in reader.CALLS), None)
        args = reader.arguments_of(above) if above is not None else []
        if above is not None and len(args) == 2 and args[0].end_byte >= match.end():
            yield StoreUsed(
                at=reader.span(above),
                technology="kafka",
                address=reader.value(args[1]),
                library="kafka-clients",
                scope=reader.scope(above),
            )
