"""What a project says of singulars and plurals, which name its tables: `inflect.irregular "axis", "axes"`.

Rules are told by the letters that a word ends with; a pattern says no more than that here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.ruby.reader import RubyReader

MARK = b".inflections"
INFLECTIONS = "inflector.inflections"  # of the constants that carry them
RULE = regex(rb"(?m)^[ \t]*\w+\.(irregular|plural|singular|uncountable)[ \t(]+([^\n#]{1,300})$")
TEXTS = regex(r"[\"']([\w\\ ]+)[\"']")
WORDS = regex(r"%[wW][\[({]([\w ]+)[\])}]")
PATTERN = regex(r"(?:/|%r[{\[(!])(.{1,100}?)(?:/|[}\])!])[a-z]*\s*,")
# The letters that a pattern ends with, inside a group of theirs or behind one.
ENDING = regex(r"(\()?([a-z]+)(\))?(?:\$|\\[zZ])$")
REPLACED = regex(r"(\\\d)?([a-z]*)$")
MAX_RULES = 200


def inflections(reader: RubyReader) -> Iterator[ConstantDefined]:
    """A constant for each ending in the singular, with that in the plural."""
    content = reader.content
    if MARK not in content:
        return
    for count, match in enumerate(RULE.finditer(content)):
        if count >= MAX_RULES:
            return
        at = Span(content.count(b"\n", 0, match.start(1)) + 1)
        for one, many in pairs(match[1].decode(), match[2].decode("utf-8", "replace")):
            yield ConstantDefined(at, f"{INFLECTIONS}.{one}", Literal(many))


def pairs(kind: str, given: str) -> list[tuple[str, str]]:
    """The endings in the singular and in the plural."""
    texts = [each.lower() for each in TEXTS.findall(given)]
    if kind == "uncountable":
        listed = WORDS.search(given)
        return [(each, each) for each in (listed[1].lower().split() if listed else texts)]
    pattern = PATTERN.match(given)
    found = tuple(texts) if pattern is None else replaced(pattern[1].lower(), texts)
    if len(found) != 2 or not all(each.replace("_", "").isalnum() for each in found):
        return []
    return [(found[1], found[0]) if kind == "singular" else (found[0], found[1])]


def replaced(pattern: str, texts: list[str]) -> tuple[str, ...]:
    """Of `/^(.*)axon$/i, '\\1axa'`: `axon`, `axa`; of `/^(ox)$/i, '\\1en'`: `ox`, `oxen`."""
    ending = ENDING.search(pattern)
    made = REPLACED.search(texts[0]) if len(texts) == 1 else None
    if ending is None or made is None or bool(ending[1]) != bool(ending[3]):
        return ()
    kept = ending[2] if made[1] and (ending[1] or made[1] == r"\0") else ""
    return ending[2], kept + made[2]
