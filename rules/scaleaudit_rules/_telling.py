"""How findings are put: many of one cause as one, with the first few by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.api import Problem

# Pages that somebody sees once, when the product is set up.
SETS_UP = regex(
    r"(?i)(?:^|/)(?:install(?:er|ation)?|setup)(?:bundle)?/|(?:Setup|Install(?:er)?)Controller\."
)
# From how many on, findings of one cause are told as one.
MANY = 4
# From how many on where one decision mends all of them.
SEVERAL = 2
MAX_EVIDENCE = 20  # places of one finding
NAMED = 3  # of them, in the message


# A column in functions, with the brackets that statements have around expressions.
EXPRESSION = regex(r"\(((?:\w+\()+[\w.]+\)+)\)")


def listed(words: tuple[str, ...]) -> str:
    words = tuple(map(said, words))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def said(column: str) -> str:
    """An expression in a sentence needs no brackets around it, as an index does: `trim(code)`."""
    bare = EXPRESSION.fullmatch(column)
    return bare[1] if bare is not None else column


def named(subjects: list[str]) -> str:
    """The first few by name, the others as a number: what one finding about many is about."""
    rest = len(subjects) - NAMED
    if rest < 2:
        return listed(tuple(subjects))
    return f"{', '.join(subjects[:NAMED])} and {rest} more"


def named_columns(subjects: list[str]) -> str:
    """The same for `table.column`; several columns of one table stand in brackets after it."""
    parted = [each.partition(".") for each in subjects]
    return named(
        [
            f"{table} ({', '.join(map(said, columns.split(',')))})"
            if "," in columns
            else f"{table}.{said(columns)}"
            for table, _, columns in parted
        ]
    )


def called(application: str) -> str:
    """An application in a sentence; one that is the whole repository has no name of its own."""
    return application if application not in ("", ".") else "the application"


def all_statements(problems: Iterable[Problem]) -> tuple[str, ...]:
    """What several problems ask for, each line once."""
    return tuple(dict.fromkeys(line for each in problems for line in each.statements))
