"""English singulars and plurals, as far as names of resources and tables go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re

IRREGULAR = {
    "person": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "mouse": "mice",
    "datum": "data",
    "medium": "media",
    "criterion": "criteria",
    "axis": "axes",
    "analysis": "analyses",
    "move": "moves",
    "zombie": "zombies",
    "movie": "movies",
    "cookie": "cookies",
    "bus": "buses",
    "quiz": "quizzes",
    "hero": "heroes",
    "echo": "echoes",
    "safe": "safes",
    "cafe": "cafes",
}
IRREGULAR_PLURALS = {plural: singular for singular, plural in IRREGULAR.items()} | {
    "media": "medium",
    "data": "datum",
}
SAME = frozenset(
    [
        "equipment",
        "information",
        "rice",
        "money",
        "species",
        "series",
        "fish",
        "sheep",
        "jeans",
        "police",
        "news",
        "staff",
    ]
)
SINGULARS = (
    (regex(r"([dt])ata$"), r"\1atum"),
    (regex(r"(ss|us|is)$"), r"\1"),
    (regex(r"(alias|status|virus|bonus|campus)es$"), r"\1"),
    (regex(r"(x|ch|ss|sh|zz)es$"), r"\1"),
    (regex(r"([^aeiouy]|qu)ies$"), r"\1y"),
    (regex(r"([lr])ves$"), r"\1f"),
    (regex(r"s$"), ""),
)
PLURALS = (
    (regex(r"([ti])um$"), r"\1a"),
    (regex(r"(data|media|criteria)$"), r"\1"),
    (regex(r"(alias|status|virus|bonus|campus)$"), r"\1es"),
    (regex(r"(x|ch|ss|sh|zz)$"), r"\1es"),
    (regex(r"([^aeiouy]|qu)y$"), r"\1ies"),
    (regex(r"([lr])f$|([^f])fe$"), r"\1\2ves"),
    (regex(r"s$"), "s"),
    (regex(r"$"), "s"),
)
# Where a word begins in `userGroup` and `HTTPServer`.
WORD = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def singular(word: str) -> str:
    return _last_part(word, IRREGULAR_PLURALS, SINGULARS)


def plural(word: str) -> str:
    return _last_part(word, IRREGULAR, PLURALS)


def _last_part(
    word: str, known: dict[str, str], rules: tuple[tuple[re.Pattern[str], str], ...]
) -> str:
    start, mark, last = word.rpartition("_")
    if WORD.split(last)[-1].lower() in SAME or not last:
        return word
    if last in known:
        return f"{start}{mark}{known[last]}"
    for pattern, ending in rules:
        if pattern.search(last):
            return f"{start}{mark}{pattern.sub(ending, last, count=1)}"
    return word


def underscored(name: str) -> str:
    """`Api.V1.UserGroup` to `api/v1/user_group`."""
    return "/".join(WORD.sub("_", part).lower() for part in name.replace("::", ".").split("."))


def camelized(path: str) -> str:
    """`api/v1/user_group` to `Api::V1::UserGroup`."""
    return "::".join(
        "".join(word[:1].upper() + word[1:] for word in part.split("_"))
        for part in path.split("/")
        if part
    )
