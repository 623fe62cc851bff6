"""Schedules and background work of .NET code; hosted services are found by their base class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import Arg, Schedule, Spawn

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader


def clustered(_: CallSite, reader: Reader) -> bool:
    """Quartz with a store that all processes share."""
    return reader.mentions(r"UseClustering|UsePersistentStore|quartz\.jobStore\.clustered")


BACKGROUND = (
    # Hangfire keeps its jobs in a shared store, and locks each run there.
    Schedule(
        callees=("{RecurringJob,IRecurringJobManager}.AddOrUpdate",),
        library="hangfire",
        locked=True,
    ),
    Schedule(
        callees=("IScheduler.ScheduleJob",),
        library="quartz",
        guarded=clustered,
    ),
    Schedule(
        callees=("*.AddTrigger",),
        library="quartz",
        job=Arg(-1),
        guarded=clustered,
        when=lambda _, reader: b"AddQuartz" in reader.content,
    ),
    Spawn(callees=("Task.Run", "Task.Factory.StartNew"), library="task"),
    Spawn(callees=("Thread",), library="thread"),
    Spawn(callees=("ThreadPool.QueueUserWorkItem",), library="thread-pool"),
)
