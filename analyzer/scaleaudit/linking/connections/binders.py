"""Which broker carries the messages of a library that binds channels by their names alone.

Spring Cloud Stream and SmallRye leave the broker to what is on the class path, and the name of
the topic to a setting of the channel.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent, SettingDefined
from scaleaudit.linking.connections.known_settings import is_needed
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex
from scaleaudit.values import Setting, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved
    from scaleaudit.values import Value

BINDERS = tuple(
    (regex(rf"(?:^|:)(?:{libraries})$"), technology)
    for libraries, technology in (
        (r"spring-cloud-(?:starter-stream|stream-binder)-kafka(?:-streams)?"
         r"|(?:quarkus-)?smallrye-reactive-messaging-kafka|quarkus-messaging-kafka", "kafka"),
        (r"spring-cloud-(?:starter-stream|stream-binder)-rabbit"
         r"|(?:quarkus-)?smallrye-reactive-messaging-rabbitmq|quarkus-messaging-rabbitmq",
         "rabbitmq"),
        (r"(?:quarkus-)?smallrye-reactive-messaging-amqp|quarkus-messaging-amqp", "amqp"),
        (r"spring-cloud-stream-binder-pulsar|(?:quarkus-)?smallrye-reactive-messaging-pulsar"
         r"|quarkus-messaging-pulsar", "pulsar"),
        (r"spring-cloud-gcp-pubsub-stream-binder", "pubsub"),
        (r"spring-cloud-stream-binder-kinesis", "kinesis"),
        (r"spring-cloud-azure-stream-binder-servicebus", "servicebus"),
        (r"spring-cloud-azure-stream-binder-eventhubs", "eventhub"),
        (r"(?:quarkus-)?smallrye-reactive-messaging-mqtt|quarkus-messaging-mqtt", "mqtt"),
    )
)  # fmt: skip
# What SmallRye calls its connectors. Source: the guides of SmallRye Reactive Messaging.
CONNECTORS = {
    f"smallrye-{each}": each for each in ("kafka", "amqp", "rabbitmq", "mqtt", "pulsar", "jms")
}
# The setting that names the topic of a channel, by library.
DESTINATIONS = {
    "spring-cloud-stream": ("spring.cloud.stream.bindings.{}.destination",),
    "smallrye": (
        "mp.messaging.{}.topic",
        "mp.messaging.{}.address",
        "mp.messaging.{}.exchange.name",
        "mp.messaging.{}.queue.name",
    ),
}
OF_FUNCTION = regex(r"spring\.cloud\.stream\.bindings\.(\w+)-(in|out)-0\.destination")
DEFINITIONS = ("spring.cloud.function.definition", "spring.cloud.stream.function.definition")
SEPARATOR = regex(r"[|,]")
MAX_FUNCTIONS = 100
OF_BROKERS = regex(r"spring(?:cloudstream|kafka|rabbitmq)")
DIRECTIONS = ("incoming", "outgoing")
MAX_CHANNEL = 80
CHANNEL_AT = 3  # in `mp.messaging.incoming.orders.connector`


def binder(connections: Connections, speaker: Component) -> str:
    """The technology of the one binder on the class path; empty when there is none or several."""
    return _only_binder(tuple(connections.components.dependencies_of(speaker)))


@lru_cache(maxsize=1_000)  # asked for each setting of a program
def _only_binder(names: tuple[str, ...]) -> str:
    found = {
        technology for library, technology in BINDERS if any(library.search(name) for name in names)
    }
    return found.pop() if len(found) == 1 else ""


def connector(
    connections: Connections,
    speaker: Component,
    library: str,
    found: Resolved,
    path: str,
    *,
    incoming: bool,
) -> str:
    """The technology of the connector that a setting gives one channel; empty where none does."""
    if library != "smallrye" or not found.known or "{}" in found.text:
        return ""
    key = f"mp.messaging.{DIRECTIONS[not incoming]}.{found.text}.connector"
    given = connections.resolver.resolve(Setting(key), path, speaker)
    return CONNECTORS.get(given.text, "") if given.known else ""


def of_another_binder(connections: Connections, component: Component, name: str) -> bool:
    """A variable for a broker that the program has no library for, where it has another's binder."""
    components = connections.components
    return (
        OF_BROKERS.match(relaxed(name)) is not None
        and bool(binder(connections, component))
        and components.is_built_with_known(component)
        and not is_needed(name, components.dependencies_of(component))
    )


def destination(
    connections: Connections,
    speaker: Component,
    library: str,
    found: Resolved,
    path: str,
    *,
    incoming: bool,
) -> Resolved:
    """Where the channel that a text names leads to: what a setting says, else its own name."""
    if not found.known or "{}" in found.text or len(found.text) > MAX_CHANNEL:
        return found
    channel = found.text
    if library == "smallrye":
        channel = f"{DIRECTIONS[not incoming]}.{channel}"
    for key in DESTINATIONS.get(library, ()):
        given = connections.resolver.resolve(Setting(key.format(channel)), path, speaker)
        if given.known and "{}" not in given.text:
            return given
    return found


def in_composition(
    connections: Connections, speaker: Component, topic: Value, path: str
) -> Value | None:
    """The topic of a function of Spring Cloud, by the name of what it is put together to.

    `definition: enrich|rate` is bound as `enrichrate-in-0` and `enrichrate-out-0`: the first takes
    and the last gives; None for what only another function is handed.
    """
    bound = OF_FUNCTION.fullmatch(topic.key) if isinstance(topic, Setting) else None
    if bound is None:
        return topic
    for key in DEFINITIONS:
        found = connections.resolver.resolve(Setting(key), path, speaker)
        for composed in (found.text if found.known else "").split(";")[:MAX_FUNCTIONS]:
            names = [name.strip() for name in SEPARATOR.split(composed) if name.strip()]
            if len(names) > 1 and bound[1] in names:
                if bound[1] != names[0 if bound[2] == "in" else -1]:
                    return None
                name = "".join(names)
                return Setting(f"spring.cloud.stream.bindings.{name}-{bound[2]}-0.destination")
    return topic


def inner_channels(connections: Connections) -> set[tuple[str, str]]:
    """SmallRye's channels that one component writes and reads itself, with no connector set."""
    ends: dict[tuple[str, str], set[type]] = {}
    messages: list[tuple[str, MessageSent | MessageReceived]] = [
        *connections.index.of(MessageSent),
        *connections.index.of(MessageReceived),
    ]
    for path, message in messages:
        name = literal_text(message.topic) if message.library == "smallrye" else None
        for speaker in connections.speakers(path) if name else ():
            ends.setdefault((speaker.id, name or ""), set()).add(type(message))
    set_up = {
        setting.key.split(".")[3]
        for _, setting in connections.index.of(SettingDefined)
        if setting.key.startswith("mp.messaging.") and setting.key.endswith(".connector")
        if setting.key.count(".") > CHANNEL_AT
    }
    return {each for each, kinds in ends.items() if len(kinds) > 1 and each[1] not in set_up}
