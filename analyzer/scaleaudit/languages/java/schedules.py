"""Repeated work on the JVM: which of it is upkeep of the process alone, and which takes a lock."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ScheduleStarted
from scaleaudit.languages.patterns import Schedule
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

UPKEEP = regex(
    r"(?i)refresh|reload|heart_?beat|keep_?alive|ping|metric|stat(?:s|istics)|gauge|health|evict"
    r"|stale|warm|cache|print|monitor|flush|drain|buffer|bucket|\blog_?in\b"
)
# Classes that watch their own process, whatever their methods are called.
OF_THE_PROCESS = regex(r"(?i)health_?(?:check|indicator)|heart_?beat|metrics?(?:[A-Z_.]|$)|gauge")
COLLABORATOR = (
    r"\b(?:\w*[rR]epo(?:sitory)?|\w*(?:[dD]ao|DAO)|\w*[sS]ervice|\w*[tT]emplate|\w*[cC]lient|\w*[mM]apper"
    r"|\w*[pP]ublisher|\w*[pP]roducer|\w*[mM]ail\w*|\w*[gG]ateway|\w*[bB]ridge|em|entityManager|jdbc\w*)"
    r"\s*\.\s*"
)
READING = (
    r"(?:get|find|is|has|exists|list|load|count|query|fetch|read|select|refresh|stream|search)"
)
# `publishEvent` of Spring stays in the process.
ACTS = regex(f"{COLLABORATOR}(?!{READING}|publishEvent\\b)\\w+\\s*\\(")
READS = regex(f"{COLLABORATOR}{READING}\\w*\\s*\\(")
# What the process holds itself, gone through by a job that asks nobody else.
OWN = regex(
    r"\b\w*(?:[mM]aps?|[cC]aches?|[qQ]ueues?|[eE]mitters|[sS]essions|[cC]onnections)\s*\.\s*"
    r"(?:remove|removeIf|clear|keys|keySet|entries|entrySet|values|iterator|forEach|poll|drainTo)\b"
    r"|\b\w*[sS]tate\s*\.\s*set\b"
)
# What one process takes from a queue no other one gets.
CONSUMES = regex(r"\b\w*[qQ]ueues?\s*\.\s*(?:poll|take|receive|dequeue)\w*\b")
LOCKED = regex(
    r"(?i)trylock|lockregistry|lockprovider|leader|is\w*partition|partition\w*mine|advisory"
    r"|skip[ _]?locked|(?:select|elect|is|become|renew)_?master|setifabsent|distributedlock|\bgetlock\("
)
# The job's own transaction changes nothing, whatever it asks of the session.
READ_ONLY = regex(r"@Transactional\s*\([^)]*readOnly\s*=\s*true")
SESSION = regex(r"^(?:em|entityManager)\b")
CALLED = regex(r"(?:::|(?<![\w.])(?:this\.)?)([a-z]\w*)(?=\s*\(|\s*[,)]|$)")
# What makes a trigger of Quartz fire more than once.
REPEATING = regex(r"withSchedule|Cron|Repeat")
TYPE_ENDS = regex(rb"[\w>\]]$")
FUN = regex(rb"\bfun$")
OPENS = regex(rb"\s*\(")
DECLARES = regex(rb"\s*(?:\([^;{}()]*\)\s*(?:throws [\w., ]+)?\s*\{|=\s*(?:\(|new ))")
UNITS = {"SECONDS": 1000, "MILLISECONDS": 1, "MICROSECONDS": 0.001}
MAX_POLL = 10_000  # milliseconds
MAX_SPACE = 200  # between a type and a name
MAX_METHODS = 12  # of the same file, followed from the job
MAX_OVERLOADS = 3
MAX_METHOD = 6_000  # characters


class RepeatedJob(Schedule, frozen=True, kw_only=True):
    """A schedule with a look at what the job does.

    `timer`: made by code, often for one connection or one cache: it counts when it is seen to act
    on something that all processes share. An annotated job counts unless it only reads.
    """

    timer: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        job = site.target if site.target is not None else site.argument(0)
        if job is None or (site.target is None and is_parameter(reader, job)):
            return  # what runs is given by whoever calls
        body = what_it_does(reader, job)
        # `Schedule.facts` by name: `super()` has no cell in a class with slots.
        for fact in Schedule.facts(self, site, reader):
            if not isinstance(fact, ScheduleStarted):
                continue
            session = READ_ONLY.search(body) is not None
            acts = any(not (session and SESSION.match(each[0])) for each in ACTS.finditer(body))
            session &= not acts
            only_reads = not acts and (self.timer or READS.search(body) is not None)
            only_reads |= not acts and not READS.search(body) and OWN.search(body) is not None
            upkeep = UPKEEP.search(fact.what.partition("{")[0]) is not None
            upkeep |= session or CONSUMES.search(body) is not None
            upkeep |= OF_THE_PROCESS.search(fact.scope) is not None
            upkeep |= self.timer and polls(site, reader)
            locked = fact.locked or LOCKED.search(body + started_in(reader, site)) is not None
            yield replace(fact, locked=locked, refresh=upkeep or only_reads)


def may_come_again(site: CallSite, reader: Reader) -> bool:
    """Not for a trigger of Quartz that is built beside the call without `withSchedule`: it fires once."""
    around = reader.function_around(site.node)
    text = reader.text(around) if around is not None else ""
    return "newTrigger(" not in text or REPEATING.search(text) is not None


def polls(site: CallSite, reader: Reader) -> bool:
    """Every few seconds a process looks whether something waits; what waits is claimed, or is its own."""
    period, unit = site.argument(2), site.argument(3)
    if period is None or unit is None or not reader.text(period).isdigit():
        return False
    name = reader.text(unit).rpartition(".")[2]
    return int(reader.text(period)[:9]) * UNITS.get(name, MAX_POLL + 1) <= MAX_POLL


def started_in(reader: Reader, site: CallSite) -> str:
    """The function that starts a timer: it may do so only where this process is the leader."""
    around = reader.function_around(site.node) if site.target is None else None
    return reader.text(around)[:MAX_METHOD] if around is not None else ""


def is_parameter(reader: Reader, node: Node) -> bool:
    """A name that the function around takes: `void every(Runnable job)`."""
    around = reader.function_around(node) if node.type == "identifier" else None
    parameters = around.child_by_field_name("parameters") if around is not None else None
    if parameters is None:
        return False
    return re.search(rf"\b{re.escape(reader.text(node))}\b", reader.text(parameters)) is not None


def what_it_does(reader: Reader, job: Node) -> str:
    """The text of a job, and of the methods of the same file that it calls."""
    made = reader.local(reader.text(job), job) if job.type == "identifier" else None
    texts = [reader.text(made if made is not None else job)[:MAX_METHOD]]
    seen: set[str] = set()
    for text in texts:
        for match in CALLED.finditer(text):
            if match[1] not in seen and len(texts) <= MAX_METHODS:
                seen.add(match[1])
                texts.extend(method(reader, match[1]))
    return "\n".join(texts)


def method(reader: Reader, name: str) -> list[str]:
    """The methods of that name in the file, or the initialiser of a field."""
    found: list[str] = []
    for end in islice(_declared(reader.content, name.encode()), MAX_OVERLOADS):
        node: Node | None = reader.root.descendant_for_byte_range(end - 1, end)
        for _ in range(6):
            if node is None or node.type in reader.FUNCTIONS or node.type == "field_declaration":
                break
            node = node.parent
        if node is not None:
            found.append(reader.text(node)[:MAX_METHOD])
    return found


def _declared(content: bytes, word: bytes) -> Iterator[int]:
    """Where the heads of the declarations of a name end."""
    end = 0
    while word and (at := content.find(word, end)) >= 0:
        end = at + len(word)
        before = content[max(0, at - MAX_SPACE) : at]
        kept = before.rstrip()
        if len(kept) == len(before) or not TYPE_ENDS.search(kept):
            continue
        match = OPENS.match(content, end) if FUN.search(kept) else None
        match = match or DECLARES.match(content, end)
        if match is not None:
            end = match.end()
            yield end
