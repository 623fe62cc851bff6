"""Work that a Python process does beside its requests: schedulers, threads, tasks."""

from scaleaudit.languages.patterns import Arg, Schedule, Spawn
from scaleaudit.languages.python.conditions import (
    fills_its_process,
    job_is_locked,
    kept_executor,
    left_alone,
    of_schedule,
)

APSCHEDULER = (
    "apscheduler.schedulers.{background.BackgroundScheduler,asyncio.AsyncIOScheduler,"
    "gevent.GeventScheduler,tornado.TornadoScheduler,twisted.TwistedScheduler}"
)
# Its documentation: for a process in which nothing else runs.
BLOCKING = "apscheduler.schedulers.blocking.BlockingScheduler"

SCHEDULERS = (
    Schedule(
        callees=(f"{BLOCKING}.add_job",),
        library="apscheduler",
        job=Arg(0, ("func",)),
        guarded=fills_its_process,
    ),
    Schedule(
        callees=(f"{BLOCKING}.scheduled_job",),
        library="apscheduler",
        guarded=fills_its_process,
        annotation=True,
    ),
    # Its documentation: job stores must not be shared, so a persistent one is no lock.
    Schedule(
        callees=(f"{APSCHEDULER}.add_job", "flask_apscheduler.APScheduler.add_job"),
        library="apscheduler",
        job=Arg(0, ("func",)),
        guarded=job_is_locked,
    ),
    Schedule(
        callees=(f"{APSCHEDULER}.scheduled_job", "flask_apscheduler.APScheduler.task"),
        library="apscheduler",
        guarded=job_is_locked,
        annotation=True,
    ),
    Schedule(
        callees=("*.scheduled_job",), library="apscheduler", guarded=job_is_locked, annotation=True
    ),
    Schedule(callees=("*.do",), library="schedule", guarded=job_is_locked, when=of_schedule),
    Schedule(
        callees=("rocketry.Rocketry.{task,cond}",),
        library="rocketry",
        guarded=job_is_locked,
        annotation=True,
    ),
    Schedule(
        callees=(
            "{fastapi_utils,fastapi_restful}.tasks.repeat_every",
            "fastapi_utilities.{repeat_every,repeat_at}",
            "aiocron.crontab",
        ),
        library="repeat_every",
        guarded=job_is_locked,
        annotation=True,
    ),
)

BACKGROUND = (
    Spawn(
        callees=("threading.Thread",),
        library="threading",
        what=Arg(1, ("target",)),
        when=left_alone,
    ),
    Spawn(
        callees=("asyncio.{create_task,ensure_future}", "*.get_event_loop.create_task"),
        library="asyncio",
        when=left_alone,
    ),
    Spawn(
        callees=(
            "concurrent.futures.{ThreadPoolExecutor,ProcessPoolExecutor}.submit",
            "concurrent.futures.thread.ThreadPoolExecutor.submit",
        ),
        library="concurrent.futures",
        when=kept_executor,
    ),
    Spawn(
        callees=(
            "fastapi.{BackgroundTasks,background.BackgroundTasks}.add_task",
            "starlette.background.BackgroundTasks.add_task",
        ),
        library="starlette",
        what=Arg(0, ("func",)),
        in_handler=True,
    ),
    Spawn(
        callees=("starlette.background.BackgroundTask",),
        library="starlette",
        what=Arg(0, ("func",)),
        in_handler=True,
    ),
    Spawn(callees=("gevent.spawn",), library="gevent", when=left_alone),
)

WORK = (*SCHEDULERS, *BACKGROUND)
