"""Files of the audited repository, and places in them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

OUTSIDE = "config-repo:"  # how paths of configuration repositories begin, which stand elsewhere


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """Lines and columns inside a file that is known from the context; all are 1-based."""

    line: int
    column: int = 1
    end_line: int = 0  # 0: the same line

    def in_file(self, path: str) -> Location:
        return Location(path, self.line, self.column, self.end_line or self.line)


class Location(msgspec.Struct, frozen=True, gc=False, order=True):
    """A place in a file; the path is POSIX and relative to the scanned root, the rest 1-based."""

    path: str
    line: int
    column: int = 1
    end_line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Role(StrEnum):
    """What a file is for; only `SOURCE` and `MIGRATION` files are read for facts by default."""

    SOURCE = "source"
    TEST = "test"
    MIGRATION = "migration"
    EXAMPLE = "example"


class SourceFile(msgspec.Struct, frozen=True):
    """A file that an extractor reads.

    `digest` identifies the content (git's blob id, hex); empty until the content was read.
    `content` is there when the caller has it already; the pipeline reads it otherwise.
    """

    path: str
    kind: str
    role: Role = Role.SOURCE
    digest: str = ""
    content: bytes | None = None


class Skipped(msgspec.Struct, frozen=True, order=True):
    """A file that was not read or not understood: reported, never passed over in silence."""

    path: str
    reason: str
