"""One run for each way through what may be one of several: callers, table entries, branches."""

from __future__ import annotations

MAX_WAYS = 64  # of one value


class Choices:
    """Counts through all combinations of choices that a computation meets on its way.

    The computation is run again and again; `choose` tells it which turn to take this time. What
    is met depends on the turns before it alone, so that counting the last turn up, and dropping it
    when it is used up, visits every way once.
    """

    def __init__(self) -> None:
        self._turns: list[tuple[int, int]] = []  # (taken, how many there are)
        self._met = 0
        self._runs = 0

    def begin(self) -> None:
        self._turns, self._met, self._runs = [], 0, 0

    def choose(self, among: int) -> int:
        """Which of so many to take in this run."""
        if among < 2:
            return 0
        if self._met == len(self._turns):
            self._turns.append((0, among))
        self._met += 1
        return self._turns[self._met - 1][0]

    def another(self) -> bool:
        """Whether a way is left to be taken; makes ready for it."""
        self._met = 0
        self._runs += 1
        while self._turns and self._turns[-1][0] + 1 >= self._turns[-1][1]:
            self._turns.pop()
        if not self._turns or self._runs >= MAX_WAYS:
            return False
        taken, among = self._turns[-1]
        self._turns[-1] = (taken + 1, among)
        return True
