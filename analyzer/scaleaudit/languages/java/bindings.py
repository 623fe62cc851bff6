"""Channels that a library binds by their names: Spring Cloud Stream, Micronaut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.languages.patterns import Receive, Send
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name, Setting, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

CHANNEL = regex(r"(?:^|\.)(?:Sink|Source|Processor)\.(INPUT|OUTPUT)$")
BUILT_IN = {"Source": ("output",), "Sink": ("input",), "Processor": ("input", "output")}
FUNCTION = regex(r"(?:java\.util\.function\.)?(Consumer|Function|Supplier)\s*<")
KOTLIN_FUNCTION = regex(
    r"\bfun\s+\w+\s*\([^()]*\)\s*[:=]\s*(?:java\.util\.function\.)?(Consumer|Function|Supplier)\s*[<{]"
)
BOUND = r"org\.springframework\.(?:cloud\.(?:stream|function)|messaging\.Message\b)"


def destination(topic: Value) -> Value:
    """A binding's name leads to its destination by a setting, and is it by default."""
    if isinstance(topic, Name) and (built_in := CHANNEL.search(topic.name)) is not None:
        topic = Literal(built_in[1].lower())
    if not isinstance(topic, Literal):
        return topic
    return Setting(f"spring.cloud.stream.bindings.{topic.text}.destination", topic)


class BoundSend(Send, frozen=True):
    """A message to a binding of Spring Cloud Stream; the broker is chosen by the class path."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Send.facts(self, site, reader):
            if isinstance(fact, MessageSent):
                yield replace(fact, topic=destination(fact.topic))


class BoundReceive(Receive, frozen=True):
    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for fact in Receive.facts(self, site, reader):
            if isinstance(fact, MessageReceived):
                yield replace(fact, topic=destination(fact.topic))


class BoundFunction(Record, frozen=True, kw_only=True):
    """`@Bean Consumer<Order> paid()`: Spring Cloud Stream binds it as `paid-in-0`."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        if target is None:
            return
        kind = target.child_by_field_name("type")
        if kind is not None:
            match = FUNCTION.match(reader.text(kind)[:80])
        else:
            match = KOTLIN_FUNCTION.search(reader.text(target)[:400])
        if match is None:
            return
        certain = reader.mentions(BOUND)
        name, at = reader.definition_name(target), reader.span(site.node)
        if match[1] != "Supplier":
            topic = channel(f"{name}-in-0", certain)
            yield MessageReceived(at, "", topic, "spring-cloud-stream", name)
        if match[1] != "Consumer":
            topic = channel(f"{name}-out-0", certain)
            yield MessageSent(at, "", topic, "spring-cloud-stream", name)


def channel(name: str, certain: bool) -> Value:
    """A bound function's topic; of one that may be of anything else only what a setting says."""
    bound = destination(Literal(name))
    return bound if certain or not isinstance(bound, Setting) else Setting(bound.key)


class BoundInterface(Record, frozen=True, kw_only=True):
    """`@EnableBinding(Source.class)`: the channels of the interfaces that the library brings."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        at = reader.span(site.node)
        for word in re.findall(r"\b(\w+)(?:\.class|::class)", reader.text(site.node)[:400]):
            for name in BUILT_IN.get(word, ()):
                topic = destination(Literal(name))
                if name == "output":
                    yield MessageSent(at, "", topic, "spring-cloud-stream")
                else:
                    yield MessageReceived(at, "", topic, "spring-cloud-stream")


def in_a_type_with(annotation: str) -> Condition:
    """The method belongs to a type that has the annotation."""

    def holds(site: CallSite, reader: Reader) -> bool:
        around = reader.class_around(site.target) if site.target is not None else None
        return around is not None and f"@{annotation}" in reader.text(around)[:1000]

    return holds
