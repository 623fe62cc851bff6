"""Placeholders of every driver, and holes left by the host language, made parseable.

A placeholder of a driver stands for a value: it becomes the literal `VALUE`. A hole may stand
for anything, so it becomes an identifier that contains `HOLE`: what the parser makes of it tells
whether it is harmless (a column, an operand) or hides part of the statement.
"""

from __future__ import annotations

import re

from scaleaudit.regex import regex

HOLE = "zzhole"
VALUE = "'zzvalue'"

# Alternatives in order: what must be left alone (quotes, comments, casts) comes first.
_TOKEN = regex(
    r"""
    (?P<quoted>'(?:[^'\\]|''|\\.){0,2000}+'|"(?:[^"]|""){0,500}+"|`[^`]{0,200}`)
  | (?P<comment>--[^\n]*|/\*(?!\+).{0,2000}?\*/)
  | (?P<dollar>\$(?P<tag>[A-Za-z_]\w*)?\$.{0,2000}?\$(?P=tag)?\$)
  | (?P<cast>::\s*\w+|:=)
  | (?P<json>(?<=[\w)"'])\s*\?[|&]?\s*(?='|array\b|\$\d|:\w))
  | (?P<hole>[$\#]\{(?:[^{}]|\{[^{}]{0,200}\}){0,300}\}|\{\{[^{}]{0,200}\}\}|\{[^{}\n]{0,80}\}
      |%\[\d+\][sdvq]|%[vdq](?!\w)|\?\?)
  | (?P<value>%\(\w+\)[sdf]|%s(?!\w)|\?\d*|\$\d+|\$[A-Za-z_]\w*|@@?[A-Za-z_]\w*|(?<![\w:\]]):[A-Za-z_]\w*|(?<![\w:\])\[]):\d+\b)
    """,
    re.VERBOSE | re.DOTALL,
)
# Before these words a `%s` is no value: Go and Python format identifiers and whole clauses with it.
_NAME_BEFORE = regex(
    r"\b(?:from|join|into|update|table|only|order\s+by|group\s+by|and|or|where|select|as|set)\s*$|[.\w]$",
    re.IGNORECASE,
)
_IN_VALUE = regex(r"\bIN\s+'zzvalue'", re.IGNORECASE)
_CLAUSE_WORD = regex(r"\b(?:and|or|where)\s*$", re.IGNORECASE)
_OPERATOR_AFTER = regex(r"\s*(?:=|<|>|!=|\bin\b|\blike\b|\bis\b|\bbetween\b|::)", re.IGNORECASE)


# `AND %s = ?`: a column that is put in later, and so a condition that is not known.
_VALUE_AFTER = regex(r"\s*(?:=|<=?|>=?|!=|<>)\s*(?:\?|%[sdvq]|\$\d|[:@][A-Za-z_]|')", re.IGNORECASE)
# A quoted name that is nothing but a hole, where a table is expected: `FROM "{}"`.
_QUOTED_HOLE = regex(r"[\"`](?:[$#]?\{[^{}\n]{0,80}\}|%[sv])[\"`]")
# A text that is nothing but a value which the program puts in: `org = '%s'`.
_QUOTED_VALUE = regex(r"'(?:[$#]\{[^{}\n]{0,80}\}|\{[\w.]{0,80}\}|%[sdvq]|%\(\w+\)[sd])'")
_TABLE_BEFORE = regex(r"\b(?:from|join|into|update|table|only)\s+(?:[\w\"`]+\.)?$", re.IGNORECASE)
# `ORDER BY created_at %s LIMIT 10`, `ORDER BY {} {}, id`: the direction, which no index minds. At
# the end of a text it may be a limit as well, unless its name tells.
_PUT_IN = r"(?:%(?:\[\d+\])?[sv]|[$#]?\{[^{}\n]{0,80}\})"
_NAMED_SO = r"[$#]?\{[^{}\n]{0,60}(?i:dir|sort|asc|desc)[^{}\n]{0,20}\}"
_DIRECTION = regex(
    rf"(\border\s+by\s+(?:[^();]{{0,300}}?,\s*)?(?:[\w.\"`]+|{_PUT_IN}))\s+"
    rf"(?:{_PUT_IN}(?=\s*(?:,|\)|(?:limit|offset|nulls|fetch|rows)\b))|{_NAMED_SO}(?=\s*(?:;|$)))",
    re.IGNORECASE,
)
MAX_DIRECTIONS = 4  # of one ORDER BY


