"""Calls of other services, and connections to stores and brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import AddressGiven, RemoteCall, StoreUsed, Timeout
from scaleaudit.languages.rust.syntax import (
    beginning,
    last_part,
    method_of,
    path_of,
    positional,
    whole,
)
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.rust.reader import RustReader
    from scaleaudit.values import Value

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head"})
LIBRARIES = regex(rb"\b(reqwest|ureq|awc|surf|isahc|reqwest_middleware)\b")
# What a request ends with: `.send()` of reqwest, awc and surf, `.call()` of ureq.
SENDS = regex(r"\.\s*(?:send|send_json|send_form|send_body|call|recv_json|recv_string)\s*\(")
LIMIT = regex(r"\.\s*timeout\w*\s*\(")
# By the end of the function's path, once what the file takes in is put in front.
STORES = (
    (regex(r"(?:Pg(?:Pool|Connection|PoolOptions)\.(?:connect|connect_lazy|connect_with|establish)"
                r"|tokio_postgres\.connect|AsyncPgConnection\.establish|postgres\.Client\.connect"
                r"|deadpool_postgres\.Manager\.(?:new|from_config)|deadpool_postgres\.Config\.new"
                r"|PostgresConnectionManager\.new(?:_from_stringlike)?)$"), "postgresql"),
    (regex(r"(?:MySql(?:Pool|Connection)\.(?:connect|connect_lazy|establish)|mysql(?:_async)?\.Pool\.new)$"), "mysql"),
    (regex(r"Sqlite(?:Pool|Connection)\.(?:connect|establish)$|rusqlite\.Connection\.open$"), "sqlite"),
    (regex(r"(?:mongodb\.(?:sync\.)?)?Client\.with_(?:uri_str|options)$|ClientOptions\.parse$"
           r"|MongodbConnectionManager\.new(?:_with_uri)?$"), "mongodb"),
    (regex(r"redis\.Client\.open$|RedisConnectionManager\.new$|deadpool_redis\.Config\.from_url$"), "redis"),
    (regex(r"lapin\.Connection\.connect$|amqprs\.\w+(?:\.\w+)*\.open$"), "rabbitmq"),
    (regex(r"(?:async_)?nats\.connect$"), "nats"),
    (regex(r"(?:kafka\.(?:\w+\.)*)?(?:Producer|Consumer|KafkaClient)\.(?:from_hosts|new)$"), "kafka"),
    (regex(r"elasticsearch\.\w+(?:\.\w+)*\.single_node$"), "elasticsearch"),
)  # fmt: skip
MENTIONED = {"mongodb": b"mongodb", "kafka": b"kafka", "redis": b"redis"}
POOLS = {"PgPoolOptions": "postgresql", "MySqlPoolOptions": "mysql", "SqlitePoolOptions": "sqlite"}
MANAGED = regex(r"ConnectionManager::<\s*(Pg|Mysql|Sqlite)\w*\s*>\s*::\s*new$")
OF_MANAGER = {"Pg": "postgresql", "Mysql": "mysql", "Sqlite": "sqlite"}
BROKERS = ("bootstrap.servers", "metadata.broker.list")
STUB = regex(r"(?:^|\.)\w+Client\.connect$")
# Channels that clients of gRPC are made of, apart from them.
CHANNEL = regex(r"(?:^|\.)(?:Channel|Endpoint)\.(?:from_(?:static|shared|str)|try_from|new)$")
# Sends to the agent on its machine. Source: the documentation of opentelemetry-jaeger.
AGENT = regex(r"opentelemetry_jaeger\.new_(?:agent_)?pipeline$")
MAILER = regex(
    r"(?:^|\.)\w*SmtpTransport(?:\.<.*>)?\.(?:relay|starttls_relay|builder_dangerous|from_url)$"
)
MAX_CHAIN = 4_000  # characters


def clients(reader: RustReader, calls: Iterable[Node]) -> Iterator[Fact]:
    asks = LIBRARIES.search(reader.content)
    for node in calls:
        if asks is not None:
            yield from request(reader, node, asks[1].decode())
        yield from store(reader, node)


def request(reader: RustReader, node: Node, library: str) -> Iterator[Fact]:
    """A verb with an address whose chain ends by sending it, or `reqwest::get(address)`."""
    method, given = method_of(reader, node), positional(node)
    path = path_of(reader, node)
    direct = path.endswith(tuple(f"{name}.get" for name in ("reqwest", "blocking", "surf")))
    if method in VERBS and len(given) == 1:
        verb, address = method, given[0]
    elif method == "request" and len(given) == 2:
        verb, address = reader.text(given[0]).rpartition("::")[2], given[1]
    elif (direct or path.startswith(("ureq.", "surf."))) and last_part(reader, node) in VERBS:
        verb, address = last_part(reader, node), given[0] if given else node
    else:
        return
    chain = reader.text(whole(reader, node))[:MAX_CHAIN]
    if not direct and not SENDS.search(chain):
        return
    limited = LIMIT.search(chain) is not None or reader.mentions(r"\.timeout\s*\(")
    yield RemoteCall(
        at=reader.span(node),
        library=library,
        target=reader.value(address) if address is not node else UNKNOWN,
        method=verb.upper() if verb.isalpha() else "",
        timeout=Timeout.SET if limited else Timeout.UNKNOWN,
        in_loop=reader.in_loop(node),
        in_async=reader.in_async(node),
        scope=reader.scope(node),
    )


def store(reader: RustReader, node: Node) -> Iterator[Fact]:
    given = positional(node)
    method = method_of(reader, node)
    if method == "set" and len(given) == 2:
        key = reader.value(given[0])
        if isinstance(key, Literal) and key.text in BROKERS:
            yield used(reader, node, "kafka", given[1], "rdkafka")
        return
    if method in ("connect", "connect_lazy") and given:
        pool = path_of(reader, beginning(node)).rpartition(".")[0].rpartition(".")[2]
        if pool in POOLS:
            yield used(reader, node, POOLS[pool], given[0], "sqlx")
        return
    if method in ("with_endpoint", "with_agent_endpoint") and given:
        if reader.mentions(r"\bopentelemetry"):
            yield traced(reader, node, reader.value(given[0]))
        return
    if method:
        return
    function = node.child_by_field_name("function")
    managed = MANAGED.search(reader.text(function)[:200]) if function is not None else None
    if managed is not None and given:
        yield used(reader, node, OF_MANAGER[managed[1]], given[0], "diesel")
        return
    path = path_of(reader, node)
    qualified = reader.qualify(path, node)[0] if path else ""
    for pattern, technology in STORES:
        if qualified and pattern.search(qualified):
            sign = MENTIONED.get(technology)
            if sign is None or sign in reader.content:
                yield used(reader, node, technology, given[0] if given else None, path)
            return
    yield from opened(reader, node, path, given)


def opened(reader: RustReader, node: Node, path: str, given: list[Node]) -> Iterator[Fact]:
    """Stubs and channels of gRPC, servers that take mail, and where traces go unless told."""
    if AGENT.search(path):
        chain = reader.text(whole(reader, node))[:MAX_CHAIN]
        if "with_endpoint" not in chain and "with_agent_endpoint" not in chain:
            yield traced(reader, node, Literal("http://localhost:6831"))
        return
    if not given:
        return
    stub = STUB.search(path) and reader.mentions(r"\btonic\b|\bproto\b|_client::")
    if stub or (CHANNEL.search(path) and reader.mentions(r"\btonic\b")):
        protocol = "grpc"
    elif MAILER.search(path) and reader.mentions(r"\blettre\b"):
        protocol = "smtp"
    else:
        return
    yield RemoteCall(
        reader.span(node), "lettre" if protocol == "smtp" else "grpc", reader.value(given[0]),
        protocol=protocol, scope=reader.scope(node),
    )  # fmt: skip


def traced(reader: RustReader, node: Node, address: Value) -> AddressGiven:
    return AddressGiven(reader.span(node), address, "opentelemetry")


def used(
    reader: RustReader, node: Node, technology: str, address: Node | None, library: str
) -> StoreUsed:
    value = reader.value(address) if address is not None else UNKNOWN
    return StoreUsed(
        reader.span(node), technology, value, library.partition(".")[0], scope=reader.scope(node)
    )
