"""Calls that a function hands to a queue or a schedule: they run later, beside the requests.

Hangfire takes them as expressions: `BackgroundJob.Enqueue(() => orders.Remove(id))`; a channel takes
the message that a worker reads from it: `channel.WriteAsync(new RemoveOrders(day))`. Whoever asks for
that waits for none of what is named in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

QUEUED_CSHARP = regex(
    rb"\b(?:RecurringJob|BackgroundJob|\w*[jJ]ob(?:s|Client|Manager)?)\s*\??\.\s*"
    rb"(?:AddOrUpdate|Enqueue|Schedule|ContinueJobWith|ContinueWith)\s*(?:<[\w.<>, ]{1,200}>\s*)?\("
    rb"|\b\w*[cC]hannel(?:Writer)?\s*\.\s*(?:Writer\s*\.\s*)?(?:WriteAsync|TryWrite)\s*\("
)
LATER = regex(rb"=>|\bnew\s")
MAX_CALL = 4_000  # bytes of one such call


def queued_calls(
    content: bytes, queued: re.Pattern[bytes], start: int, end: int
) -> list[tuple[int, int]]:
    """The ranges of the calls that are given such an expression or message."""
    found: list[tuple[int, int]] = []
    at = start
    while (match := queued.search(content, at, end)) is not None:
        at = match.end()
        closed = closing(content, at, min(end, at + MAX_CALL))
        if closed and LATER.search(content, at, closed) is not None:
            found.append((match.start(), closed))
            at = closed
    return found


def closing(content: bytes, start: int, end: int) -> int:
    """Where the parenthesis that is open at the start closes; 0 where it does not."""
    depth = 1
    for at in range(start, end):
        if content[at] in b"()":
            depth += 1 if content[at] == ord("(") else -1
            if not depth:
                return at
    return 0
