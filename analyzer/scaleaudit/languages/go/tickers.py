"""Work that a process repeats by a ticker of the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ScheduleStarted
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

UNITS = {"Second": 1.0, "Minute": 60.0, "Hour": 3600.0, "Millisecond": 0.001}
DURATION = regex(r"^(?:(?P<n>\d+)\s*\*\s*)?time\.(?P<unit>\w+)(?:\s*\*\s*(?P<m>\d+))?$")
SHORTEST = 10.0  # seconds; what is repeated more often watches or polls, it is no schedule
STARTED_BY = regex(r"(^|\.)(main|[sS]erve|[sS]tart|[rR]un|[nN]ew|[iI]nit)\w*$")
# Upkeep of this process alone: right to do once in each.
REFRESH = regex(
    r"(?i)(refresh|reload|heartbeat|keep_?alive|\bping|metrics?|gauge|collect|evict|expire_?local"
    r"|renew|rotate_?log|flush|watch|health"
    r"|re_?validat|licen[cs]e)"
)
OWN_MEMORY = regex(r"(?i)cache|metrics?|pool$")  # what a function is named that keeps it up
# Named for what it is, where the interval stands in a setting.
SCHEDULE_NAME = regex(r"(?i)schedul|cron|periodic|clean_?up|purge")
# Work on what all processes share.
SHARED = regex(
    r"(?i)\.(exec|query|get_?context|select|insert|update|delete|save|publish|send|post|do(?!ne\b)"
    r"|fetch|sync|import|export|backup|archive|purge|clean_?up|process)\w*\("
    r"|\b(fetch|sync|poll|purge|clean_?up|archive|backup|send|notify|process|import|export)\w*\("
)
EMPTIED = regex(r"\bdelete\((\w+(?:\.\w+){0,4}),")
GONE_THROUGH = regex(r"\brange\s+(\w+(?:\.\w+){0,4})\s*\{")
LOADS = regex(r"^(?:re)?load[A-Z_]|^[lL]oad$")
COMMENT = regex(r"//[^\n]*")
MAX_BODY = 20_000  # characters
STARTED = regex(rb"\bgo\s+(?:[\w.]+\.)?$")
LOCKED = regex(r"(?i)advisory|redsync|redislock|SetNX|leader|shedlock|TryLock\(ctx|dlock")


def schedules(reader: GoReader) -> Iterator[Fact]:
    if reader.imports.get("time") != "time":
        return
    offsets = [
        offset
        for name in ("NewTicker", "Tick")
        for offset in reader.usages.places(name, rb"\(", rb"\.")
        if reader.content[offset - 5 : offset] == b"time."
    ]
    for offset in offsets:
        call = reader.usages.call_at(offset)
        if call is None:
            continue
        args, _, _ = reader.arguments(call)
        seconds = duration(reader, args[0]) if args else None
        around = reader.function_around(call)
        if around is None or made_in_loop(reader, call):
            continue
        scope = reader.scope(call)
        if seconds is None and SCHEDULE_NAME.search(scope):
            seconds = SHORTEST
        if seconds is None or seconds < SHORTEST or not started_with_the_process(reader, around):
            continue
        body = COMMENT.sub("", reader.text(around)[:MAX_BODY])
        refresh = OWN_MEMORY.search(scope) is not None or REFRESH.search(body) is not None
        refresh = refresh or only_own_memory(reader, body)
        if refresh or SHARED.search(body):
            yield ScheduleStarted(
                at=reader.span(call),
                library="time.Ticker",
                what=scope,
                locked=LOCKED.search(body) is not None,
                refresh=refresh,
                scope=scope,
            )


def only_own_memory(reader: GoReader, body: str) -> bool:
    """All that the body asks for is a method of this file that works off a map of its own."""
    asked = {match[0].strip(".(") for match in SHARED.finditer(body.partition("{")[2])}
    return len(asked) == 1 and works_off_own(reader, asked.pop())


def works_off_own(reader: GoReader, name: str) -> bool:
    """The one function of that name here deletes from a map, and acts on what was in it or on nothing."""
    own = [node for full, node in reader.declared.items() if full.rpartition(".")[2] == name]
    if len(own) != 1:
        return False
    inside = COMMENT.sub("", reader.text(own[0])[:MAX_BODY])
    _, _, rest = inside.partition("{")
    if "delete(" not in rest:
        return False
    emptied = {match[1] for match in EMPTIED.finditer(rest)}
    through = {match[1] for match in GONE_THROUGH.finditer(rest)}
    return bool(emptied & through) or SHARED.search(rest.replace("delete(", "")) is None


def is_upkeep(reader: GoReader, name: str, text: str) -> bool:
    """Whether a job keeps up this process alone: by its name, or by what it does.

    `text` is the job as written, the name of a function of this file or a function literal.
    """
    if OWN_MEMORY.search(name) or REFRESH.search(name) or LOADS.search(name):
        return True
    own = [node for full, node in reader.declared.items() if full.rpartition(".")[2] == name]
    if len(own) > 1:
        return False
    body = reader.text(own[0])[:MAX_BODY] if own else text if "{" in text else ""
    return REFRESH.search(COMMENT.sub("", body)) is not None or works_off_own(reader, name)


def made_in_loop(reader: GoReader, call: Node) -> bool:
    """`for range time.Tick(d)` makes one ticker; `for { time.NewTicker(d) }` makes many."""
    clause = call.parent
    header = clause is not None and clause.type == "range_clause"
    loop = clause.parent if header and clause is not None else None
    for above in reader.ancestors(loop if loop is not None else call):
        if above.type in (*reader.LOOPS, *reader.FUNCTIONS):
            return above.type in reader.LOOPS
    return False


def duration(reader: GoReader, node: Node) -> float | None:
    """Seconds of `30 * time.Second`, also through a constant of this file."""
    text = reader.text(node)
    if node.type == "identifier" and text in reader.constants:
        text = reader.text(reader.constants[text])
    match = DURATION.match(text.strip())
    if match is None or match["unit"] not in UNITS:
        return None
    return int(match["n"] or match["m"] or 1) * UNITS[match["unit"]]


def started_with_the_process(reader: GoReader, around: Node) -> bool:
    """`go func() { ... }()` inside main or Start, or a function that this file starts with `go`."""
    scope = reader.scope(around)
    if around.type == "func_literal":
        call = around.parent
        above = call.parent if call is not None else None
        return above is not None and above.type == "go_statement" and bool(STARTED_BY.search(scope))
    name = scope.rpartition(".")[2]
    return any(
        STARTED.search(reader.content[max(at - 60, 0) : at])
        for at in reader.usages.places(name, rb"\(", rb"[\s.]")
    )
