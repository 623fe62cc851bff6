"""What tells that a file is still the one that was there: a mark without reading it, or a digest."""

from __future__ import annotations

import hashlib
import os
import stat

UNSURE = "?"
MAX_FILE_BYTES = 16 << 20  # a parsed file needs many times its size in memory
LIMIT = 1 << 20  # where the settings say nothing
# Dumps of databases: most of one is rows, which are stepped over without being parsed.
DUMPS = frozenset({"sql"})
# Neither following a link nor waiting for the other end of a pipe. Windows has its own flags.
READ_ONLY = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    READ_ONLY |= getattr(os, _flag, 0)


def most_bytes(kind: str, limit: int) -> int:
    """How large a file of a kind may be; a limit below the usual one holds for all of them."""
    return MAX_FILE_BYTES if kind in DUMPS and limit >= LIMIT else limit


def mark_of(info: os.stat_result) -> str:
    """Kind and rights, size and time of the last change."""
    return f"{info.st_mode:o} {info.st_size} {info.st_mtime_ns}"


def mark(path: str) -> str:
    """The mark of what stands there now, a link being a link; why there is none."""
    try:
        return mark_of(os.lstat(path))
    except OSError as error:
        return no_mark(error)
    except ValueError:
        return "no path"


def no_mark(error: OSError) -> str:
    return f"error {error.errno}"


def digest_of(content: bytes) -> str:
    """git's blob id, so that a file has one name whether git or we hashed it."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def digest_at(path: str) -> str:
    """The digest of a regular file's content; empty where nothing is there, else `UNSURE`."""
    if not os.path.lexists(path):
        return ""
    try:
        content = content_at(path, MAX_FILE_BYTES)
    except OSError:
        return UNSURE
    return digest_of(content) if content is not None else UNSURE


def content_at(path: str, most: int) -> bytes | None:
    """The content of a regular file; None for a link, a pipe and the like, and for more bytes.

    Raises `OSError`.
    """
    descriptor = os.open(path, READ_ONLY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(descriptor)
    return content if len(content) <= most else None
