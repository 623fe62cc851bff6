"""Django's spelling of attributes and comparisons: `customer__created_at__date__gte`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

# Source: "Field lookups" in Django's reference of query sets, those of contrib.postgres as well.
OPERATORS: Mapping[str, str] = {
    "exact": "=",
    "iexact": "=",
    "contains": "contains",
    "icontains": "contains",
    "startswith": "like",
    "istartswith": "like",
    "endswith": "contains",
    "iendswith": "contains",
    "regex": "search",
    "iregex": "search",
    "search": "search",
    "in": "in",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "range": "between",
    "isnull": "is-null",
    "contained_by": "search",
    "overlap": "search",
    "has_key": "search",
    "has_keys": "search",
    "has_any_keys": "search",
    "trigram_similar": "search",
    "trigram_word_similar": "search",
    "trigram_strict_word_similar": "search",
    "fully_lt": "search",
    "fully_gt": "search",
    "adjacent_to": "search",
    "ilike": "search",
    "like": "search",
}
# They compare `UPPER(column)`.
ANY_CASE = frozenset({"iexact", "istartswith"})
# Of these the parts of a date are cut off by a function.
TRANSFORMS = frozenset(
    """
    date time month day week week_day iso_week_day quarter hour minute second
    unaccent lower upper length trim abs ceil floor md5 sha1 sha256 len
    """.split()  # noqa: SIM905 - a table to be read
)
# What these give is one of a few dozen values.
COARSE = frozenset(
    {"month", "day", "week", "week_day", "iso_week_day", "quarter", "hour", "minute", "second"}
)
# Compared for equality or size they become a range of the column itself.
YEARS = frozenset({"year", "iso_year"})
RANGED = frozenset({"exact", "gt", "gte", "lt", "lte", ""})
OPPOSITE: Mapping[str, str] = {
    "=": "!=",
    "!=": "=",
    "in": "not-in",
    "not-in": "in",
    "is-null": "is-not-null",
    "is-not-null": "is-null",
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
}
MAX_PARTS = 9


class Lookup(Record, frozen=True):
    path: str  # dotted
    operator: str
    function: str = ""


def lookup(written: str, default: str = "exact") -> Lookup | None:
    """`a__b__gte` as an attribute and how it is compared; None for what is no lookup."""
    parts = written.split("__")
    if len(parts) > MAX_PARTS or not all(part.isidentifier() for part in parts):
        return None
    name = default
    if len(parts) > 1 and parts[-1] in OPERATORS:
        name = parts.pop()
    operator = OPERATORS.get(name, "=")
    function = "any-case:upper" if name in ANY_CASE else ""
    while len(parts) > 1 and (parts[-1] in TRANSFORMS or parts[-1] in YEARS):
        transform = parts.pop()
        if transform in YEARS and name in RANGED:
            operator = "between" if operator == "=" else operator
        else:
            function = "year" if transform in YEARS else transform
    return Lookup(".".join(parts), operator, function)


def sort_path(written: str) -> str:
    """`-customer__name` without its direction; empty for an order by chance."""
    path = written.lstrip("-+")
    if not all(part.isidentifier() for part in path.split("__")):
        return ""
    return path.replace("__", ".")
