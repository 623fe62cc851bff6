"""A limit on the CPU time that one step may take, where the system can interrupt it."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

AGAIN = 0.5  # seconds: what swallows the first interruption meets the next


class TooLong(Exception):
    """The time is up."""


_watched: set[int] = set()  # the thread that can be interrupted, once it is known to be


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raises `TooLong` inside once `seconds` of the process's own CPU time are gone.

    There is no limit on Windows, and outside of the main thread of a process: neither can be
    interrupted by a timer.
    """
    if not _can_interrupt():
        yield
        return
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _can_interrupt() -> bool:
    """What a timer calls is set once a process: to do so for each file costs more than the timer."""
    if get_ident() in _watched:
        return True
    try:
        signal.signal(signal.SIGVTALRM, _too_long)
    except (AttributeError, ValueError):
        return False
    _watched.add(get_ident())
    return True


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong
