"""Reads of the environment by a literal name: `env("X")`, `getenv("X")`, `$_ENV["X"]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingRead
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.php.reader import PhpReader

MAX_READS = 2_000  # of the environment in one file
ENVIRONMENT = regex(
    rb"\b(?:get)?env\(\s*['\"](\w{1,200})['\"]|\$_ENV\[\s*['\"](\w{1,200})['\"]\s*\]"
)


def found(reader: PhpReader) -> Iterator[SettingRead]:
    """Every read of a variable with a literal name."""
    if b"env(" not in reader.content and b"$_ENV" not in reader.content:
        return
    for number, match in enumerate(ENVIRONMENT.finditer(reader.content)):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        if number >= MAX_READS or node is None:
            return
        if node.type in ("comment", "text", "string_content"):
            continue
        above = node.parent if node.parent is not None else node
        if above.type == "function_call_expression" or match[2]:
            key = (match[1] or match[2]).decode()
            yield SettingRead(reader.span(node), key, reader.scope(node))
