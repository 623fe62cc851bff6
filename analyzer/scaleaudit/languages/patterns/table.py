"""All patterns of a language, by the callees that they name."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns.arguments import Condition
    from scaleaudit.languages.reader import Reader
from scaleaudit.languages.patterns.arguments import BRACES


class Pattern(Protocol):
    """What all kinds of patterns are to the engine; a language may add kinds of its own."""

    @property
    def callees(self) -> tuple[str, ...]: ...

    @property
    def annotation(self) -> bool: ...

    @property
    def when(self) -> Condition | None: ...

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]: ...


class PatternTable:
    """Patterns by callee; knows all last parts of callees, which the tree query filters by."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._exact: dict[str, list[Pattern]] = {}
        self._any_receiver: dict[str, list[Pattern]] = {}
        self.call_names: set[str] = set()
        self.annotation_names: set[str] = set()
        self.binding_names: set[str] = set()
        for pattern in patterns:
            for callee in (each for written in pattern.callees for each in expand(written)):
                name = callee.rpartition(".")[2]
                (self.annotation_names if pattern.annotation else self.call_names).add(name)
                # Three: in `openai.OpenAI.chat.completions.create` it is OpenAI that is made.
                self.binding_names.update(callee.split(".")[-4:-1])
                if callee.startswith("*."):
                    known = self._any_receiver.setdefault(name, [])
                    if pattern not in known:
                        known.append(pattern)
                else:
                    self._exact.setdefault(callee, []).append(pattern)

    def knows(self, callee: str) -> bool:
        """Whether some pattern names this qualified callee; cheaper than reading arguments."""
        return callee in self._exact or callee.rpartition(".")[2] in self._any_receiver

    def matching(self, site: CallSite) -> Iterator[Pattern]:
        found = self._exact.get(site.callee) or self._any_receiver.get(site.name, [])
        for pattern in found:
            if pattern.annotation == site.annotation:
                yield pattern


def expand(callee: str) -> list[str]:
    """`a.{b,c}.d` to `a.b.d` and `a.c.d`."""
    pieces = BRACES.split(callee)
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return ["".join(chosen) for chosen in product(*choices)]
