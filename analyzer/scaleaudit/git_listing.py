"""git's list of a work tree's files, without letting the work tree's own configuration run anything.

A hostile repository may name programs in its `.git/config` (file system monitors, filters,
hooks), or a remote of which missing objects are fetched by a command of its choice. Only plumbing
that runs none of them is used, with the monitor and all fetching switched off.
"""

from __future__ import annotations

import os
import time

TIMEOUT = 30  # seconds; listing 200,000 files takes two
SAFE = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "core.quotePath=false",
)  # fmt: skip
QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # A partial clone fetches what it lacks, an ignore file for instance, by any command that its
    # remote names. The first is for git from 2.44 on, the second for all.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
# First the untracked, not ignored files (`? PATH\0`), then the index with sizes and times.
LIST = ("ls-files", "-t", "--others", "--exclude-standard", "--stage", "--debug", "-z")


def git_listing(root: str) -> bytes | None:
    """What git says; None outside git, and where it does not answer in time.

    (It waits for an ignore file that is a pipe.)
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", *SAFE, "-C", root, *LIST]
    try:
        # `subprocess` does the same, but importing it costs what git does.
        done = _spawned if hasattr(os, "posix_spawnp") else _run
        return done(command, environment | QUIET)
    except (OSError, ValueError):
        return None


def _spawned(command: list[str], environment: dict[str, str]) -> bytes | None:
    import select

    until = time.monotonic() + TIMEOUT
    null = os.open(os.devnull, os.O_RDWR)
    end, start = os.pipe()
    try:
        streams = [(os.POSIX_SPAWN_DUP2, file, n) for n, file in enumerate((null, start, null))]
        child = os.posix_spawnp(command[0], command, environment, file_actions=streams)
    except BaseException:
        os.close(end)
        raise
    finally:
        os.close(null)
        os.close(start)
    pieces: list[bytes] = []
    ended = False
    try:
        waiting = select.poll()
        waiting.register(end, select.POLLIN)
        while not ended and waiting.poll(max(0, until - time.monotonic()) * 1000):
            pieces.append(os.read(end, 1 << 20))
            ended = not pieces[-1]
    finally:
        os.close(end)
        if not ended:
            os.kill(child, 9)
        _, status = os.waitpid(child, 0)
    return b"".join(pieces) if ended and status == 0 else None


def _run(command: list[str], environment: dict[str, str]) -> bytes | None:
    import subprocess

    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
