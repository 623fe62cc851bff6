"""Folders of old migrations that still run: Flyway looks through all folders below its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.schemas.ordering import EARLY

if TYPE_CHECKING:
    from collections.abc import Iterable

_FLYWAY = regex(r"V(\d+(?:[._]\d+)*)__[^/]*\.sql")


def still_run(paths: Iterable[str]) -> set[str]:
    """Of `db/migration/archive/V1__begin.sql` and its like, those beside whose folder the later ones lie.

    Where an older version stands outside, or one of both, somebody has begun anew: a baseline is in
    their place.
    """
    versions: dict[str, dict[str, tuple[int, ...]]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        match = _FLYWAY.fullmatch(name)
        if match is not None:
            numbers = tuple(map(int, match[1].replace("_", ".").split(".")))
            versions.setdefault(folder, {})[path] = numbers
    found: set[str] = set()
    for folder, early in versions.items():
        above, _, name = folder.rpartition("/")
        later = versions.get(above)
        if name.lower() in EARLY and later and max(early.values()) < min(later.values()):
            found.update(early)
    return found
