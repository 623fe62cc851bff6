"""Patterns for task libraries, whose topic is the name of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent
from scaleaudit.languages.patterns import Arg
from scaleaudit.record import Record
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

NAME = Arg(-1, ("name",))


class TaskDefined(Record, frozen=True, kw_only=True):
    """A function that workers run: `@shared_task`, `@dramatiq.actor`."""

    callees: tuple[str, ...]
    library: str
    name: Arg = NAME
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        function = reader.definition_name(site.target) if site.target is not None else ""
        topics = [Literal(function)] if function else []
        named = self.name.value(site, reader)
        for topic in (*topics, *((named,) if named is not None and named not in topics else ())):
            at = reader.span(site.node)
            yield MessageReceived(at, self.library, topic, self.library, function)


class StreamRead(Record, frozen=True, kw_only=True):
    """Redis streams that are read: the keys of a dictionary, `xread({"events": "$"})`."""

    callees: tuple[str, ...]
    streams: Arg
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.streams.position, *self.streams.names)
        for pair in node.named_children if node is not None and node.type == "dictionary" else ():
            key = pair.child_by_field_name("key")
            if key is not None:
                yield MessageReceived(reader.span(site.node), "redis", reader.value(key), "redis")


class TaskSent(Record, frozen=True, kw_only=True):
    """A task handed to workers: `send_invoice.delay(order)`."""

    callees: tuple[str, ...]
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        task = site.callee.split(".")[-2] if "." in site.callee else ""
        function = site.node.child_by_field_name("function")
        holder = function.child_by_field_name("object") if function is not None else None
        if holder is not None and holder.type == "call":
            return  # `group(tasks).delay()`: the tasks are named elsewhere
        if task and task != "?":
            scope = reader.scope(site.node)
            at = reader.span(site.node)
            yield MessageSent(at, self.library, Literal(task), self.library, scope)
