"""Settings that code asks for by their path: Ktor's and Typesafe's in HOCON, those of MicroProfile's
`Config`, of Helidon's tree, and of the document that a verticle of Vert.x is deployed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex
from scaleaudit.values import Setting, Unknown, literal_text

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader
    from scaleaudit.languages.java.names import Link
    from scaleaudit.values import Value

GIVES = frozenset(
    {"getString", "getInteger", "getValue", "getOptionalValue", "get", "orElse", "orElseThrow"}
)
ENTRY = {"property", "propertyOrNull"}  # of Ktor's ApplicationConfig
LIBRARY = regex(r"com\.typesafe\.config\b")
OF_PROFILE = regex(r"org\.eclipse\.microprofile\.config\b")
OF_HELIDON = regex(r"io\.helidon\.config\b|io\.helidon\.common\.config\b")
OF_VERTX = regex(r"io\.vertx\.")
AS = {"asString", "as", "asInt"}  # what makes a value of a node of Helidon's tree


def asked(reader: JvmReader, links: list[Link], args: list[Node], depth: int) -> Value | None:
    """`config.property("orders.url").getString()`, `config.getString("orders.url")`."""
    name = links[-1].name
    if name not in GIVES:
        return None
    if name in ("getValue", "getOptionalValue"):
        told = len(args) == 2 and reader.mentions(OF_PROFILE.pattern)
        return _setting(reader, args[:1], depth) if told else None
    if name in ("get", "orElse", "orElseThrow"):
        return _of_tree(reader, links, args, depth)
    before = links[-2] if len(links) > 1 else None
    if before is not None and before.name == "config" and reader.mentions(OF_VERTX.pattern):
        return _setting(reader, args, depth)
    if name != "getString":
        return None
    if before is not None and before.name in ENTRY and before.node is not None:
        args = reader.arguments_of(before.node)
    elif not reader.mentions(LIBRARY.pattern):
        return None
    found = _setting(reader, args, depth) if len(args) == 1 else None
    return found if found is not None and "." in found.key else None


def _of_tree(reader: JvmReader, links: list[Link], args: list[Node], depth: int) -> Setting | None:
    """`config.get("orders").get("url").asString().orElse("http://orders")`."""
    names = [link.name for link in links]
    end = next((i for i, name in enumerate(names) if name in AS), 0)
    if end == 0 or end < len(names) - 2 or not reader.mentions(OF_HELIDON.pattern):
        return None
    keys: list[str] = []
    for link in links[:end]:
        given = reader.arguments_of(link.node) if link.name == "get" and link.node else []
        key = literal_text(reader.value(given[0], depth + 1)) if len(given) == 1 else None
        if key:
            keys.append(key)
    default = reader.value(args[0], depth + 1) if names[-1] == "orElse" and args else None
    if not keys:
        return None
    return Setting(".".join(keys), None if isinstance(default, Unknown) else default)


def _setting(reader: JvmReader, args: list[Node], depth: int) -> Setting | None:
    """The key, and a default beside it."""
    key = literal_text(reader.value(args[0], depth + 1)) if args else None
    default = reader.value(args[1], depth + 1) if len(args) > 1 else None
    return Setting(key, None if isinstance(default, Unknown) else default) if key else None
