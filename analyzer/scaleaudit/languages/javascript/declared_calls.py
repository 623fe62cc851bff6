"""Calls that a framework makes by what the code declares: data sources, rewrites of requests,
what servers for trying pages out pass on. Beside the rewrites the path in front of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BASE_PATH, RemoteCall, SettingDefined
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.dev_proxies import targets
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

SOURCE_CLASS = regex(rb"extends\s+(?:RESTDataSource|HTTPDataSource)\b")
BASE = regex(rb"\bbaseURL\s*=(?!=)")
BASE_OF_PAGES = regex(rb"\bbasePath\s*:")
DESTINATION = regex(rb"\bdestination\s*:")
PROXY = regex(rb"\bproxy\s*:")
SERVERS = (b"vite", b"devServer", b"nuxt", b"rsbuild")  # that pages are tried out with
MAX_FOUND = 50


def declared_calls(reader: JavaScriptReader) -> Iterator[RemoteCall | SettingDefined]:
    content = reader.content
    if b"DataSource" in content and SOURCE_CLASS.search(content):
        # Apollo's data sources put `baseURL` in front of every path.
        for node in assigned(reader, BASE):
            yield from call(reader, node, "@apollo/datasource-rest")
    if b"rewrites" in content and (b"next" in content or b"async rewrites" in content):
        # Next.js passes on what matches a rewrite whose destination has a host.
        for node in assigned(reader, DESTINATION):
            value = reader.value(node)
            if not (isinstance(value, Literal) and value.text.startswith("/")):
                yield from call(reader, node, "next")
    if b"basePath" in content and (b"exports" in content or b"export default" in content):
        # Next.js, in a file of its own name.
        for node in assigned(reader, BASE_OF_PAGES):
            yield SettingDefined(reader.span(node), BASE_PATH, reader.value(node), "next")
    if b"proxy" in content and any(word in content for word in SERVERS):
        for node in assigned(reader, PROXY):
            for target in targets(reader, node):
                yield from call(reader, target, "proxy")


def assigned(reader: JavaScriptReader, what: re.Pattern[bytes]) -> Iterator[Node]:
    """What stands on the right of each match: of a field, an assignment, a member."""
    for _, match in zip(range(MAX_FOUND), what.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        for _ in range(3):
            node = node.parent if node is not None else None
            if node is None:
                break
            right = node.child_by_field_name("value") or node.child_by_field_name("right")
            if right is not None and right.start_byte >= match.end():
                found = bare(right)
                if found is not None:
                    yield found
                break


def call(reader: JavaScriptReader, node: Node, library: str) -> Iterator[RemoteCall]:
    value = reader.value(node)
    if not isinstance(value, Unknown):
        yield RemoteCall(reader.span(node), library, value, scope=reader.scope(node))
