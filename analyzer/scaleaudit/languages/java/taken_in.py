"""What a class takes in by naming it, where no `import` line shows it.

`@Import(MailConfig.class)` of Spring loads a class of the same package, which needs no import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.java.jvm import JvmReader

MARK = b"@Import("
TAKEN = regex(rb"@Import\(([^()@;]{1,2000})\)")
CLASS = regex(rb"\b([A-Z]\w{0,200})(?:\.class|::class)\b")
MAX_TAKEN = 100  # classes in one file


def taken_in(reader: JvmReader) -> Iterator[ImportFound]:
    """The classes of the own package that the configuration classes of a file are put together of."""
    content = reader.content
    if MARK not in content or not reader.namespace:
        return
    found = 0
    for annotation in TAKEN.finditer(content):
        for named in CLASS.finditer(annotation[1]):
            name = named[1].decode("ascii", "replace")
            found += 1
            if found > MAX_TAKEN:
                return
            if name not in reader.imports:
                line = content.count(b"\n", 0, annotation.start()) + 1
                yield ImportFound(Span(line), f"{reader.namespace}.{name}")
