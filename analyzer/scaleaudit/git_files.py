"""The files of a git work tree: what git tracks, and what is there besides.

Whether a tracked file still has its recorded content is told by size and time, never by git's
filters, which may be programs that the work tree names.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from scaleaudit.regex import regex

SUBMODULE = b"160000"
UNTRACKED = b"? "
# `TAG MODE BLOB STAGE\tPATH\0`, then lines with the times and the size that the index recorded.
ENTRY = regex(
    rb"\w (\d{6}) ([0-9a-f]{40,64}) \d\t([^\0]+)\0  ctime: [^\n]*\n  mtime: (\d+):(\d+)\n"
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


def files_of(listing: bytes) -> list[Listed]:
    """All tracked files and the untracked, not ignored ones, by path, relative to the listed folder.

    `listing`: what `git_listing` gives. Untracked ones come first in it.
    """
    untracked = []
    start = 0
    while listing.startswith(UNTRACKED, start):
        end = listing.index(b"\0", start)
        untracked.append(os.fsdecode(listing[start + len(UNTRACKED) : end]))
        start = end + 1
    found = {
        path: Listed(path, blob.decode(), int(seconds) * 10**9 + int(rest), int(size))
        for mode, blob, name, seconds, rest, size in ENTRY.findall(listing, start)
        if mode != SUBMODULE and (path := os.fsdecode(name))
    }
    for path in untracked:
        found.setdefault(path, Listed(path))
    return [found[path] for path in sorted(found)]
