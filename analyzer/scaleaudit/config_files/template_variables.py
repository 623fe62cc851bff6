"""Variables of Go templates: `{{ $name := include "shop.fullname" . }}` put in where `$name` stands.

Only those that a file gives one value: what a loop or a branch changes stays unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

MAX_VARIABLES = 100  # of one file
MAX_EXPRESSION = 200  # characters
MAX_GROWTH = 4  # times the file's size
_NESTED = 3  # variables that are made of others
_ASSIGNED = regex(
    r"\{\{-?\s*(?:(?:if|with)\s+)?\$(\w+)\s*:?=\s*((?:[^{}\"`]|\"[^\"\n]{0,200}\"|`[^`]{0,200}`){1,400}?)\s*-?\}\}"
)
_LOOP = regex(r"\{\{-?\s*range\s+\$(\w+)\s*(?:,\s*\$(\w+)\s*)?:=")
_ACTION = regex(r"\{\{[^{}]{0,2000}\$[^{}]{0,2000}\}\}")
_USE = regex(r"\$(\w+)\b(?![\w.]|\s*:?=[^=])")


def with_variables(text: str) -> str:
    """The text with each such variable replaced by its expression in parentheses; lines stay."""
    if ":=" not in text:
        return text
    expressions: dict[str, str | None] = {}
    for name, expression in _ASSIGNED.findall(text):
        same = expressions.get(name, expression) == expression
        fits = len(expression) <= MAX_EXPRESSION and "\n" not in expression
        expressions[name] = expression if same and fits else None
        if len(expressions) >= MAX_VARIABLES:
            break
    for names in _LOOP.findall(text):
        expressions.update(dict.fromkeys(names))
    known = {name: text for name, text in expressions.items() if text is not None}
    if not known:
        return text

    def used(found: re.Match[str]) -> str:
        expression = known.get(found[1])
        return f"({expression})" if expression is not None else found[0]

    limit = MAX_GROWTH * len(text)
    for _ in range(_NESTED):
        filled = _ACTION.sub(lambda action: _USE.sub(used, action[0]), text)
        if filled == text or len(filled) > limit:
            break
        text = filled
    return text
