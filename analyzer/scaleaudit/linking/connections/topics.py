"""What a topic or queue is called, whatever form its address has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived
from scaleaudit.facts.code import REDIS_LIST
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import MessageSent
    from scaleaudit.linking.facts_index import FactsIndex

# SQS: `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`, also of a local stand-in
QUEUE_URL = regex(r"^https?://[^/]+/(?:queue/)?(?:\d+|\{\})/([\w-]+(?:\.fifo)?)$")
# `arn:aws:sns:eu-west-1:123456789012:orders`, `arn:aws:kinesis:...:stream/orders`
RESOURCE_NAME = regex(r"^arn:[\w-]*:(?:sqs|sns|kinesis|events|kafka):.*[:/]([\w-]+(?:\.fifo)?)$")
# `projects/acme/topics/orders`
GOOGLE = regex(r"^projects/[^/]+/(?:topics|subscriptions|queues)/([^/]+)$")
FORMS = (QUEUE_URL, RESOURCE_NAME, GOOGLE)


def topic_name(text: str) -> str:
    """The name in an address of a cloud's queue or topic; any other text is the name.

    Empty for the address of something else.
    """
    for form in FORMS:
        found = form.match(text)
        if found is not None:
            return found[1]
    return "" if text.startswith("arn:") else text  # an address to be filled in by hand


def awaited_lists(index: FactsIndex) -> frozenset[str]:
    """The lists of Redis whose elements some process waits for, by name; "" for an unknown one."""
    return frozenset(
        literal_text(fact.topic) or ""
        for _, fact in index.of(MessageReceived)
        if fact.technology == "redis"
    )


def is_data(sent: MessageSent, awaited: frozenset[str]) -> bool:
    """A push to a list that nobody waits for keeps data, and sends nothing."""
    return sent.library == REDIS_LIST and (literal_text(sent.topic) or "") not in awaited
