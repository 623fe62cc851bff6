"""`${...}` in settings files as symbolic values: Spring's form, and Terraform's.

The text is read once from left to right with a stack, so unclosed and nested braces cost no more
than their length. Deeper than `MAX_DEPTH` the whole text is `Unknown`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.regex import regex
from scaleaudit.values import MAX_DEPTH, Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.values import Value

MAX_TEXT = 20_000  # characters of one value; a longer one is data, not an address
MAX_HINT = 80  # characters of an expression kept for people
_INDEX = regex(r"\[[^\[\]]*\]")
_DOTTED = regex(r"[A-Za-z_][\w-]*(?:\.[\w*-]+)+")
# Roots of references that mean something only where they stand.
_NOWHERE = regex(r"(?:each|count|self|path|terraform)\.")
_TOKEN = regex(r"\\\$|\$\{|[{}]|[^$\\{}]+|.", re.DOTALL)

Parts: TypeAlias = "list[Value]"


def spring_value(text: str) -> Value:
    """`${a.b}` and `${a.b:default}`, the default with placeholders of its own."""
    if re.fullmatch(r"@[\w.-]+@", text):  # filled in by the build
        return Unknown(text)
    return _read(text, _spring_setting)


def reference_value(text: str) -> Value:
    """Terraform's `${aws_db_instance.main.address}`: the reference is the key."""
    return _read(text, _embedded_reference)


def _read(text: str, setting: Callable[[Parts], Value]) -> Value:
    if "$" not in text:
        return Literal(text)
    if len(text) > MAX_TEXT:
        return Unknown(text[:MAX_HINT])
    frames: list[tuple[str, Parts]] = [("", [])]
    for token in _TOKEN.findall(text):
        if token in ("${", "{"):
            if len(frames) >= MAX_DEPTH:
                return Unknown(text[:MAX_HINT])
            # A lone brace outside any placeholder is text; inside one it has to be paired.
            if token == "${" or len(frames) > 1:
                frames.append((token, []))
                continue
        elif token == "}" and len(frames) > 1:
            opening, parts = frames.pop()
            value = setting(parts) if opening == "${" else join(Literal("{"), *parts, Literal("}"))
            frames[-1][1].append(value)
            continue
        frames[-1][1].append(Literal("$" if token == "\\$" else token))
    while len(frames) > 1:  # never closed: it was text
        opening, parts = frames.pop()
        frames[-1][1].extend((Literal(opening), *parts))
    return join(*frames[0][1])


def _split(parts: Parts) -> tuple[str, Parts]:
    """The text that the placeholder begins with, and what follows it."""
    whole = join(*parts)
    pieces = list(getattr(whole, "parts", (whole,)))
    if pieces and isinstance(pieces[0], Literal):
        return pieces[0].text, pieces[1:]
    return "", pieces


def _spring_setting(parts: Parts) -> Value:
    head, rest = _split(parts)
    name, colon, default = head.partition(":")
    if not name.strip() or (rest and not colon):
        return Unknown(head[:MAX_HINT])
    if not rest and len(default) > 1 and default[0] == default[-1] == "`":
        default = default[1:-1]  # Micronaut's way to write colons in a default
    return Setting(name.strip(), join(Literal(default), *rest) if colon else None)


def _embedded_reference(parts: Parts) -> Value:
    head, rest = _split(parts)
    return Unknown(head.strip()[:MAX_HINT]) if rest else reference(head.strip().strip("~"))


def reference(expression: str) -> Value:
    """A dotted reference without its indexes (`a.b[0].c` is `a.b.c`); all else is unknown."""
    plain = "".join(_INDEX.sub("", expression[:400]).split()).removeprefix("resource.")
    if not _DOTTED.fullmatch(plain) or _NOWHERE.match(plain):
        return Unknown(expression[:MAX_HINT])
    return Setting(plain.replace(".*", ""))
