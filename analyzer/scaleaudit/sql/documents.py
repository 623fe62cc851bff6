"""Keys inside documents: `data ->> 'status'`, `JSON_EXTRACT(data, '$.a.b')`, `data['a']`."""

from __future__ import annotations

from sqlglot import exp

from scaleaudit.regex import regex
from scaleaudit.sql.expressions import PLACED

IN_DOCUMENT = "->"  # how the function of a column begins of which a key is compared
EXTRACTS = (
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.JSONBExtract,
    exp.JSONBExtractScalar,
    exp.JSONValue,
)
BY_NAME = frozenset(
    """
    json_extract_path json_extract_path_text jsonb_extract_path jsonb_extract_path_text json_query json_value
    jsonb_path_query_first json_extract json_get_str
    """.split()  # noqa: SIM905 - a table to be read
)
MAX_STEPS = 12
_WORDS = regex(r"[A-Za-z_][\w-]*")


def document_function(side: exp.Expr) -> str:
    """`->a.b` for a key that is taken out of a column, whatever is done to it; "" for none.

    `->` alone: the key is not known.
    """
    keys: list[str] = []
    found = False
    at: exp.Expr | None = side
    for _ in range(MAX_STEPS):
        if at is None or isinstance(at, exp.Column):
            break
        if isinstance(at, EXTRACTS):
            found = True
            keys[:0] = _keys(at.args.get("expression") or at.args.get("path"))
        elif isinstance(at, exp.Anonymous) and at.name.lower() in BY_NAME:
            found = True
            arguments = at.expressions
            keys[:0] = [key for each in arguments[1:] for key in _keys(each)]
            at = arguments[0] if arguments else None
            continue
        elif isinstance(at, exp.Bracket) and _is_key(at):
            found = True
            keys[:0] = [at.expressions[0].name]
        at = _inside(at)
    return IN_DOCUMENT + ".".join(keys) if found else ""


def _inside(at: exp.Expr) -> exp.Expr | None:
    if isinstance(at, exp.Anonymous):
        return next(iter(at.expressions), None)
    inner = at.args.get("this")
    return inner if isinstance(inner, exp.Expr) else None


def _is_key(bracket: exp.Bracket) -> bool:
    keys = bracket.expressions
    return len(keys) == 1 and isinstance(keys[0], exp.Literal) and keys[0].is_string


def _keys(path: exp.Expr | None) -> list[str]:
    """The keys of a path in any of its spellings: parsed, `$.a.b`, `{a,b}`, `a`."""
    if isinstance(path, exp.JSONPath):
        parts = path.find_all(exp.JSONPathKey)
        return [p.this for p in parts if isinstance(p.this, str) and p.this != PLACED]
    if isinstance(path, exp.Literal) and path.is_string and path.name != PLACED:
        return _WORDS.findall(path.name)
    return []
