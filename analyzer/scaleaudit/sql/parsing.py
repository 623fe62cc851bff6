"""The one place that runs sqlglot: dialects in order, bounds first, silence always."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.sql.placeholders import HOLE

if TYPE_CHECKING:
    from sqlglot import exp

MAX_CHARACTERS = 20_000  # of one statement; the longest by hand seen in real repositories is 9,000
MAX_NESTING = 25  # the parser recurses some twenty frames for each level, of Python's 1,000
MAX_OPERATORS = 600  # each makes the tree one deeper

_OPERATORS = regex(
    r"\b(?:and|or|not|union|case|join|intersect|except)\b|\|\||[-+*/]", re.IGNORECASE
)
_MODIFIERS = regex(
    r"(?<=insert)\s+(?:low_priority|high_priority|delayed)\b|(?<=update)\s+low_priority\b"
    r"|(?<=[\w\"`])\s(?:not\s+indexed|indexed\s+by\s+\w+)\b",
    re.IGNORECASE,
)
_QUOTED = regex(r"'(?:[^'\\]|''|\\.)*'")
_LAST_WORD = regex(r"\b(?:and|or|where)$", re.IGNORECASE)
_OF_SQLITE = regex(
    r"\b(?:strftime|julianday|unixepoch)\s*\(|['\"](?:unixepoch|localtime)['\"]", re.IGNORECASE
)
# What stands where a table is expected is no loose end: without it its alias would be the table.
_LOOSE_HOLE = regex(
    rf"(?<=[\w)'\"])(?<!\bfrom)(?<!\bjoin)(?<!\binto)(?<!\bupdate) +{HOLE}\b(?!\s*[.=<>(,])",
    re.IGNORECASE,
)


def within_bounds(text: str) -> bool:
    """Small and shallow enough for a recursive parser."""
    if len(text) > MAX_CHARACTERS:
        return False
    bare = _QUOTED.sub("''", text)
    depth = deepest = 0
    for char in bare:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth -= 1
    return deepest <= MAX_NESTING and len(_OPERATORS.findall(bare)) <= MAX_OPERATORS


def parse(text: str, dialect: str = "", *, holes: bool = False) -> tuple[exp.Expr, bool] | None:
    """The tree, and whether parts of the text had to be left out; None when it does not parse."""
    if not within_bounds(text):
        return None
    text = _MODIFIERS.sub(" ", text)
    if text.lstrip().startswith("("):
        text = f"SELECT {text}"  # a scalar, part of a statement that was put together elsewhere
    tree = _parse_in(text, _dialects(text, dialect))
    if tree is not None:
        return tree, False
    if not holes:
        return None
    cut = _without_trailing_holes(text)
    for shorter in (cut, _LOOSE_HOLE.sub("", cut)):
        if shorter != text:
            tree = _parse_in(shorter, _dialects(shorter, dialect))
            if tree is not None:
                return tree, True
    return None


def _without_trailing_holes(text: str) -> str:
    """The text up to the last thing that is no hole: `WHERE a = 1 AND (zzhole) zzhole`."""
    rest = text.rstrip("; \t\r\n")
    while True:
        bare = rest.removesuffix(")").rstrip()
        if not bare.endswith(HOLE):
            return rest
        closed = bare != rest
        rest = bare.removesuffix(HOLE).rstrip()
        if closed:
            if not rest.endswith("("):
                return text  # a hole that ends a function or a list
            rest = rest[:-1].rstrip()
        word = _LAST_WORD.search(rest, max(0, len(rest) - 5))
        rest = rest[: word.start()].rstrip() if word else rest


def _dialects(text: str, given: str) -> list[str]:
    """The order in which dialects are tried; marks in the text save failed attempts."""
    order = [given] if given else []
    if _OF_SQLITE.search(text):
        order += ["sqlite"]
    elif "`" in text:
        order += ["mysql", "sqlite"]
    elif re.search(r"\bselect\s+top\b|\[\w+\]\.|\bwith\s*\(nolock\)", text, re.IGNORECASE):
        order += ["tsql"]
    return list(dict.fromkeys([*order, "postgres", "mysql", ""]))[:4]


def _parse_in(text: str, dialects: list[str]) -> exp.Expr | None:
    import logging

    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ErrorLevel, SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    for dialect in dialects:
        try:
            trees = sqlglot.parse(text, dialect=dialect or None, error_level=ErrorLevel.IMMEDIATE)
        except (
            SqlglotError,
            RecursionError,
            ValueError,
            KeyError,
            IndexError,
            AttributeError,
            TypeError,
        ) as error:
            _let_go(error)
            continue  # a bug of the parser on junk is the same as not parsing
        tree = next((each for each in trees if each is not None), None)
        if tree is not None and not isinstance(tree, exp.Command):
            return tree
    return None


def _let_go(error: BaseException | None) -> None:
    """The parser keeps its errors, and they every frame up to here, with the tree of the file."""
    for _ in range(MAX_NESTING):
        if error is None:
            return
        error.__traceback__ = None
        error = error.__context__
