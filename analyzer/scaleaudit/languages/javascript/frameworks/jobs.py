"""Repeated and background work that a process starts by itself."""

from scaleaudit.languages.javascript.job_locks import job_is_locked
from scaleaudit.languages.javascript.schedules import CronJob, Interval
from scaleaudit.languages.patterns import FIRST, SECOND, Arg, Pattern, Schedule, Spawn

JOBS: tuple[Pattern, ...] = (
    CronJob(
        callees=("node-cron.schedule",), library="node-cron", job=SECOND, guarded=job_is_locked
    ),
    CronJob(
        callees=("cron.CronJob", "cron.CronJob.from", "cron.job"),
        library="cron",
        job=Arg(1, ("onTick",)),
        guarded=job_is_locked,
    ),
    CronJob(
        callees=("node-schedule.{scheduleJob,Job}",),
        library="node-schedule",
        job=SECOND,
        guarded=job_is_locked,
    ),
    CronJob(
        callees=("croner", "croner.{Cron,default}"),
        library="croner",
        job=SECOND,
        guarded=job_is_locked,
        asks=True,
    ),
    Schedule(
        callees=("toad-scheduler.ToadScheduler.{addSimpleIntervalJob,addCronJob,addIntervalJob}",),
        library="toad-scheduler",
    ),
    Schedule(callees=("bree",), library="bree"),
    # agenda locks each job in its database.
    Schedule(
        callees=("{agenda,agenda.Agenda,@hokify/agenda.Agenda}.every",),
        library="agenda",
        job=SECOND,
        locked=True,
    ),
    # pg-boss and graphile-worker keep their schedules in PostgreSQL.
    Schedule(callees=("pg-boss.schedule",), library="pg-boss", job=FIRST, locked=True),
    Schedule(
        callees=("@nestjs/schedule.{Cron,Interval}",),
        library="@nestjs/schedule",
        guarded=job_is_locked,
        annotation=True,
    ),
    Interval(callees=("setInterval", "global.setInterval", "globalThis.setInterval")),
    Spawn(callees=("worker_threads.Worker",), library="worker_threads"),
    Spawn(
        callees=("{piscina,piscina.Piscina}.{run,runTask}", "workerpool.pool.exec"),
        library="piscina",
    ),
    Spawn(callees=("child_process.{fork,spawn,exec,execFile}",), library="child_process"),
    # One process for each core: what a single process keeps in memory is not shared.
    Spawn(callees=("cluster.fork",), library="cluster"),
)
