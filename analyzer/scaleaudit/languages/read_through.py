"""Queries that run only where a cache has lost its answer.

Caches are filled in three ways: a function handed to the cache (`cache.get(key, loader)`), an annotation
or a decorator of the function, or a function that looks into the cache first and fills it afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import OrmQuery, QueryFound
from scaleaudit.languages.function_names import body_of
from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.reader import Reader

# In small letters. An expression of all of them that heeds no case would take as long as parsing.
CACHE_WORDS = (b"cache", b"memoise", b"memoize")
GET_OR = regex(rb"get_?or_?(?:create|set|fetch|load)")
HANDED_ON = frozenset({
    "lambda_expression", "anonymous_method_expression", "lambda_literal", "annotated_lambda",
    "anonymous_function", "arrow_function", "function_expression", "lambda",
})  # fmt: skip
CALLS = frozenset({"invocation_expression", "method_invocation", "call_expression", "call"})
CACHE = r"cache\w{0,30}(?:\(\))?[?!]{0,2}\s*\.\s*"
# What is called with a function: `_cache.GetOrCreateAsync<Order>(`, `cache.get(`, `Suppliers.memoize(`.
LOADED = regex(
    rf"(?is)(?:\bget_?or_?(?:create|set|fetch|load)\w*|{CACHE}(?:get|fetch|remember|load|resolve|compute|wrap)\w*"
    r"|\b(?:unstable_cache|cached)\b|\bmemoi[sz]e\w*|\bwith_?cache\w*"
    r"|\bSuppliers\s*\.\s*memoize\w*|(?:\bCaffeine|CacheBuilder)\b.{0,300}\.\s*build\w*)"
    r"\s*(?:<[\w\s,.<>?\[\]]{0,120}>)?\s*\Z"
)
LOADER = regex(r"(?:new|object\s*:)\s+(?:\w+\.)*(?:Async)?CacheLoader\b")
ANNOTATED = regex(
    r"@(?:Cacheable|CacheResult|Cached|Memoized?)\b|\[\s*(?:OutputCache|CacheOutput|Cached)\b"
)
# `@cached(60)`, `@method_decorator(cache_page(60))`; what a property keeps is of one object alone.
DECORATED = regex(
    r"@(?:method_decorator\(\s*)?(?:\w+\.)*(?:cache_page|(?:\w+_)?lru_cache|ttl_cache|cached|memoi[sz]ed?|cache\.\w+)\b"
)
LOOKED_INTO = regex(rf"(?i){CACHE}(?:try_?)?(?:get|string_?get|find|read|peek)\w*\s*[<(]")
FILLED = regex(rf"(?i){CACHE}(?:try_?)?(?:set|string_?set|put|add|insert|store|write|create_?entry)\w*\s*[<(]")  # fmt: skip
MAX_TEXT = 600
MAX_FUNCTION = 8_000
MAX_HEAD = 800


def with_caches(reader: Reader, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts, of which queries behind a cache say so."""
    if not may_cache(reader.each_word):
        yield from facts
        return
    for fact in facts:
        if isinstance(fact, OrmQuery | QueryFound) and not fact.seldom:
            at = (fact.at.line - 1, max(fact.at.column - 1, 0))
            node = reader.root.descendant_for_point_range(at, at)
            yield replace(fact, seldom=True) if node and behind_cache(reader, node) else fact
        else:
            yield fact


@lru_cache(maxsize=1)  # asked again for each query of a file
def may_cache(words: bytes) -> bool:
    """Whether a file says anything of a cache, by its words."""
    lowered = words.lower()
    return has_any(lowered, CACHE_WORDS) or GET_OR.search(lowered) is not None


def behind_cache(reader: Reader, node: Node) -> bool:
    if not may_cache(reader.each_word):
        return False
    inside = node
    for above in (node, *reader.ancestors(node)):
        if above.type in HANDED_ON and _is_loader(reader, above):
            return True
        if above.type == "decorated_definition":
            head = reader.content[above.start_byte : inside.start_byte][:MAX_HEAD]
            if DECORATED.search(head.decode("utf-8", "replace")) is not None:
                return True
        if above.type in reader.FUNCTIONS and _reads_through(reader, above, node):
            return True
        if above.type in ("object_creation_expression", "object_literal"):
            head = reader.content[above.start_byte : inside.start_byte][:MAX_HEAD]
            if LOADER.match(head.decode("utf-8", "replace")) is not None:
                return True
        inside = above
    return False


def _is_loader(reader: Reader, closure: Node) -> bool:
    """Whether the function in place is handed to a cache."""
    call = next((a for a, _ in zip(reader.ancestors(closure), range(5), strict=False) if a.type in CALLS), None)  # fmt: skip
    if call is None:
        return False
    begin = max(call.start_byte, closure.start_byte - MAX_TEXT)
    text = reader.content[begin : closure.start_byte].decode("utf-8", "replace")
    return LOADED.search(_callee(text)[-MAX_TEXT:]) is not None


def _callee(text: str) -> str:
    """What is called, of the text before the function: without the arguments that precede it."""
    text = text.rstrip()
    depth = 0 if text.endswith(")") else 1  # `cache.get(key) { ... }` of Kotlin
    for at in range(len(text) - 1, -1, -1):
        if text[at] == ")":
            depth += 1
        elif text[at] == "(":
            depth -= 1
            if depth == 0:
                return text[:at]
    return text


def _reads_through(reader: Reader, function: Node, node: Node) -> bool:
    """Annotated so, or it looks into a cache before the query and fills it afterwards."""
    body = body_of(function)
    opened = body.start_byte if body is not None else function.end_byte
    head = reader.content[function.start_byte : min(opened, function.start_byte + MAX_HEAD)]
    if ANNOTATED.search(head.decode("utf-8", "replace")) is not None:
        return True
    if function.end_byte - function.start_byte > MAX_FUNCTION:
        return False
    before = reader.content[opened : node.start_byte].decode("utf-8", "replace")
    after = reader.content[node.end_byte : function.end_byte].decode("utf-8", "replace")
    return LOOKED_INTO.search(before) is not None and FILLED.search(after) is not None
