"""Schedulers that run inside a Go process."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from scaleaudit.facts import ScheduleStarted
from scaleaudit.languages.go.tickers import MAX_BODY, is_upkeep
from scaleaudit.languages.patterns import SECOND, Arg, Pattern, Schedule
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.reader import Reader

CALLED = regex(r"([A-Za-z_]\w*(?:\.\w+){0,4})\(")

BEFORE = {
    "context",
    "fmt",
    "log",
    "slog",
    "time",
    "defer",
    "func",
}  # says or prepares, does nothing


def elects(site: CallSite, reader: Reader) -> bool:
    """gocron's own guards: one instance runs a job, or one is elected."""
    return b"WithDistributedLocker" in reader.content or b"WithDistributedElector" in reader.content


class CronJob(Schedule, frozen=True, kw_only=True):
    """robfig's cron, with a look at whether the job keeps up this process alone."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        job = site.argument(self.job.position)
        # `Schedule.facts` by name: `super()` has no cell in a class with slots.
        for fact in Schedule.facts(self, site, reader):
            if isinstance(fact, ScheduleStarted) and job is not None:
                name = fact.what.rpartition(".")[2] if job.type not in reader.FUNCTIONS else ""
                refresh = is_upkeep(cast("GoReader", reader), name, reader.text(job)[:MAX_BODY])
                yield replace(fact, refresh=refresh)
            else:
                yield fact

    def named(self, job: Node, site: CallSite, reader: Reader) -> str:
        """A function literal by the first thing that it calls, which tells more than its place."""
        if job.type in reader.FUNCTIONS:
            for called in CALLED.finditer(reader.text(job).partition("{")[2]):
                if called[1].partition(".")[0] not in BEFORE:
                    return called[1]
        return Schedule.named(self, job, site, reader)


class GocronJob(Schedule, frozen=True, kw_only=True):
    """`scheduler.NewJob(when, gocron.NewTask(function))`."""

    def named(self, job: Node, site: CallSite, reader: Reader) -> str:
        args = reader.arguments(job)[0] if job.type == "call_expression" else []
        return Schedule.named(self, args[0] if args else job, site, reader)


SCHEDULERS: tuple[Pattern, ...] = (
    CronJob(
        callees=("github.com/robfig/cron.Cron.{AddFunc,AddJob}",), library="robfig/cron", job=SECOND
    ),
    CronJob(callees=("github.com/robfig/cron.Cron.Schedule",), library="robfig/cron", job=SECOND),
    Schedule(
        callees=("github.com/go-co-op/gocron.Scheduler.{Do,DoWithJobDetails}",),
        library="gocron",
        guarded=elects,
    ),
    GocronJob(
        callees=("github.com/go-co-op/gocron.Scheduler.NewJob",),
        library="gocron",
        job=SECOND,
        guarded=elects,
    ),
    Schedule(callees=("github.com/jasonlvhit/gocron.NewScheduler.Every.Do",), library="gocron"),
    # Each scheduler that runs enqueues the task once more.
    Schedule(callees=("github.com/hibiken/asynq.Scheduler.Register",), library="asynq", job=Arg(1)),
)
