"""Lines of the audited repository as they may be shown: without secrets, harmless, not too long."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from scaleaudit.config_files.secret_values import HIDDEN, is_secret_key, masked
from scaleaudit.regex import regex
from scaleaudit.reports.escaping import visible

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SHOWN = 160  # characters of a line
MAX_LINE = 4_000  # characters of a line that are looked at

_USER_IN_URL = regex(r"(?<=://)[^\s/@'\"`<>]{1,400}@(?=[\w.\[{$<%*-])")
# A name, what assigns or calls, the value: `DB_PASSWORD: x`, `password("x")`, `--token x`,
# `name: API_KEY, value: x`.
_GIVEN = regex(
    r"(?P<key>(?<![\w.-])[\w.-]{0,60}(?:pass|pwd|secret|token|credential|private|key|salt)[\w.-]{0,40})"
    r"(?P<between>[\"'`\]]{0,2}\s{0,4}(?:,\s{0,4}[\"']?value[\"']?\s{0,4}[:=]|=>|:=|->|[:=(,]|\s)\s{0,4})"
    r"(?P<value>\"(?:[^\"\\]|\\.){1,400}\"|'(?:[^'\\]|\\.){1,400}'|`[^`]{1,400}`|[^\s,;)}\]\"'`(]{1,400})",
    re.IGNORECASE,
)
_PAIR = regex(
    r"(\b\w{0,40}(?:auth|authenticate|credentials?|login|authorization|bearer))"
    r"(?P<rest>[\"'`]?\s{0,4}[=(:,][^\n]{0,400})",
    re.IGNORECASE,
)
_BEARER = regex(r"(?i)\b(bearer|basic)(\s+)([A-Za-z0-9._~+/=-]{6,})")
_QUOTED = regex(r"\"(?:[^\"\\]|\\.){1,400}\"|'(?:[^'\\]|\\.){1,400}'|`[^`]{1,400}`")
_TOKEN = regex(r"[A-Za-z0-9+/_=-]{20,}")
_KNOWN_TOKEN = regex(
    r"\b(?:(?:sk|pk|rk)[_-][\w-]{8,}|gh[pousr]_\w{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}"
    r"|xox[abprs]-[\w-]{8,}|A(?:KIA|SIA)[0-9A-Z]{12,}|eyJ[\w-]{10,}(?:\.[\w-]*){0,2}|AIza[\w-]{20,})"
)
_NAMED = regex(r"^[\"'`]?(?:\$|%|<|\{|process\.env|os\.|env|settings|config)", re.IGNORECASE)
_NAME_ONLY = regex(r"^\s*(-\s+)?[\"']?name[\"']?:\s*[\"']?[\w.-]{1,200}[\"']?\s*$")
_VALUE = regex(r"^[\"']?value[\"']?:")
_HARMLESS = {"true", "false", "null", "none", "nil", "yes", "no", "{", "[", "("}


def shown(text: str, width: int = MAX_SHOWN) -> str:
    """One line of source, for a terminal: stripped, without secrets, cut to the width."""
    safe = visible(without_secrets(text[:MAX_LINE].strip()))
    return safe if len(safe) <= width else f"{safe[: width - 3]}..."


def without_secrets(line: str) -> str:
    """The line with `***` for what is, or looks like, a password, a key or a token.

    It hides too much rather than too little: a line is shown to recognise it, not to copy it.
    """
    line = _USER_IN_URL.sub(f"{HIDDEN}@", masked(line))
    line = _KNOWN_TOKEN.sub(HIDDEN, _BEARER.sub(rf"\1\2{HIDDEN}", line))
    line = _GIVEN.sub(_without_value, line)
    line = _PAIR.sub(lambda found: found[1] + _QUOTED.sub(_hidden, found["rest"]), line)
    return _TOKEN.sub(lambda found: HIDDEN if _is_random(found[0]) else found[0], line)


def _without_value(found: re.Match[str]) -> str:
    key, value = found["key"], found["value"]
    bare = value.strip("\"'`")
    if not is_secret_key(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)):
        return found[0]
    if bare.lower() in _HARMLESS or "://" in bare or _NAMED.match(value):
        return found[0]
    return f"{key}{found['between']}{_hidden_text(value)}"


def _hidden(found: re.Match[str]) -> str:
    return found[0] if "://" in found[0] else _hidden_text(found[0])


def _hidden_text(value: str) -> str:
    quote = value[0] if value[0] in "\"'`" else ""
    return f"{quote}{HIDDEN}{quote}"


def _is_random(word: str) -> bool:
    """Letters and digits in an order that no word, path or name has."""
    if "/" in word and word.count("/") > len(word) // 12:
        return False
    kinds = "".join(
        "d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "" for c in word
    )
    changes = sum(a != b for a, b in pairwise(kinds))
    hexadecimal = re.fullmatch(r"[0-9a-f]{32,}|[0-9A-F]{32,}", word) is not None
    return hexadecimal or ("d" in kinds and changes > len(kinds) // 3)


def line_reader(read: Callable[[str], bytes | None]) -> Callable[[str, int], str]:
    """A function to the text of a line (1-based), empty when it cannot be had; files are read once.

    An entry of a manifest (`- name: A`) comes with the value on the line below it.
    """
    files: dict[str, list[bytes]] = {}

    def line(path: str, number: int) -> str:
        if path not in files:
            files[path] = (read(path) or b"").split(b"\n")
        lines = files[path]
        if not 0 < number <= len(lines):
            return ""
        text = _decoded(lines[number - 1])
        if number < len(lines) and _NAME_ONLY.match(text):
            value = _decoded(lines[number]).strip()
            text = f"{text}, {value}" if _VALUE.match(value) else text
        return text

    return line


def _decoded(line: bytes) -> str:
    return line[: 4 * MAX_LINE].decode("utf-8", "replace").rstrip("\r")
