"""The door that all readers of settings files share: bytes in, facts out, nothing raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scaleaudit.facts import Fact

MAX_FACTS = 20_000  # of one file; a file with more is generated or hostile


class NotUnderstoodError(Exception):
    """The rest of a file cannot be read; the message says why, what came before it stays."""


def facts_in(content: bytes, read: Callable[[str], Iterable[Fact]]) -> FileFacts:
    """What `read` yields from the text of a file, with the file's lines and problem."""
    facts: list[Fact] = []
    problem = ""
    try:
        for fact in read(text_of(content)):
            facts.append(fact)
            if len(facts) >= MAX_FACTS:
                problem = f"more than {MAX_FACTS} facts in one file"
                break
    except NotUnderstoodError as error:
        problem = str(error)
    except RecursionError:
        problem = "nested too deeply"
    return FileFacts(tuple(facts), problem=problem, lines=lines_in(content))


def lines_in(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))


def text_lines(text: str) -> list[str]:
    """The lines as editors and parsers count them: a form feed or U+2028 ends none."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def text_of(content: bytes) -> str:
    """The text; bytes that are no UTF-8 (or UTF-16 with a mark) become U+FFFD."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")
