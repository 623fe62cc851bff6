"""The deployed command starts a development server, or one worker where cores idle."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from scaleaudit.api import (
    Architecture,
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Phase,
    Problem,
    Severity,
    regex,
    rule,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.api import StartCommand

# What the documentation of each says is not for production.
DEVELOPMENT_SERVERS: tuple[tuple[str, str], ...] = (
    (r"\bmanage\.py\s+runserver\b", "Django's development server"),
    (r"\bdjango-admin\s+runserver\b", "Django's development server"),
    (r"\bflask\s+(?:--\S+\s+\S+\s+)*run\b", "Flask's development server"),
    (r"\bfastapi\s+dev\b", "FastAPI's development server"),
    (r"\buvicorn\b.*\s--reload\b", "uvicorn with code reloading"),
    (r"\bphp\s+artisan\s+serve\b", "Laravel's development server"),
    (r"\bphp\s+-S\b", "PHP's built-in server"),
    (r"\bsymfony\s+server:start\b", "Symfony's development server"),
    (
        r"\brails\s+(?:server|s)\b.*\s(?:-e|--environment)[= ]development\b",
        "Rails in development mode",
    ),
    (r"\b(?:npx\s+)?nodemon\b", "nodemon"),
    (r"\bts-node-dev\b", "ts-node-dev"),
    (r"\b(?:npx\s+)?next\s+dev\b", "Next.js's development server"),
    (r"\b(?:npx\s+)?nuxt\s+dev\b", "Nuxt's development server"),
    (r"\b(?:npx\s+)?vite(?:\s+dev|\s+serve|\s+--|\s*$)", "Vite's development server"),
    (r"\bwebpack(?:-dev-server|\s+serve)\b", "webpack's development server"),
    (r"\breact-scripts\s+start\b", "the development server of Create React App"),
    (r"\bng\s+serve\b", "Angular's development server"),
    (r"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?dev\b", "a `dev` script"),
    (r"\bdotnet\s+watch\b", "`dotnet watch`"),
)
# What compiles the program before it runs it, as on any server, with all cores.
BUILDERS: tuple[tuple[str, str], ...] = (
    (r"\bgo\s+run\b", "`go run`"),
    (r"\bmvn(?:w)?\s+.*spring-boot:run\b", "Maven's `spring-boot:run`"),
    (r"\bgradlew?\s+.*bootRun\b", "Gradle's `bootRun`"),
    (r"\bdotnet\s+run\b", "`dotnet run`"),
)
_DEVELOPMENT = [(regex(pattern), name) for pattern, name in DEVELOPMENT_SERVERS]
_BUILDERS = [(regex(pattern), name) for pattern, name in BUILDERS]
IDLE = "the machine's other cores have nothing to do"
LATE = "each copy builds the program before it serves, and comes too late when load rises"
ASYNC_WORKERS = regex(
    r"(-k|--worker-class)[= ]?\S*(gevent|eventlet|uvicorn|aiohttp|tornado|gthread)"
)

PROCFILE = regex(r"(?:^|/)Procfile$")
# What stands in a Procfile beside servers that a developer starts together on one machine.
AT_A_DESK = regex(
    r"\b(?:ngrok|stripe\s+listen|turbo\s+(?:run\s+)?dev|mail(?:hog|catcher|pit)|docker\s+(?:compose|start|run))\b"
)
# An entry point that is handed the command, and may add options to it.
SCRIPT = regex(r"(?:\.sh|entry_?-?point\S*)\s+$")
ONE_WORKER = regex(r"(?:^|\s)(?:-w|--workers)[= ]?1\b")
# `--env KEY=value`, `KEY=value gunicorn`: what it is set to may be a secret.
ASSIGNED = regex(r"^([A-Za-z_]\w*)=.*", re.DOTALL)


@rule(
    dimensions=(Dimension.TRAFFIC,),
    layer=Layer.ENGINEERING,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    phase=Phase.NOW,
    fixes=("prod-server",),
)
def undersized_server(architecture: Architecture, _options: object) -> Iterator[Problem]:
    at_desks = {
        command.at.path
        for command in architecture.commands
        if PROCFILE.search(command.at.path) and AT_A_DESK.search(" ".join(command.words)[:2000])
    }
    for command in architecture.commands:
        if command.development or command.at.path in at_desks:
            continue
        words = " ".join(command.words)[:2000]
        reason = one_of(_DEVELOPMENT, words)
        builder = one_of(_BUILDERS, words)
        if reason is not None:
            yield problem(architecture, command, f"runs {reason}: {IDLE}", Severity.HIGH)
        elif builder is not None:
            yield problem(architecture, command, f"runs {builder}: {LATE}", Severity.LOW)
        elif (
            lone_gunicorn(words, command.environment)
            and not configured(architecture, command, words)
            and not left_to_platform(command, words)
        ):
            copies = architecture.node(command.component).replicas or 1
            yield problem(
                architecture,
                command,
                "runs gunicorn with its default of one worker, which serves one request at a time: "
                f"{IDLE}",
                Severity.HIGH if copies < 2 else Severity.MEDIUM,
            )


def one_of(patterns: Sequence[tuple[re.Pattern[str], str]], words: str) -> str | None:
    return next((name for pattern, name in patterns if pattern.search(words)), None)


def left_to_platform(command: StartCommand, words: str) -> bool:
    """Platforms that start what a Procfile says set WEB_CONCURRENCY by the size of the machine."""
    return PROCFILE.search(command.at.path) is not None and ONE_WORKER.search(words) is None


def lone_gunicorn(words: str, environment: tuple[str, ...]) -> bool:
    """gunicorn's documentation: workers default to `WEB_CONCURRENCY` or 1, threads to 1."""
    start = re.search(r"\bgunicorn\b", words)
    if start is None:
        return False
    if {"WEB_CONCURRENCY", "GUNICORN_CMD_ARGS"} & set(environment):
        return False
    if SCRIPT.search(words[: start.start()]):
        return False
    try:
        arguments = shlex.split(words[start.start() :], posix=True)
    except ValueError:
        arguments = words[start.start() :].split()
    rest = " ".join(arguments)
    if ASYNC_WORKERS.search(rest) or "{}" in rest or "$" in rest:
        return False
    for option in (r"(?:^|\s)(?:-w|--workers)[= ]?(\d+)", r"(?:^|\s)--threads[= ]?(\d+)"):
        given = re.search(option, rest)
        if given is not None and int(given[1]) > 1:
            return False
    return True


def configured(architecture: Architecture, command: StartCommand, words: str) -> bool:
    """A configuration file may say more: given by option, or `gunicorn.conf.py` in the folder."""
    if re.search(r"(?:^|\s)(-c|--config)[= ]", words):
        return True
    root = architecture.node(command.component).path
    wanted = f"{root}/gunicorn.conf.py".lstrip("/")
    return architecture.has(f"module:{wanted}") or wanted in architecture.paths_read


def problem(
    architecture: Architecture, command: StartCommand, what: str, severity: Severity
) -> Problem:
    name = architecture.node(command.component).name
    return Problem(
        subject=f"server of {name}",
        message=f"{name} {what}.",
        evidence=(Evidence(command.at, "the deployed command"),),
        data={"command": " ".join(ASSIGNED.sub(r"\1=***", word) for word in command.words)[:200]},
        severity=severity,
    )
