"""Queries that Spring Data and Micronaut Data make of the name of a method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAME = 400
NAME = regex(
    r"(?P<verb>find|read|get|query|search|stream|list|retrieve|count|exists|delete|remove)"
    r"(?P<subject>(?:(?!By[A-Z])\w)*)By(?P<rest>[A-Z_]\w*)?$"
)
LIMITED = regex(r"(?:First|Top)\d*")
OR = regex(r"Or(?=[A-Z])")
AND = regex(r"And(?=[A-Z])")
ORDER = regex(r"OrderBy(?=[A-Z])")
DIRECTION = regex(r"(.+?)(?:Asc|Desc)(?=[A-Z]|$)")
IGNORED_CASE = regex(r"Ignor(?:e|ing)Case(?=$|[A-Z])")  # also before `In`
ALL_IGNORED_CASE = regex(r"All(?:Ignor(?:e|ing)Case)$")
# Ends of a property's part of the name, as the documentation of Spring Data lists them; the first
# that fits counts, so longer ones come first.
OPERATORS: tuple[tuple[str, str, bool], ...] = (
    # ending, operator, compared with a constant
    ("IsNotNull", "is-not-null", False),
    ("NotNull", "is-not-null", False),
    ("IsNull", "is-null", False),
    ("IsBetween", "between", False),
    ("Between", "between", False),
    ("IsLessThanEqual", "<=", False),
    ("LessThanEquals", "<=", False),
    ("LessThanEqual", "<=", False),
    ("IsLessThan", "<", False),
    ("LessThan", "<", False),
    ("IsGreaterThanEqual", ">=", False),
    ("GreaterThanEquals", ">=", False),
    ("GreaterThanEqual", ">=", False),
    ("IsGreaterThan", ">", False),
    ("GreaterThan", ">", False),
    ("IsBefore", "<", False),
    ("Before", "<", False),
    ("IsAfter", ">", False),
    ("After", ">", False),
    ("IsNotLike", "!=", False),
    ("NotLike", "!=", False),
    ("IsLike", "search", False),
    ("Like", "search", False),
    ("IsStartingWith", "like", False),
    ("StartingWith", "like", False),
    ("StartsWith", "like", False),
    ("IsEndingWith", "search", False),
    ("EndingWith", "search", False),
    ("EndsWith", "search", False),
    ("IsNotContaining", "!=", False),
    ("NotContaining", "!=", False),
    ("NotContains", "!=", False),
    ("IsContaining", "search", False),
    ("Containing", "search", False),
    ("Contains", "search", False),
    ("IsNotEmpty", "!=", False),
    ("NotEmpty", "!=", False),
    ("IsEmpty", "search", False),
    ("Empty", "search", False),
    ("IsNotIn", "not-in", False),
    ("NotIn", "not-in", False),
    ("IsIn", "in", False),
    ("In", "in", False),
    ("IsNear", "search", False),
    ("Near", "search", False),
    ("IsWithin", "search", False),
    ("Within", "search", False),
    ("MatchesRegex", "search", False),
    ("Matches", "search", False),
    ("Regex", "search", False),
    ("IsTrue", "is-true", True),
    ("True", "is-true", True),
    ("IsFalse", "is-true", True),
    ("False", "is-true", True),
    ("IsNot", "!=", False),
    ("NotEquals", "!=", False),
    ("Not", "!=", False),
    ("Equals", "=", False),
    ("IsEqual", "=", False),
    ("Is", "=", False),
    ("Null", "is-null", False),
)


class Derived(Record, frozen=True):
    verb: str
    conditions: tuple[Condition, ...]
    limited: bool
    grouped: bool


def derived(method: str) -> Derived | None:
    """What the name of a repository's method asks; None when it is no such name.

    A path of several attributes may be written as one (`CustomerEmail`): it is told as
    `customerEmail`, since only the model knows where one ends.
    """
    match = NAME.fullmatch(method) if len(method) <= MAX_NAME else None
    if match is None:
        return None
    rest, order = match["rest"] or "", ""
    found = ORDER.search(rest)
    if found is not None:
        rest, order = rest[: found.start()], rest[found.end() :]
    verb, subject = match["verb"], match["subject"]
    if not rest and not order:
        return None
    conditions = (*criteria(rest), *sorting(order))
    limited = verb == "exists" or LIMITED.search(subject) is not None
    return Derived(verb, conditions, limited, "Distinct" in subject)


def criteria(text: str) -> Iterator[Condition]:
    without = ALL_IGNORED_CASE.sub("", text)
    always = without != text
    sides = [side for side in OR.split(without) if side]
    for number, side in enumerate(sides, 1):
        several = len(sides) > 1
        for part in AND.split(side):
            bare = IGNORED_CASE.sub("", part)
            path, operator, constant = operator_of(bare)
            if path:
                yield Condition(
                    path,
                    operator,
                    function="upper" if always or bare != part else "",  # as Spring Data does
                    alternative=several,
                    group=int(several),
                    branch=number if several else 0,
                    constant=constant,
                )


def operator_of(part: str) -> tuple[str, str, bool]:
    for ending, operator, constant in OPERATORS:
        if part.endswith(ending) and len(part) > len(ending):
            return path_of(part[: -len(ending)]), operator, constant
    return path_of(part), "=", False


def sorting(text: str) -> Iterator[Condition]:
    at = 0
    while at < len(text):
        match = DIRECTION.match(text, at)
        name = match[1] if match is not None else text[at:]
        yield Condition(path_of(name), "sort", Clause.SORT)
        at = match.end() if match is not None else len(text)


def path_of(name: str) -> str:
    """`Customer_Email` is `customer.email`; `URL` stays, as Java's beans are named."""
    return ".".join(uncapitalized(part) for part in name.split("_") if part)


def uncapitalized(name: str) -> str:
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
