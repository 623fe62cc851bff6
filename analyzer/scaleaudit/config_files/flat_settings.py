"""Nested YAML as flat settings: `a.b[0].c` with the line of each value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.yaml_values import Text, YamlList, YamlMap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue
    from scaleaudit.source import Span

MAX_KEY = 500  # characters


def flat(value: YamlMap) -> Iterator[tuple[str, str, Span]]:
    """(key, text, place) of every scalar in file order; null is the empty text.

    Parts are joined by dots, list items are numbered. A key in brackets (`[a.b]`) stands for
    itself, as Spring reads it.
    """
    waiting: list[tuple[str, YamlValue, Span]] = [("", value, value.at)]
    while waiting:
        key, found, at = waiting.pop()
        if len(key) > MAX_KEY:
            continue
        if isinstance(found, YamlMap):
            inside = [(_joined(key, name), item, found.place(name)) for name, item in found.items()]
            waiting.extend(reversed(inside))
        elif isinstance(found, YamlList):
            numbered = [(f"{key}[{i}]", item, _place(item, at)) for i, item in enumerate(found)]
            waiting.extend(reversed(numbered))
        else:
            yield key, str(found or ""), at


def _joined(key: str, name: str) -> str:
    return f"{key}{name}" if not key or name.startswith("[") else f"{key}.{name}"


def _place(item: YamlValue, otherwise: Span) -> Span:
    return item.at if isinstance(item, Text | YamlMap | YamlList) else otherwise
