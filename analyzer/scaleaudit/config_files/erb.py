"""ERB in YAML: tags become plain words, and the words values again once YAML was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Unknown, join

if TYPE_CHECKING:
    from scaleaudit.values import Value

MAX_TAG = 2_000  # characters of one tag
MAX_HINT = 80
# A mark of the private use area around the tag's number is a plain word to YAML.
_MARK = "\ue010"
_MARKED = regex(f"{_MARK}(\\d+){_MARK}")
_STRING = r"(?:\"([^\"#]*)\"|'([^']*)'|(-?\d[\w.]*)|(nil|true|false))"
_ENV = regex(
    r"ENV(?:\[\s*[\"'](?P<index>\w+)[\"']\s*\]|\.fetch\(?\s*[\"'](?P<fetch>\w+)[\"']\s*"
    rf"(?:,\s*(?P<default>{_STRING})\s*)?\)?)(?:\.presence|\.to_s|\.to_i|\.to_sym|\.strip)*"
)
_BLOCK = regex(rf"\s*(?:\{{|do)\s*(?P<default>{_STRING})\s*(?:\}}|end)\s*")
_PATH = regex(r"Rails\.root\.join\((?P<parts>[^()]*)\)(?:\.to_s)?\Z")
_CONVERTED = regex(r"(?:Integer|Float|String|URI)\((.*)\)\Z", re.DOTALL)


def without_tags(text: str) -> tuple[str, list[Value]]:
    """The text for a YAML reader, and the values that its marks stand for. Lines stay."""
    text = text.replace(_MARK, " ")
    values: list[Value] = []
    parts: list[str] = []
    position = 0
    while (begin := text.find("<%", position)) >= 0 and (end := text.find("%>", begin)) >= 0:
        tag = text[begin + 2 : end]
        parts.append(text[position:begin])
        position = end + 2
        if tag.startswith("=") and not _stands_alone(text, begin, position):
            parts.append(f"{_MARK}{len(values)}{_MARK}")
            values.append(ruby_value(tag[1:].strip("- \t\r\n")))
        parts.append("\n" * tag.count("\n"))
    parts.append(text[position:])
    return "".join(parts), values


def _stands_alone(text: str, begin: int, end: int) -> bool:
    """A tag alone on its line prints whole lines of YAML, which nobody can know."""
    before = text[max(0, begin - MAX_TAG) : begin].rpartition("\n")[2]
    after = text[end : end + MAX_TAG].partition("\n")[0]
    return not before.strip() and not after.strip()


def with_values(text: str, values: list[Value]) -> Value:
    """The value of a scalar that may hold marks."""
    if _MARK not in text:
        return Literal(text)
    parts: list[Value] = []
    for number, piece in enumerate(_MARKED.split(text)):
        index = int(piece) if number % 2 else 0
        if number % 2 == 0:
            parts.append(Literal(piece))
        elif index < len(values):
            parts.append(values[index])
    return join(*parts)


def ruby_value(code: str) -> Value:
    """What an expression gives, as far as it reads the environment or is a plain text."""
    if len(code) > MAX_TAG:
        return Unknown(code[:MAX_HINT])
    if converted := _CONVERTED.match(code):
        code = converted[1].strip()
    if plain := re.fullmatch(_STRING, code):
        return Literal(_plain(plain[0]))
    if path := _PATH.match(code):
        return Literal("/".join(re.findall(r"[\"']([^\"']*)[\"']", path["parts"])))
    value: Value | None = None
    # `ENV["A"] || ENV["B"] || "c"`: each is the default of the one before it.
    for part in reversed(re.split(r"\|\|", code)[:8]):
        value = _one(part.strip(), value)
        if value is None:
            return Unknown(code[:MAX_HINT])
    return value if value is not None else Unknown(code[:MAX_HINT])


def _one(code: str, default: Value | None) -> Value | None:
    if plain := re.fullmatch(_STRING, code):
        return Literal(_plain(plain[0]))
    found = _ENV.match(code)
    if not found:
        return None
    rest = code[found.end() :]
    block = _BLOCK.match(rest)
    if rest.strip() and not (block and block.end() == len(rest)):
        return None
    given = found["default"] or (block["default"] if block else None)
    own = Literal(_plain(given)) if given else default
    return Setting(found["index"] or found["fetch"], own)


def _plain(text: str) -> str:
    return "" if text == "nil" else text.strip("\"'")
