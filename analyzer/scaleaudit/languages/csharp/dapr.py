"""Dapr's client: other applications by their ids, stores and brokers by the names of components."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import MessageReceived, MessageSent, RemoteCall, StoreUsed, Timeout
from scaleaudit.languages.csharp.settings import key_text
from scaleaudit.record import Record
from scaleaudit.values import Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.csharp.reader import CSharpReader
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


class Invocation(Record, frozen=True, kw_only=True):
    """`InvokeMethodAsync(HttpMethod.Get, "stock", "items")`, `CreateInvokeHttpClient("stock")`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        args = [arg for arg in site.args if not reader.text(arg)[:30].startswith("HttpMethod")]
        node = site.argument(-1, "appId") or (args[0] if args else None)
        value = reader.value(node) if node is not None else Unknown()
        if not isinstance(value, Unknown):
            yield RemoteCall(
                reader.span(site.node), "dapr", value, timeout=Timeout.UNKNOWN,
                in_loop=reader.in_loop(site.node), in_async=reader.in_async(site.node),
                scope=reader.scope(site.node),
            )  # fmt: skip


class ComponentUsed(Record, frozen=True, kw_only=True):
    """`SaveStateAsync("statestore", ...)`, `PublishEventAsync("pubsub", "paid", ...)`, `[Topic]`."""

    callees: tuple[str, ...]
    sends: bool = False
    receives: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if not site.args:
            return
        at, scope = reader.span(site.node), reader.scope(site.node)
        name = key_text(cast("CSharpReader", reader), site.args[0])
        address = Setting(f"dapr.{name}") if name else Unknown()
        yield StoreUsed(at, "", address, "dapr", None, scope)
        topic = self._topic(site.args[1] if len(site.args) > 1 else None, reader)
        if self.sends:
            yield MessageSent(at, "", topic, "dapr", scope)
        elif self.receives:
            handler = reader.definition_name(site.target) if site.target is not None else ""
            yield MessageReceived(at, "", topic, "dapr", handler)

    @staticmethod
    def _topic(node: Node | None, reader: Reader) -> Literal | Unknown:
        text = key_text(cast("CSharpReader", reader), node) if node is not None else None
        return Literal(text) if text and "{" not in text else Unknown()
