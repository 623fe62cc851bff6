"""Jobs and consumers: classes whose ancestors or macros make a worker run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived
from scaleaudit.languages.ruby.blocks import body_of, calls_in
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.declarations import Holder
    from scaleaudit.languages.ruby.reader import RubyReader
    from scaleaudit.values import Value

SIGNS = (b"perform", b"Consumer", b"consum", b"from_queue", b"Sneakers", b"topic")
INCLUDED = {
    "Sidekiq.Worker": "sidekiq",
    "Sidekiq.Job": "sidekiq",
    "Sidekiq.IterableJob": "sidekiq",
    "Sneakers.Worker": "rabbitmq",
    "Hutch.Consumer": "rabbitmq",
    "Faktory.Job": "faktory",
    "SuckerPunch.Job": "",
    "Shoryuken.Worker": "sqs",
    "Chore.Job": "sqs",
    "Phobos.Handler": "kafka",
    "Karafka.Consumer": "kafka",
}
# `class OrdersConsumer < Racecar::Consumer; subscribes_to "orders"`
NAMED_BY_MACRO = {
    "subscribes_to": ("kafka", "racecar"),
    "from_queue": ("rabbitmq", "sneakers"),
    "consume": ("rabbitmq", "hutch"),
}
ACTIVE_JOB = regex(r"^(?:ActiveJob\.Base|(?:\w+\.)*ApplicationJob|(?:\w+\.)*BaseJob)$")


def jobs(reader: RubyReader) -> Iterator[Fact]:
    if not reader.says(*SIGNS):
        return
    for holder in reader.declared.holders:
        yield from of_class(reader, holder)
    if b"Karafka" in reader.content:
        for holder in reader.declared.all():
            for call in holder.calls:
                if reader.method_name(call) == "draw":
                    yield from karafka_topics(reader, body_of(call), 0)


def of_class(reader: RubyReader, holder: Holder) -> Iterator[Fact]:
    performs = next((m for m in holder.methods if reader.definition_name(m) == "perform"), None)
    named = list(macros(reader, holder))
    if named:
        for call, topic, technology, library in named:
            yield MessageReceived(reader.span(call), technology, topic, library, holder.name)
        return
    if performs is None:
        return
    at = reader.span(performs)
    last = Literal(holder.name)
    for name, technology in INCLUDED.items():
        if name in holder.included and technology:
            yield MessageReceived(at, technology, last, technology, holder.name)
            return
    if ACTIVE_JOB.match(holder.superclass):
        yield MessageReceived(at, "active_job", last, "active_job", holder.name)
    elif performs.type == "singleton_method" and is_resque(reader, holder):
        yield MessageReceived(at, "resque", last, "resque", holder.name)


def macros(reader: RubyReader, holder: Holder) -> Iterator[tuple[Node, Value, str, str]]:
    """Topics and queues that a class names in its body."""
    for call in holder.calls:
        name = reader.method_name(call)
        args, options, _ = reader.arguments(call)
        if name in NAMED_BY_MACRO and args and fits(holder, name):
            technology, library = NAMED_BY_MACRO[name]
            for arg in args if name != "from_queue" else args[:1]:
                if arg.type != "hash":
                    yield call, reader.value(arg), technology, library
        elif name == "shoryuken_options" and "queue" in options:
            yield call, reader.value(options["queue"]), "sqs", "shoryuken"


def fits(holder: Holder, macro: str) -> bool:
    if macro == "subscribes_to":
        return holder.superclass.endswith("Consumer")
    wanted = "Sneakers.Worker" if macro == "from_queue" else "Hutch.Consumer"
    return wanted in holder.included


def is_resque(reader: RubyReader, holder: Holder) -> bool:
    """`@queue = :mail` in the body."""
    return any(
        each.owner == holder.name and reader.hint(each.left) == "@queue"
        for each in reader.declared.assigned
    )


def karafka_topics(reader: RubyReader, body: Node | None, depth: int) -> Iterator[Fact]:
    """`topic :orders do consumer OrdersConsumer end`, also inside consumer groups."""
    if depth > 4:
        return
    for call in calls_in(body):
        name = reader.method_name(call)
        args = reader.positional(call)
        if name == "topic" and args:
            topic = reader.value(args[0])
            if not isinstance(topic, Unknown):
                yield MessageReceived(reader.span(call), "kafka", topic, "karafka")
        elif name in ("consumer_group", "subscription_group"):
            yield from karafka_topics(reader, body_of(call), depth + 1)
