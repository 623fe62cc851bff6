"""What git says of a work tree, without letting the work tree's own configuration run anything.

A hostile repository may name programs in its `.git/config` (file system monitors, filters,
hooks), or a remote of which missing objects are fetched by a command of its choice. Only plumbing
that runs none of them is used, with the monitor and all fetching switched off; whether a tracked
file still has its recorded content is told by size and time, never by git's filters.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from pathlib import Path

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
SUBMODULE = b"160000"
# `MODE BLOB STAGE\tPATH\0`, then lines with the times and the size that the index recorded.
ENTRY = regex(
    rb"(\d{6}) ([0-9a-f]{40,64}) \d\t([^\0]+)\0  ctime: [^\n]*\n  mtime: (\d+):(\d+)\n"
    rb"  dev: [^\n]*\n  uid: [^\n]*\n  size: (\d+)\t"
)


class Listed(NamedTuple):
    """A file as git knows it; without a blob id it is untracked.

    The blob id stands for the content only while size and modification time are the recorded ones.
    """

    path: str
    blob: str = ""
    modified_ns: int = 0
    size: int = -1


def tracked_files(root: Path) -> list[Listed] | None:
    """All tracked files and the untracked, not ignored ones, by path.

    None outside git, and where git does not answer (it waits for an ignore file that is a pipe).
    Paths are relative to `root`, which may be any folder of the work tree.
    """
    recorded = _git(root, "ls-files", "--stage", "--debug", "-z")
    if recorded is None:
        return None
    found = {
        path: Listed(path, blob.decode(), int(seconds) * 10**9 + int(rest), int(size))
        for mode, blob, name, seconds, rest, size in ENTRY.findall(recorded)
        if mode != SUBMODULE and (path := os.fsdecode(name))
    }
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if untracked is None:
        return None
    for name in untracked.split(b"\0"):
        if name:
            path = os.fsdecode(name)
            found.setdefault(path, Listed(path))
    return [found[path] for path in sorted(found)]


def _git(root: Path, *arguments: str) -> bytes | None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= QUIET
    try:
        done = subprocess.run(
            ["git", *SAFE, "-C", os.fspath(root), *arguments],
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
