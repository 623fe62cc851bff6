"""The steps of one template while it is read."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts, TemplateRead, TemplateStep
from scaleaudit.languages.function_marks import CAMEL, SNAKE
from scaleaudit.languages.function_names import words_of
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_STEPS = 600  # of one template
MAX_DEPTH = 40  # loops inside each other


class Steps:
    """Gathers steps; what is read twice inside of one loop is told once."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.found: list[TemplateStep] = []
        self._lines = [0]
        at = content.find(b"\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = content.find(b"\n", at + 1)
        self._read: list[set[str]] = [set()]

    def at(self, offset: int) -> Span:
        line = bisect_right(self._lines, offset)
        return Span(line, offset - self._lines[line - 1] + 1)

    def add(
        self,
        kind: str,
        offset: int,
        name: str = "",
        path: str = "",
        given: tuple[tuple[str, str], ...] = (),
    ) -> None:
        if len(self.found) >= MAX_STEPS and kind != "end":
            return
        if kind == "read":
            if path in self._read[-1]:
                return
            self._read[-1].add(path)
        elif kind == "each":
            if len(self._read) > MAX_DEPTH:
                return
            self._read.append(set())
        elif kind == "end":
            if len(self._read) < 2:
                return
            self._read.pop()
        self.found.append(TemplateStep(kind, name, path, self.at(offset), given))

    def as_facts(self, engine: str) -> FileFacts:
        while len(self._read) > 1:
            self.add("end", len(self.content))
        facts = (TemplateRead(Span(1), engine, tuple(self.found)),) if self.found else ()
        names = words_of(self.content, CAMEL if engine == "blade" else SNAKE)
        return FileFacts(facts, "", "", len(self._lines), functions=names)


def read_template(content: bytes, engine: str, read: Callable[[Steps], None]) -> FileFacts:
    """The facts of one template; bytes that are no text of one say nothing."""
    steps = Steps(content)
    read(steps)
    return steps.as_facts(engine)
