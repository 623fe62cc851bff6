"""What the names of files alone tell: who reads them, what they are for, why they are left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.file_roles import role_of, skipped_name
from scaleaudit.ignore_patterns import compiled
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.unread_languages import unread_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from scaleaudit.config import Config

DEMONSTRATES = regex(r"[\w.-]+[-_.]demos?/")


class Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`kind`: of the extractor that reads it, empty for none; `reason`: why it is not read."""

    kind: str
    role: Role
    reason: str


def told_by_names(
    paths: Sequence[str], config: Config, kind_of: Callable[[str], str | None]
) -> list[Told]:
    """Of each path; a file that no extractor reads has a reason where people may miss it."""
    shown = _demonstrations(paths)
    wanted, unwanted = _patterns(config.include), _patterns(config.exclude)
    found = []
    for path in paths:
        kind = kind_of(path)
        if kind is None:
            found.append(Told("", Role.SOURCE, _unread(path, shown)))
            continue
        role, reason = role_of(path)
        reason = reason or skipped_name(path)
        if wanted is not None and not wanted(path):
            reason = "not included by the configuration"
        elif unwanted is not None and unwanted(path):
            reason = "excluded by the configuration"
        elif not reason and role is Role.TEST and not config.include_tests:
            reason = "test"
        elif not reason and (role is Role.EXAMPLE or path.partition("/")[0] in shown):
            reason = "example or documentation"
        found.append(Told(kind, role, reason))
    return found


def _unread(path: str, shown: Collection[str]) -> str:
    """Why nobody reads a source of the product."""
    reason = unread_reason(path)
    if not reason or path.partition("/")[0] in shown or skipped_name(path):
        return ""
    return reason if role_of(path) == (Role.SOURCE, "") else ""


def _demonstrations(paths: Sequence[str]) -> set[str]:
    """Folders `shop-demo` at the root, where they are the smaller part: else they are all there is."""
    inside = Counter(path.partition("/")[0] for path in paths if DEMONSTRATES.match(path))
    return set(inside) if sum(inside.values()) * 2 < len(paths) else set()


def _patterns(patterns: tuple[str, ...]) -> Callable[[str], bool] | None:
    if not patterns:
        return None
    return compiled(patterns).match_file
