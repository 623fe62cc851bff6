"""Settings in HOCON that code asks for by their path: Ktor's, and those of Typesafe's library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Setting, literal_text

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link
    from scaleaudit.values import Value

GIVES = "getString"
ENTRY = {"property", "propertyOrNull"}  # of Ktor's ApplicationConfig
LIBRARY = regex(r"com\.typesafe\.config\b")


def asked(reader: JvmReader, links: list[Link], args: list[Node], depth: int) -> Value | None:
    """`config.property("orders.url").getString()`, `config.getString("orders.url")`."""
    if links[-1].name != GIVES:
        return None
    before = links[-2].node if len(links) > 1 and links[-2].name in ENTRY else None
    if before is not None:
        args = reader.arguments_of(before)
    elif not reader.mentions(LIBRARY.pattern):
        return None
    key = literal_text(reader.value(args[0], depth + 1)) if len(args) == 1 else None
    return Setting(key) if key and "." in key else None
