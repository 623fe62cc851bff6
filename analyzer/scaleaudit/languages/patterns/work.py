"""What runs beside requests: schedules, threads, servers; and settings read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ScheduleStarted,
    ServerStarted,
    SettingRead,
    WorkSpawned,
)
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
from scaleaudit.languages.patterns.arguments import FIRST, NONE, Arg
from scaleaudit.languages.patterns.routes import ROUTING

# Names that say of a job no more than that it is one: `handleCron`, `run`.
SAYS_NOTHING = regex(
    r"(?i)(?:.*[.#])?_?(?:handle|run|execute|do|process|perform|on|fire|trigger|scheduled?)?_?"
    r"(?:cron|job|task|timeout|interval|schedule|timer|tick|work|it)?(?:async)?"
)
CALLED = regex(r"(?<![\w$@])(?:[\w$]+\s*\.\s*){0,4}([A-Za-z_$][\w$]*)\s*\(")
NO_WORK = regex(
    r"(?i)(?:(?:this|self)\s*\.\s*)?_?(?:log(?:ger)?|console)\s*\.|(?:if|for|while|switch|catch|return|await)\s*\("
)
MAX_JOB = 2_000  # characters


def told_by_its_call(name: str, text: str) -> str:
    """The one function that a job calls, where its own name says nothing."""
    if SAYS_NOTHING.fullmatch(name) is None:
        return name
    body = text.partition("{")[2]
    called = {match[1] for match in CALLED.finditer(body) if not NO_WORK.match(match[0])}
    return called.pop() if len(called) == 1 else name


class Schedule(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    library: str
    job: Arg = FIRST
    lock_annotations: tuple[str, ...] = ()  # on the same definition: a distributed lock
    guarded: Condition | None = None  # other signs of a distributed lock
    annotation: bool = False
    when: Condition | None = None
    locked: bool = False  # the library itself takes a lock that all processes share

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        if site.target is not None:
            what = told_by_its_call(
                reader.definition_name(site.target), reader.text(site.target)[:MAX_JOB]
            )
            beside = reader.annotations.get(site.target.id, ())
        else:
            node = site.argument(self.job.position, *self.job.names)
            what = self.named(node, site, reader) if node is not None else ""
            beside = ()
        yield ScheduleStarted(
            at=reader.span(site.node),
            library=self.library,
            what=what,
            locked=self.locked
            or any(each.name in self.lock_annotations for each in beside)
            or (self.guarded is not None and self.guarded(site, reader)),
            scope=reader.scope(site.node),
        )

    def named(self, job: Node, site: CallSite, reader: Reader) -> str:
        """The job as written; a function without a name by the function that schedules it."""
        if job.type in reader.FUNCTIONS:
            return reader.definition_name(job) or reader.scope(site.node)
        return reader.text(job)[:80].partition("\n")[0]


class Spawn(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    library: str
    what: Arg = FIRST
    in_handler: bool = False  # the library has it only there
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(self.what.position, *self.what.names)
        around = reader.function_around(site.node)
        beside = reader.annotations.get(around.id, ()) if around is not None else ()
        yield WorkSpawned(
            at=reader.span(site.node),
            library=self.library,
            what=reader.text(node)[:80].partition("\n")[0] if node is not None else "",
            in_handler=self.in_handler or any(each.name.upper() in ROUTING for each in beside),
            scope=reader.scope(site.node),
        )


class Serve(Record, frozen=True, kw_only=True):
    """The code starts a server by itself."""

    callees: tuple[str, ...]
    library: str
    port: Arg = NONE
    development: bool = False
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        yield ServerStarted(
            at=reader.span(site.node),
            library=self.library,
            port=self.port.value(site, reader),
            development=self.development,
        )


class ReadSetting(Record, frozen=True, kw_only=True):
    """The code reads a setting (environment variable, property) by its key."""

    callees: tuple[str, ...]
    key: Arg = FIRST
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        key = literal_text(self.key.value(site, reader))
        if key:
            yield SettingRead(reader.span(site.node), key, reader.scope(site.node))
