"""Knex's methods by what they do to a query."""

from __future__ import annotations

from scaleaudit.regex import regex

# `where`, `orWhereNotIn`, `andWhereRaw`; `having` filters groups, which no index serves.
WHERE = regex(
    r"(?P<joiner>and|or)?_?[wW]here(?P<negated>Not)?"
    r"(?P<kind>In|Null|Between|Like|ILike|Raw|Exists|Column|Json\w*)?"
)
JOIN = regex(r"(?:join|(?:inner|left|leftOuter|right|rightOuter|fullOuter|outer)Join)")
ON = regex(r"(?P<joiner>and|or)?_?[oO]n(?P<negated>Not)?(?P<kind>In|Null|Val|Between)?")
TABLE = frozenset({"from", "into", "table"})
# By which a chain on the handle itself begins.
FIRST = frozenset(
    ["select", "with", "from", "into", "queryBuilder", "table", "distinct", "count", "column",
     "columns", "insert", "first", "max", "min", "sum", "pluck", "withSchema", "withRecursive",
     "del", "delete", "update"]
)  # fmt: skip
LIMITING = frozenset({"first", "limit", "pluckFirst"})
COUNTING = frozenset(
    {"count", "countDistinct", "min", "max", "sum", "avg", "sumDistinct", "avgDistinct"}
)
GROUPING = frozenset({"groupBy", "groupByRaw", "distinct", "distinctOn"})
CHANGING = frozenset({"update", "increment", "decrement", "del", "delete", "truncate"})
INSERTING = frozenset({"insert", "upsert", "batchInsert"})
STREAMING = frozenset({"stream", "asStream"})
# What a builder alone has; without one of them a call with a text is anybody's.
CERTAIN = regex(
    r"(?:and|or)?_?[wW]here\w*|\w*[jJ]oin|select|insert|update|del|delete|first|orderBy|count\w*|pluck"
    r"|returning|groupBy|limit|columns?|from|max|min|sum|distinct|as|transacting|truncate|increment"
    r"|decrement|onConflict|upsert|clone|avg|modify|stream|offset|forUpdate|union\w*|with\w*|clearSelect"
)
OPAQUE = frozenset({"modify", "onBuild", "onBuildKnex", "union", "unionAll", "intersect", "except"})
OPERATORS = {
    "=": "=", "==": "=", "is": "=", "!=": "!=", "<>": "!=", "is not": "!=", "<": "<", "<=": "<=",
    ">": ">", ">=": ">=", "in": "in", "not in": "not-in", "like": "like", "ilike": "search",
    "not like": "search", "not ilike": "search", "~": "search", "~*": "search", "between": "between",
    "@>": "search", "<@": "search", "?": "search", "&&": "search", "similar to": "search",
}  # fmt: skip
NEGATED = {
    "=": "!=", "!=": "=", "in": "not-in", "not-in": "in", "is-null": "is-not-null",
    "is-not-null": "is-null", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "between": "!=",
    "like": "search",
}  # fmt: skip
