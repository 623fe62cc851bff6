"""Schedulers that run inside a Go process."""

from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.patterns import SECOND, Arg, Pattern, Schedule
from scaleaudit.languages.reader import Reader


def elects(site: CallSite, reader: Reader) -> bool:
    """gocron's own guards: one instance runs a job, or one is elected."""
    return b"WithDistributedLocker" in reader.content or b"WithDistributedElector" in reader.content


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
    Schedule(
        callees=("github.com/go-co-op/gocron.Scheduler.NewJob",),
        library="gocron",
        job=SECOND,
        guarded=elects,
    ),
    Schedule(callees=("github.com/jasonlvhit/gocron.NewScheduler.Every.Do",), library="gocron"),
    # Each scheduler that runs enqueues the task once more.
    Schedule(callees=("github.com/hibiken/asynq.Scheduler.Register",), library="asynq", job=Arg(1)),
)
