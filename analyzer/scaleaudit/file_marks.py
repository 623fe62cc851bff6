"""What tells, without reading a file, that it is still the one that was there."""

from __future__ import annotations

import hashlib
import os

UNSURE = "?"


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
    if os.path.islink(path) or not os.path.isfile(path):  # noqa: PTH113, PTH114 - no pathlib here
        return UNSURE
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return digest_of(file.read())
    except OSError:
        return UNSURE
