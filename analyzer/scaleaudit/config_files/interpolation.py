"""Texts of deployment files as values: `${NAME:-default}`, `$(NAME)`, template actions."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from scaleaudit.config_files.go_templates import templated
from scaleaudit.config_files.secret_values import (
    SECRET,
    is_secret_key,
    masked,
    without_secrets,
)
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleaudit.values import Value

MAX_TEXT = 16_384  # characters; longer values are files, not settings
MAX_HINT = 80  # characters of a text kept for people
MAX_NESTING = 8  # of `${A:-${B:-c}}`

# Named groups: `escaped`, `name`, and `braced` for the head of `${NAME...}`.
COMPOSE = regex(r"\$(?:(?P<escaped>\$)|\{(?P<braced>[A-Za-z_]\w*)|(?P<name>[A-Za-z_]\w*))")
KUBERNETES = regex(
    r"\$(?:(?P<escaped>\$(?=\())|\{(?P<braced>[A-Za-z_]\w*)|\((?P<name>[A-Za-z_][\w.-]*)\))"
)
SHELL = regex(r"\\(?P<escaped>\$)|\$(?:\{(?P<braced>[A-Za-z_]\w*)|(?P<name>[A-Za-z_]\w*))")
_OPERATOR = regex(r":?[-?+]")
_PRIVATE = 0xF0000  # stands for a symbolic part while words are split
_SECRET_OPTION = regex(r"(--?[\w-]+)(=.*)?", re.DOTALL)


def text_value(text: str, syntax: re.Pattern[str], key: str = "") -> Value:
    """The value of a text, without the secrets that its key or its shape give away."""
    if len(text) > MAX_TEXT:
        return Unknown(f"a text of {len(text)} characters")
    return without_secrets(key, templated(str(text), lambda plain: interpolated(plain, syntax)))


def interpolated(text: str, syntax: re.Pattern[str], depth: int = 0) -> Value:
    """The text with every reference to a variable as a `Setting`."""
    if "$" not in text:
        return Literal(text)
    parts: list[Value] = []
    position = 0
    while (found := syntax.search(text, position)) is not None:
        parts.append(Literal(text[position : found.start()]))
        position = found.end()
        if found["escaped"] is not None:
            parts.append(Literal("$"))
        elif found["name"] is not None:
            parts.append(Setting(found["name"]))
        else:
            end = _closing(text, position)
            if end < 0 or depth >= MAX_NESTING:
                return Unknown(masked(text[:MAX_HINT]))
            parts.append(_braced(found["braced"], text[position:end], syntax, depth))
            position = end + 1
    parts.append(Literal(text[position:]))
    return join(*parts)


def words(text: str | Sequence[str], syntax: re.Pattern[str]) -> tuple[Value, ...]:
    """The words of a command: a list as it is, a text split as a shell would.

    Values of options that carry a secret (`--password x`) are not kept.
    """
    if isinstance(text, str):
        if len(text) > MAX_TEXT:
            return (Unknown(f"a command of {len(text)} characters"),)
        value = templated(str(text), lambda plain: interpolated(plain, syntax))
        found = _split(value)
    else:
        found = [text_value(word, syntax) for word in text]
    return without_secret_options(found)


def spelled(value: Value) -> str:
    """A value where facts want a plain text: defaults filled in, the rest as `${NAME}`, chart
    values as `{{.Values.name}}` or `{{.Values.name|default}}`, the unknown as `{}`."""
    match value:
        case Literal(text=text):
            return text
        case Setting(key=key, default=default) if key.startswith((".", "include ")):
            otherwise = f"|{spelled(default)}" if default is not None else ""
            return f"{{{{{key}{otherwise}}}}}"
        case Setting(default=Literal(text=text)):
            return text
        case Setting(key=key, default=default):
            if isinstance(default, Setting | Join):
                return spelled(default)
            return f"${{{key}}}"
        case Join(parts=parts):
            return "".join(spelled(part) for part in parts)
        case Name() | Parameter() | OneOf() | Unknown():
            return "{}"


def plain_text(text: str, syntax: re.Pattern[str]) -> str:
    """`spelled` of a text as written."""
    if "$" not in text and "{{" not in text and text.isascii():
        return str(text) if len(text) <= MAX_TEXT else ""
    return spelled(text_value(text, syntax))


def _closing(text: str, position: int) -> int:
    """The index of the brace that closes a `${` whose inside begins at `position`, or -1."""
    depth = 0
    for found in re.compile(r"\$\{|\}").finditer(text, position):
        if found[0] != "}":
            depth += 1
        elif not depth:
            return found.start()
        else:
            depth -= 1
    return -1


def _braced(name: str, rest: str, syntax: re.Pattern[str], depth: int) -> Value:
    """`${NAME` and what follows it before the closing brace."""
    if not rest:
        return Setting(name)
    operator = _OPERATOR.match(rest)
    if operator is None:
        return Unknown(f"${{{name}...}}")
    if operator[0].endswith("?"):
        return Setting(name)
    if operator[0].endswith("+"):  # another text when the variable is set, else nothing
        return Unknown(f"${{{name}:+...}}")
    default = interpolated(rest[operator.end() :], syntax, depth + 1)
    return Setting(name, without_secrets(name, default))


def _split(value: Value) -> list[Value]:
    """Words of a value; a symbolic part never breaks a word."""
    parts = value.parts if isinstance(value, Join) else (value,)
    symbols = [part for part in parts if not isinstance(part, Literal)]
    marks = iter(range(_PRIVATE, _PRIVATE + len(symbols)))
    text = "".join(part.text if isinstance(part, Literal) else chr(next(marks)) for part in parts)
    try:
        split = shlex.split(text)
    except ValueError:  # a quote that does not end
        split = text.split()
    last = chr(_PRIVATE + max(0, len(symbols) - 1))
    if not symbols:
        return [Literal(word) for word in split]
    mark = re.compile(f"([{chr(_PRIVATE)}-{last}])")
    return [
        join(
            *(
                symbols[ord(piece) - _PRIVATE] if mark.fullmatch(piece) else Literal(piece)
                for piece in mark.split(word)
            )
        )
        for word in split
    ]


def without_secret_options(found: list[Value]) -> tuple[Value, ...]:
    kept: list[Value] = []
    hide_next = False
    for value in found:
        if not isinstance(value, Literal):
            hide_next = False
            kept.append(without_secrets("", value))
            continue
        text = value.text
        option = _SECRET_OPTION.fullmatch(text)
        if hide_next and option is None:
            kept.append(SECRET)
            hide_next = False
            continue
        secret = option is not None and (
            is_secret_key(option[1].lstrip("-")) or option[1] == "--requirepass"
        )
        hide_next = secret and option is not None and option[2] is None
        if secret and option is not None and option[2] is not None:
            kept.append(join(Literal(f"{option[1]}="), SECRET))
        else:
            kept.append(Literal(masked(text)))
    return tuple(kept)
