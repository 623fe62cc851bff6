"""Dapr's clients: other applications by their ids, stores and brokers by the names of components."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent, RemoteCall, StoreUsed, Timeout
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg
from scaleaudit.record import Record
from scaleaudit.values import UNKNOWN, Literal, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader

APPLICATION = "dapr://"
COMPONENT = "dapr-component://"


class DaprInvocation(Record, frozen=True, kw_only=True):
    """`client.InvokeMethod(ctx, "stock", "items", "get")`."""

    callees: tuple[str, ...]
    application: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        value = self.application.value(site, reader)
        if value is not None and not isinstance(value, Unknown):
            yield RemoteCall(
                reader.span(site.node), "dapr", join(Literal(APPLICATION), value),
                timeout=Timeout.UNKNOWN, in_loop=reader.in_loop(site.node),
                in_async=reader.in_async(site.node), scope=reader.scope(site.node),
            )  # fmt: skip


class DaprComponent(Record, frozen=True, kw_only=True):
    """`client.SaveState(ctx, "statestore", ...)`, `client.pubsub.publish("bus", "paid", order)`."""

    callees: tuple[str, ...]
    component: Arg = FIRST
    topic: Arg = NONE
    sends: bool = False
    receives: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        at, scope = reader.span(site.node), reader.scope(site.node)
        value = self.component.value(site, reader)
        if value is None or isinstance(value, Unknown):
            return
        yield StoreUsed(at, "", join(Literal(COMPONENT), value), "dapr", None, scope)
        topic = self.topic.value(site, reader) or UNKNOWN
        if self.sends:
            yield MessageSent(at, "", topic, "dapr", scope)
        elif self.receives:
            handler = reader.definition_name(site.target) if site.target is not None else ""
            yield MessageReceived(at, "", topic, "dapr", handler)