# What pg-promise puts in: `$/code/`, `$(code)`, `$<filter.code>`, `$[codes:csv]`, `$1:list`. With
# `:raw`, `:name` and their short forms it is no value but text of the statement.
_NAME = r"[ \t]{0,9}[A-Za-z_][\w$]{0,80}(?:\.[\w$]{1,80}){0,5}"
_AS = r"(?::\w{1,9}|[\^~#])?[ \t]{0,9}"
_NAMED = regex(
    rf"\$(?:/{_NAME}({_AS})/|\({_NAME}({_AS})\)|<{_NAME}({_AS})>|\[{_NAME}({_AS})\]"
    r"|\d+(:(?:csv|list|json|raw|name|alias|value)\b))"
)
_AS_TEXT = regex(r":(?:raw|name|alias|value)|[\^~#]")

# Casts that Hibernate and Spring are not to take for parameters: `x::::jsonb`, `x\\:\\:jsonb`.
_KEPT_CAST = regex(r"::::|\\\\?:\\\\?:")
_PREFIX = "*PREFIX*"  # of tables, which each installation of Nextcloud chooses


def without_directions(text: str) -> str:
    """The text without directions of an order that are put in at run time."""
    for _ in range(MAX_DIRECTIONS):
        shorter = _DIRECTION.sub(r"\1", text)
        if shorter == text:
            break
        text = shorter
    return text


def parseable(text: str) -> tuple[str, bool]:
    """The text with placeholders replaced, and whether it has holes."""
    text = without_directions(_NAMED.sub(_numbered, text.replace(_PREFIX, "")))
    text = _KEPT_CAST.sub("::", text)
    parts: list[str] = []
    done = 0
    holes = False
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "tag":
            kind = "dollar"
        before = text[max(0, token.start() - 40) : token.start()]
        if kind == "quoted" and _QUOTED_HOLE.fullmatch(token[0]) and _TABLE_BEFORE.search(before):
            kind = "hole"
        elif kind == "quoted" and _QUOTED_VALUE.fullmatch(token[0]):
            kind, holes = "value", True
        if kind in ("quoted", "comment", "cast"):
            continue
        parts.append(text[done : token.start()])
        done = token.end()
        if kind == "json":
            parts.append(" @> ")
        elif kind == "dollar":
            parts.append("''")
        elif kind == "hole" or (_formats(token[0]) and _NAME_BEFORE.search(before)):
            if (
                _CLAUSE_WORD.search(before)
                and _formats(token[0])
                and _OPERATOR_AFTER.match(text, done)
                and not _VALUE_AFTER.match(text, done)
            ):
                parts.append(VALUE)  # `AND %s = ANY(tags)`
                continue
            holes = True
            glued = bool(re.search(r"[A-Za-z_.\"`]$", before))
            parts.append(HOLE if glued else f" {HOLE}")
            if re.match(r"[\"'`(]", text[done : done + 1]):
                parts.append(" ")
        else:
            parts.append(VALUE)
    parts.append(text[done:])
    return _IN_VALUE.sub("IN (" + VALUE + ")", "".join(parts)), holes


def _numbered(named: re.Match[str]) -> str:
    """`$1` for a value that is put in by name, `{}` for a text."""
    how = named[named.lastindex].strip() if named.lastindex is not None else ""
    return "{}" if _AS_TEXT.match(how) else "$1"


def _formats(token: str) -> bool:
    """A verb that formats text, and may stand for a name."""
    return token in ("%s", "%v", "%d", "%q")
