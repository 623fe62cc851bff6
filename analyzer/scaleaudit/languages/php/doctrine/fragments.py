"""Pieces of DQL: `t.user = :user AND t.end IS NULL`, `t.begin DESC`."""

from __future__ import annotations

from scaleaudit.facts import Clause, Condition
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

# The forms that most conditions have, which cost no parser.
SIMPLE = regex(
    r"^\s*\(?\s*([A-Za-z_]\w*(?:\.[A-Za-z_][\w.]*)?|`\w+`)\s*"
    r"(=|!=|<>|<=|>=|<|>|(?i:not\s+in|in|not\s+like|like|is\s+not\s+null|is\s+null))\s*"
    r"(\(?\s*[:?]\w*\s*\)?|-?\d+(?:\.\d+)?|'[^']*'|true|false|TRUE|FALSE|)\s*\)?\s*$"
)
OPERATORS = {
    "=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in", "not in": "not-in",
    "like": "search", "not like": "search", "is null": "is-null", "is not null": "is-not-null",
}  # fmt: skip
RANGES = frozenset({"<", "<=", ">", ">="})
QUALIFIED = regex(r"(?<![\w.:'])([A-Za-z_]\w*)\.[A-Za-z_]\w*")
DEEP = regex(r"(?<![\w.:'])([A-Za-z_]\w*)\.([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
IDENTITY = regex(r"(?i)\bIDENTITY\(\s*([\w.]+)\s*(?:,\s*'[^']*'\s*)?\)")
MEMBER = regex(r"(?i)[:?]\w+\s+(?:NOT\s+)?MEMBER\s+OF\s+([\w.]+)")
# Which class of a shared table a row is of: the column that tells classes apart.
CLASS_OF = regex(
    r"(?i)\b(\w+(?:\.\w+)*)\s+(NOT\s+)?INSTANCE\s+OF\s+(?:\([^()]*\)|[:?]?[\w\\]+(?:\.\w+)*)"
)
ROW_CLASS = "instanceOf"  # stands for an attribute that such an entity has
# A column, or a whole condition, that is put in where the query is built.
PUT_IN = regex(
    r"(?i)\.:hole\b|:hole\.|^[\s(]*:hole\b|\b(?:and|or)\b[\s(]*:hole(?=\s*(?:$|\)|\b(?:and|or)\b))"
)
BETWEEN = regex(r"(?i)\bbetween\s+\S+\s+and\s+\S+")
SORTED = regex(r"^\s*([A-Za-z_]\w*\.[A-Za-z_][\w.]*)\s*(?i:asc|desc)?\s*$")
SORTED_BARE = regex(r"^\s*`?([A-Za-z_]\w*)`?\s*(?i:asc|desc)?\s*$")
# A name outside of texts that is no placeholder: a column of a query that has one table.
NAMES_BARE = regex(r"(?<![\w.:'])`?[A-Za-z_]\w*`?")
TEXTS = regex(r"'[^']*'")
WORDS = frozenset(
    {"and", "or", "not", "true", "false", "null", "is", "in", "exists", "between", "like"}
)
ONLY = "only__"  # stands for the one table, which nothing names
PAIRS = regex(r"(?<![\w.:'])([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
MAX_ALIASES = 12
MAX_TEXT = 6_000


def read(text: str, inner: frozenset[str] = frozenset()) -> list[Condition] | None:
    """Conditions with paths `alias.attribute`, or a column alone; None when the piece is not understood.

    `inner`: aliases of subqueries, which stand for the tables there.
    """
    if len(text) > MAX_TEXT:
        return None
    if ":hole" in text and PUT_IN.search(BETWEEN.sub("", text)) is not None:
        return None
    simple = SIMPLE.match(text)
    if simple is not None:
        operator = OPERATORS[" ".join(simple[2].lower().split())]
        value = simple[3]
        literal = value[:1].isdigit() or value[:1] == "'" or value.lower() in ("true", "false")
        if operator == "search" and value[:1] == "'" and value[1:2] not in ("%", "_", "'", ""):
            operator = "like"
        number = operator in RANGES and value[:1].isdigit()  # `amount > 0`, as `state = 'open'`
        same = (operator == "=" and literal) or number
        return [Condition(simple[1].strip("`"), operator, constant=same)]
    ready = IDENTITY.sub(r"\1", text)
    if "nstance" in ready or "NSTANCE" in ready:
        ready = CLASS_OF.sub(
            lambda match: f"{match[1]}.{ROW_CLASS} {'!=' if match[2] else '='} :class", ready
        )
    ready = MEMBER.sub(lambda match: f"{match[1]} = :member", ready)
    ready = DEEP.sub(r"\1.\2__\3", ready)  # attributes of embedded objects
    return parsed(ready, "WHERE", Clause.FILTER, inner)


def sorts(text: str) -> list[Condition]:
    """`t.begin DESC, t.id`; what is computed is no attribute."""
    found = []
    for part in text.split(","):
        match = SORTED.match(part) or SORTED_BARE.match(part)
        if match is not None:
            found.append(Condition(match[1], "sort", Clause.SORT))
    return found


def parsed(
    text: str, word: str, clause: Clause, inner: frozenset[str] = frozenset()
) -> list[Condition] | None:
    within = {each.lower() for each in inner}
    aliases = list(dict.fromkeys(match.lower() for match in QUALIFIED.findall(text)))
    aliases = [each for each in aliases if each not in within]
    if len(aliases) > MAX_ALIASES:
        return None
    if not aliases:
        if all(
            name.strip("`").lower() in WORDS for name in NAMES_BARE.findall(TEXTS.sub("", text))
        ):
            return []
        aliases = [ONLY]
    spelled = {f"{a}.{b}".lower(): f"{a}.{b}" for a, b in PAIRS.findall(text)}
    query = read_query(f"SELECT * FROM {', '.join(aliases)} {word} {text}", Span(1))
    if query is None or query.partial or set(query.reads) - {*aliases, *within}:
        return None
    found = []
    for each in query.predicates:
        if not each.table and len(aliases) > 1:
            continue
        own = each.column if aliases == [ONLY] else f"{each.table}.{each.column}"
        path = spelled.get(own, own).replace("__", ".")
        asked = None if each.clause is Clause.JOIN else clause
        found.append(Condition.of(each, path, clause=asked))
    return found
