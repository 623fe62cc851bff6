"""Patterns written as in `.gitignore`, without those that are malformed or take for ever to match.

A pattern becomes a regular expression, and each further `*` in one part of a path multiplies the
time of a mismatch by the length of that part. Ten of them in a hostile repository are a hang.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathspec import GitIgnoreSpec

MAX_STARS = 3  # in one part of a path; a mismatch then costs at most a few milliseconds
MAX_DEPTHS = 4  # `**` in one pattern
MAX_PATTERNS = 5_000  # of one file; the largest in use have some hundreds
MAX_LENGTH = 1_000  # characters of one pattern


def costly(pattern: str) -> bool:
    """Whether matching could take longer than anybody waits."""
    parts = re.split("/+", pattern)
    if sum("**" in part for part in parts) > MAX_DEPTHS or len(pattern) > MAX_LENGTH:
        return True
    return any(len(re.findall(r"\*+", part)) > MAX_STARS for part in parts)


def fault(patterns: Sequence[str]) -> str:
    """What is wrong with a list that a user wrote; empty when nothing is."""
    if len(patterns) > MAX_PATTERNS:
        return f"more than {MAX_PATTERNS} patterns"
    for pattern in patterns:
        if costly(pattern):
            return f"too many wildcards in {pattern[:40]!r}"
        if malformed(pattern):
            return f"no pattern as in .gitignore: {pattern[:40]!r}"
    return ""


def malformed(pattern: str) -> bool:
    """Whether nothing can be matched by it: `[z-a]`, a backslash at the end."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return True
    return False


def compiled(patterns: Iterable[str]) -> GitIgnoreSpec:
    """A matcher of the patterns that are neither costly nor malformed."""
    from pathspec import GitIgnoreSpec

    kept = [pattern for pattern in patterns if not costly(pattern)][:MAX_PATTERNS]
    try:
        return GitIgnoreSpec.from_lines(kept)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines([each for each in kept if not malformed(each)])
