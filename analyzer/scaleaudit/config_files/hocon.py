"""HOCON, in which Ktor, Play and Akka have their settings: `application.conf` and what it includes.

Only entries that may be addresses or ports are kept, for the code that asks for them by their path.
What is inside of lists is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.own_settings import may_be_address
from scaleaudit.config_files.reading import lines_in, text_of
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting, join, text_with_holes

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from scaleaudit.values import Value

SOURCE = "hocon"
MAX_ENTRIES = 2_000
MAX_DEPTH = 40
MAX_OVERRIDES = 20  # of one entry, each with the one before as its default
MAX_NAME = 100  # characters of a section
TOKEN = regex(
    # An unclosed text reaches to the end of its line or of the file: nothing is read twice.
    r'"""(?P<long>(?:[^"]|"(?!""))*+)(?:"""|\Z)|"(?P<quoted>(?:[^"\\\n]|\\.)*+)(?:"|\\?\Z|(?=\n))'
    r"|\$\{(?P<optional>\?)?(?P<reference>[^{}\n]*)\}|(?P<comment>(?:#|//)[^\n]*)"
    r"|(?P<sign>\+=|[{}\[\],=:\n])|(?P<space>[^\S\n]+)"
    r'|(?P<bare>(?:(?!//)[^\s"{}\[\],=:#$])+)|(?P<other>.)'
)
PORT = regex(r"(?:^|\.)port$")
NUMBER = regex(r"\d{2,5}")
BEGINS = {"=", ":", "+="}
ENDS = {"\n", ","}
Entry = tuple[str, "Value", Span]


def extract(content: bytes) -> FileFacts:
    known: dict[str, tuple[Value, Span]] = {}
    overrides: dict[str, int] = {}
    for number, (key, value, at) in enumerate(_entries(text_of(content))):
        if number >= MAX_ENTRIES:
            break
        before = known.get(key)
        if isinstance(value, Setting) and before is not None:  # `port = ${?PORT}`, below a default
            overrides[key] = overrides.get(key, 0) + 1
            if overrides[key] > MAX_OVERRIDES:
                continue
            value = Setting(value.key, before[0])
        known[key] = (value, at)
    facts = [
        SettingDefined(at, key, without_secrets(key, value), SOURCE)
        for key, (value, at) in known.items()
        if _matters(key, value)
    ]
    return FileFacts(tuple(facts), lines=lines_in(content))


def _matters(key: str, value: Value) -> bool:
    if isinstance(value, Setting) and value.default is not None:
        return _matters(key, value.default)
    text = text_with_holes(value)
    if PORT.search(key):
        return NUMBER.fullmatch(text) is not None
    return may_be_address(key, text.replace("{}", "${x}") or "${x}")


def _entries(text: str) -> Iterator[Entry]:
    """(path, value, place) of each plain entry, in their order."""
    sections: list[str] = []
    key: list[str] = []
    value: list[Value] | None = None
    line, at = 1, Span(1)
    skipped = 0  # lists that are open
    for token in TOKEN.finditer(text):
        kind, written = token.lastgroup or "", token[0]
        if skipped:
            skipped += (written == "[") - (written == "]")
        elif kind == "sign" and (written in ENDS or written == "}"):
            if value:
                yield _path(sections, key), join(*_trimmed(value)), at
            key, value = [], None
            if written == "}" and sections:
                sections.pop()
        elif written == "[":
            skipped, value = 1, None
        elif written == "{":
            if len(sections) >= MAX_DEPTH:
                return
            sections.append(".".join(key)[:MAX_NAME])
            key, value = [], None
        elif written in BEGINS and value is None and kind == "sign":
            value, at = [], Span(line)
        elif value is not None:
            value += _piece(token)
        elif kind in ("bare", "quoted"):
            key.append((token["quoted"] or written).strip("."))
        line += written.count("\n")
    if value:
        yield _path(sections, key), join(*_trimmed(value)), at


def _path(sections: list[str], key: list[str]) -> str:
    return ".".join([*sections, ".".join(key)[:MAX_NAME]]).lstrip(".")


def _piece(token: re.Match[str]) -> Iterator[Value]:
    if token["reference"] is not None:
        yield Setting(token["reference"].strip())
    elif token["quoted"] is not None or token["long"] is not None:
        yield Literal(token["quoted"] or token["long"] or "")
    elif token["comment"] is None:
        yield Literal(token[0])


def _trimmed(parts: list[Value]) -> list[Value]:
    """Without the blanks at both ends of a value."""
    blank = [isinstance(part, Literal) and not part.text.strip() for part in parts]
    first = next((n for n, each in enumerate(blank) if not each), len(parts))
    last = next((n for n, each in enumerate(reversed(blank)) if not each), len(parts))
    return parts[first : len(parts) - last] or [Literal("")]
