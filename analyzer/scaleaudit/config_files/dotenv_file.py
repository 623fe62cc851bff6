"""`.env` files: the variables that processes are started with."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import COMPOSE, text_value
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dotenv.parser import Binding

    from scaleaudit.facts import FileFacts

MAX_TEXT = 512 * 1024  # characters; larger ones are dumps


def extract(content: bytes) -> FileFacts:
    return facts_in(content, settings)


def settings(text: str, group: str = "") -> Iterator[SettingDefined]:
    """All entries in file order; a later one of the same name wins when the file is used."""
    from dotenv.parser import parse_stream

    if len(text) > MAX_TEXT:
        raise NotUnderstoodError(f"longer than {MAX_TEXT} characters")
    bad_lines: list[int] = []
    text = text.replace("\r\n", "\n").replace("\r", " ")
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            bad_lines.append(_line_of_key(binding))
        elif binding.key:
            yield _setting(binding, group)
    if bad_lines:
        raise NotUnderstoodError(f"line {bad_lines[0]} is no KEY=value")


def _setting(binding: Binding, group: str) -> SettingDefined:
    key = binding.key or ""
    written = binding.original.string.partition("=")[2].lstrip()
    text = binding.value or ""
    # Single quotes keep dollars as they are, for compose and for the shell alike.
    literal = written.startswith("'")
    value = without_secrets(key, Literal(text)) if literal else text_value(text, COMPOSE, key)
    return SettingDefined(
        at=Span(_line_of_key(binding)),
        key=key,
        value=value,
        source="dotenv",
        group=group,
    )


def _line_of_key(binding: Binding) -> int:
    """A binding begins where the one before it ended, which may be some blank lines earlier."""
    written = binding.original.string
    blank = written[: len(written) - len(written.lstrip())]
    return binding.original.line + blank.count("\n")
