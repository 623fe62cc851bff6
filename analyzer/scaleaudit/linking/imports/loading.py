"""What a program loads: its first files, and all that these lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def loaded(starts: Iterable[str], imports: Mapping[str, list[str]]) -> set[str]:
    found = set(starts)
    border = list(found)
    while border:
        more = [each for each in imports.get(border.pop(), ()) if each not in found]
        found.update(more)
        border.extend(more)
    return found
