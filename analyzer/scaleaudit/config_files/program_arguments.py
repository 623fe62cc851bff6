"""Settings that a variable hands to a JVM program: `JAVA_OPTS: -Dspring.datasource.url=...`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ARGUMENTS = 50  # of one variable

# `--key=value` of Spring Boot and `-Dkey=value` of the JVM; keys with a dot are settings.
_ARGUMENT = regex(
    r"(?:(?<=\s)|^)(?:--|-D)(?P<key>[A-Za-z][\w-]{0,60}(?:\.[\w-]{1,60}){1,12})=(?P<value>[^\s\"']{1,500})"
)


def settings_in(text: str) -> Iterator[tuple[str, str]]:
    """(variable, value): each setting under the name of the variable that would set it too."""
    if "=" not in text:
        return
    for found in islice(_ARGUMENT.finditer(text), MAX_ARGUMENTS):
        yield found["key"].upper().replace(".", "_").replace("-", ""), found["value"]
