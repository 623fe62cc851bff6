"""Work that a Ruby process does beside its requests: schedulers and threads."""

from scaleaudit.languages.patterns import NONE, Arg, Schedule, Spawn
from scaleaudit.languages.ruby.conditions import (
    in_clockwork,
    left_alone,
    shares_lock,
    works_on_data,
)

SCHEDULERS = (
    # rufus-scheduler's README: every process that loads it runs the schedule.
    Schedule(
        callees=(
            "Rufus.Scheduler.{new,singleton,s,start_new}.{every,cron,interval,schedule,"
            "schedule_every,schedule_cron,schedule_interval}",
        ),
        library="rufus-scheduler",
        job=Arg(-1, ("name",)),
        guarded=shares_lock,
    ),
    Schedule(
        callees=("{EM,EventMachine}.add_periodic_timer",),
        library="eventmachine",
        job=NONE,
        when=works_on_data,
    ),
    Schedule(
        callees=("Concurrent.TimerTask.{new,execute}",),
        library="concurrent-ruby",
        job=NONE,
        when=works_on_data,
    ),
    Schedule(callees=("Thread.{new,start,fork}",), library="thread", job=NONE, when=works_on_data),
    # clockwork is a process of its own, of which its README wants one.
    Schedule(callees=("*.every",), library="clockwork", job=Arg(1), locked=True, when=in_clockwork),
    # These keep the schedule in Redis, where one process takes each run.
    Schedule(
        callees=("Sidekiq.Cron.Job.{create,load_from_hash,load_from_hash!}",),
        library="sidekiq-cron",
        job=Arg(-1, ("name",)),
        locked=True,
    ),
)

THREADS = (
    Spawn(callees=("Thread.{new,start,fork}",), library="thread", what=NONE, when=left_alone),
    Spawn(
        callees=(
            "Concurrent.{Future,Promise}.execute",
            "Concurrent.Promises.future",
            "Concurrent.ScheduledTask.execute",
        ),
        library="concurrent-ruby",
        what=NONE,
        when=left_alone,
    ),
)

BACKGROUND = (*SCHEDULERS, *THREADS)
