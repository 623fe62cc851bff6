"""TOML documents, read with bounds."""

from __future__ import annotations

import tomllib
from typing import Any

from scaleaudit.config_files.reading import NotUnderstoodError
from scaleaudit.regex import regex

MAX_TEXT = 512 * 1024  # characters; tomllib is pure Python
# The time that tomllib takes for a key grows with the square of its parts.
_LONG_KEY = regex(r"(?<![\w\-\"'])(?:[\w\-\"']++[ \t]*+\.[ \t]*+){64}")


def parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_TEXT:
        raise NotUnderstoodError(f"longer than {MAX_TEXT} characters")
    if _LONG_KEY.search(text):
        raise NotUnderstoodError("nested too deeply")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotUnderstoodError(f"no valid TOML: {error}"[:200]) from None
    except ValueError:  # a number of thousands of digits
        raise NotUnderstoodError("no valid TOML") from None


def table(within: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table below these keys; empty where there is none."""
    for key in keys:
        found = within.get(key)
        if not isinstance(found, dict):
            return {}
        within = found
    return within


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def texts_of(value: object) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()
