"""Of several things of one name, the one that stands nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class Placed(Protocol):
    @property
    def path(self) -> str: ...


T = TypeVar("T", bound=Placed)


def nearest(path: str, several: Sequence[T]) -> T | None:
    """The only one that shares the longest way with `path`; None when two share as much."""
    ranked = sorted(several, key=lambda each: -shared(path, each.path))
    if len(ranked) > 1 and shared(path, ranked[0].path) == shared(path, ranked[1].path):
        return None
    return ranked[0] if ranked else None


def shared(one: str, other: str) -> int:
    """How many folders two paths have in common from the root."""
    count = 0
    for here, there in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if here != there:
            break
        count += 1
    return count
