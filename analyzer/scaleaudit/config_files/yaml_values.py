"""What YAML holds: maps, lists and texts that know their line, and careful ways to ask them."""

from __future__ import annotations

from typing import TypeAlias

from scaleaudit.source import Span


class Text(str):
    """A scalar and its place; `plain`: written without quotes and on no `|` block.

    Facts cannot be stored with one inside: what goes into a fact is `str(text)`.
    """

    __slots__ = ("column", "line", "plain")
    line: int
    column: int
    plain: bool

    @property
    def at(self) -> Span:
        return Span(self.line, self.column)


class YamlList(list["YamlValue"]):
    __slots__ = ("column", "line")
    line: int
    column: int

    @property
    def at(self) -> Span:
        return Span(self.line, self.column)


class YamlMap(dict[str, "YamlValue"]):
    """A mapping; merge keys (`<<`) are applied, the last of two equal keys holds."""

    __slots__ = ("column", "line", "places")
    line: int
    column: int
    places: dict[str, Text]

    @property
    def at(self) -> Span:
        return Span(self.line, self.column)

    def place(self, key: str) -> Span:
        """Where the key stands; the mapping's own place when it has no such key."""
        text = self.places.get(key)
        return text.at if text is not None else self.at


YamlValue: TypeAlias = Text | YamlList | YamlMap | None


class YamlFile:
    """All documents of a file; `problem` says what of it was not understood."""

    __slots__ = ("documents", "lines", "problem")

    def __init__(self, documents: list[YamlValue], problem: str, lines: int) -> None:
        self.documents = documents
        self.problem = problem
        self.lines = lines

    @property
    def maps(self) -> list[YamlMap]:
        return [document for document in self.documents if isinstance(document, YamlMap)]


def as_map(value: YamlValue) -> YamlMap:
    """The value when it is a mapping, else an empty one."""
    return value if isinstance(value, YamlMap) else _EMPTY_MAP


def as_list(value: YamlValue) -> list[YamlValue]:
    """The items of a list, else none."""
    return value if isinstance(value, YamlList) else []


def maps_in(value: YamlValue) -> list[YamlMap]:
    """The mappings among the items of a list."""
    return [item for item in as_list(value) if isinstance(item, YamlMap)]


def texts_in(value: YamlValue) -> list[Text]:
    """The texts among the items of a list; one text counts as a list of one."""
    if isinstance(value, Text):
        return [value]
    return [item for item in as_list(value) if isinstance(item, Text)]


def as_text(value: YamlValue) -> str:
    """The text of a scalar, else the empty one."""
    return str(value) if isinstance(value, Text) else ""


def as_int(value: YamlValue) -> int | None:
    """A whole number that is not negative and of sensible size, else None."""
    text = as_text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def inner(value: YamlValue, *keys: str) -> YamlValue:
    """What stands below a path of keys, None when the path breaks off."""
    for key in keys:
        value = as_map(value).get(key)
    return value


_EMPTY_MAP = YamlMap()
_EMPTY_MAP.line = _EMPTY_MAP.column = 1
_EMPTY_MAP.places = {}
