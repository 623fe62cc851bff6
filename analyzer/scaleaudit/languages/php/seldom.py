"""Code that runs only where a cache has lost its answer, or where something else has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

CLOSURES = frozenset({"anonymous_function", "arrow_function"})
ASIDE = CLOSURES | {"catch_clause"}
# `Cache::remember(...)`, `cache()->tags("a")->rememberForever(...)`, `$this->cache->get(...)`.
CACHING = regex(
    r"(?is)^[\\$\w>:()'\"\[\],\s-]{0,200}?cache\w*(?:\(\))?(?:(?:->|::)\w+\([^()]{0,80}\))*\s*(?:->|::)"
    r"(?:remember\w*|sear|flexible|get|getOrSet|fetch|memoi[sz]e)\("
)
MAX_TEXT = 300


def is_seldom(reader: PhpReader, node: Node) -> bool:
    return any(is_aside(reader, above) for above in reader.ancestors(node))


def is_aside(reader: PhpReader, node: Node) -> bool:
    """Whether what stands in this node is not run each time that its surroundings are."""
    if node.type == "catch_clause":
        return True
    call = call_with(node) if node.type in CLOSURES else None
    if call is None:
        return False
    end = min(call.start_byte + MAX_TEXT, node.start_byte)
    text = reader.content[call.start_byte : end].decode("utf-8", "replace")
    return CACHING.match(text) is not None


def call_with(closure: Node) -> Node | None:
    """The call that a closure is handed to."""
    given = closure.parent.parent if closure.parent is not None else None
    return given.parent if given is not None and given.type == "arguments" else None
