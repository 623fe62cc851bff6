"""Messages sent and received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    MessageReceived,
    MessageSent,
)
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg


class Send(Record, frozen=True, kw_only=True):
    """`client_topic` is the topic when the sender's constructor holds it: `new Queue("mail")`."""

    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None
    client_topic: Arg = NONE
    instead: Arg = NONE  # what names the topic when `topic` is an empty text

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        for topic in topics(self.topic, self.client_topic, site, reader):
            if topic == Literal(""):
                topic = self.instead.value(site, reader) or UNKNOWN
            yield MessageSent(
                at=reader.span(site.node),
                technology=self.technology,
                topic=topic,
                library=self.library,
                scope=reader.scope(site.node),
            )


def topics(topic: Arg, client_topic: Arg, site: CallSite, reader: Reader) -> list[Value]:
    """What a send or receive names, else what its client names, else one unknown."""
    found = topic.values(site, reader)
    if not found and site.client is not None:
        found = client_topic.values(site.client, reader)
    return found or [UNKNOWN]


class Receive(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    technology: str
    library: str
    topic: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None
    client_topic: Arg = NONE

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        for topic in topics(self.topic, self.client_topic, site, reader):
            yield MessageReceived(
                at=reader.span(site.node),
                technology=self.technology,
                topic=topic,
                library=self.library,
                handler=reader.definition_name(target) if target is not None else "",
            )
