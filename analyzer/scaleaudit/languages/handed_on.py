"""What a call hands to a function of the repository, and what such a function gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven
from scaleaudit.languages.telling import may_be_address, telling
from scaleaudit.values import Literal, Name, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value


def handed(
    reader: Reader, call: Node, name: str, named: Iterable[tuple[str, Node]], *, every: bool
) -> Iterator[ArgumentsGiven]:
    """The arguments that are known, where one of them may be an address.

    `named`: by place or keyword; `every`: any text counts, for the function asks for it.
    """
    values: list[tuple[str, Value]] = [(key, reader.value(each)) for key, each in named]
    known = tuple((key, value) for key, value in values if not isinstance(value, Unknown))
    if any(
        may_be_address(value) or (every and isinstance(value, Literal | Name)) for _, value in known
    ):
        yield ArgumentsGiven(reader.span(call), name, known)


def result_of(called: str) -> Name | None:
    """The text that a call returns, where the function's name says that it is an address."""
    return Name(f"{called}()") if called and telling(called.rpartition(".")[2]) else None
