"""Schedulers that run inside a Go process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import SECOND, Arg, Pattern, Schedule

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader


def elects(site: CallSite, reader: Reader) -> bool:
    """gocron's own guards: one instance runs a job, or one is elected."""
    return b"WithDistributedLocker" in reader.content or b"WithDistributedElector" in reader.content


class GocronJob(Schedule, frozen=True, kw_only=True):
    """`scheduler.NewJob(when, gocron.NewTask(function))`."""

    def named(self, job: Node, site: CallSite, reader: Reader) -> str:
        args = reader.arguments(job)[0] if job.type == "call_expression" else []
        return Schedule.named(self, args[0] if args else job, site, reader)


SCHEDULERS: tuple[Pattern, ...] = (
    Schedule(
        callees=("github.com/robfig/cron.Cron.{AddFunc,AddJob}",), library="robfig/cron", job=SECOND
    ),
    Schedule(callees=("github.com/robfig/cron.Cron.Schedule",), library="robfig/cron", job=SECOND),
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
