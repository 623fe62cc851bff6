"""Whole tables of a chart's values that a template puts into an environment or a ConfigMap.

`{{- toYaml .Values.web.env | nindent 12 }}` and `{{- range $k, $v := .Values.web.env }}` below
`env:` become an entry whose name is `TABLE` and the key of the table, by which linking finds what
the values have there. Lines stay where they are.
"""

from __future__ import annotations

from scaleaudit.facts import TABLE
from scaleaudit.regex import regex

MAX_LINES = 20_000
MAX_LINE = 500
MAX_BACK = 60  # lines between `env:` and a table below it
_ACTION = regex(r"\{\{-?\s*(\w+)\b([^{}]*)\}\}")
_ALONE = regex(r"^(\s*)\{\{-?\s*(toYaml|tpl|range|include)\b([^{}]*)\}\}\s*$")
_KEY = regex(r"(?<![\w.])\$?\.Values\.([A-Za-z_][\w.-]{0,200})")
_CURRENT = regex(r"(?:^|[\s(])\.(?=$|[\s)|])")  # the dot, which `with` has changed
_HOLDER = regex(r"^(\s*)(?:- )?([\w.-]+):\s*$")
_ITEM = regex(r"^(\s*)- ")
_OPENS = ("if", "with", "range", "define", "block")
_INSIDE = {"valueFrom", "secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef"}
_LISTS, _MAPS = {"env"}, {"data", "stringData"}


def with_tables(text: str) -> str:
    """The text with an entry in place of each such line."""
    if ".Values" not in text or not ("toYaml" in text or "range" in text or "tpl" in text):
        return text
    lines = text.split("\n")
    if len(lines) > MAX_LINES or any(len(line) > MAX_LINE for line in lines if "{{" in line):
        return text
    around: list[str] = []  # what the dot is in the blocks around, empty where it stays
    for number, line in enumerate(lines):
        if "{{" not in line:
            continue
        found = _ALONE.match(line)
        table = _table(found[3], around) if found is not None else ""
        for word, rest in _ACTION.findall(line):
            if word in _OPENS:
                key = _KEY.search(rest) if word in ("with", "range") else None
                around.append(key[1] if key is not None and word == "with" else "")
            elif word == "end" and around:
                around.pop()
        if table:
            lines[number] = _entry(lines, number, table) or line
    return "\n".join(lines)


def _table(action: str, around: list[str]) -> str:
    """The key of the table that the action prints, or runs over."""
    found = _KEY.search(action)
    if found is not None:
        return found[1].rstrip(".-")
    if _CURRENT.search(action):
        return next((each for each in reversed(around) if each), "")
    return ""


def _entry(lines: list[str], number: int, table: str) -> str:
    """The entry for it, where it stands below `env:` or `data:`."""
    item = ""
    for line in reversed(lines[max(0, number - MAX_BACK) : number]):
        listed = _ITEM.match(line)
        item = listed[1] if listed is not None else item
        holder = _HOLDER.match(line)
        if holder is None or holder[2] in _INSIDE:
            continue
        indent = item if listed is None and item else f"{holder[1]}  "
        if holder[2] in _LISTS:
            return f'{indent}- name: "{TABLE}{table}"'
        if holder[2] in _MAPS:
            return f'{holder[1]}  "{TABLE}{table}": ""'
        return ""
    return ""
