"""Whom a developer's server of pages passes requests on to: Vite's `server.proxy`, `devServer.proxy`.

They are settings of source `dev-proxy`: where the pages are deployed, another server stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import DEV_PROXY, SettingDefined
from scaleaudit.languages.javascript import options
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

KEY = regex(rb"\bproxy[\"']?\s*:\s*[\[{\"'\w]")
AROUND = {"server", "devServer", "dev"}
NO_ADDRESS = ("object", "array", "method_definition", "arrow_function", "true", "false")
MAX_FOUND = 5  # such keys of one file
MAX_ROUTES = 40


def passed_on(reader: JavaScriptReader) -> Iterator[SettingDefined]:
    content = reader.content
    if b"proxy" not in content or (b"server" not in content and b"devServer" not in content):
        return
    for number, match in enumerate(KEY.finditer(content)):
        if number >= MAX_FOUND:
            return
        key = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        pair = key.parent if key is not None else None
        if pair is not None and pair.type == "string":
            pair = pair.parent
        if pair is None or pair.type != "pair" or not _of_server(reader, pair):
            continue
        given = pair.child_by_field_name("value")
        for node in targets(reader, given) if given is not None else ():
            yield SettingDefined(reader.span(node), DEV_PROXY, reader.value(node), DEV_PROXY)


def _of_server(reader: JavaScriptReader, pair: Node) -> bool:
    above = next((each for each in reader.ancestors(pair) if each.type == "pair"), None)
    name = above.child_by_field_name("key") if above is not None else None
    return name is not None and reader.text(name).strip("'\"") in AROUND


def targets(reader: JavaScriptReader, given: Node) -> Iterator[Node]:
    """Whom such a server passes requests on to: `{ "/api": { target } }`, `{ "/api": address }`, `address`."""
    routes = options.literal_of(reader, given, "object")
    if routes is None:
        if given.type not in NO_ADDRESS:
            yield given
        return
    own = options.member(reader, routes, "target")
    if own is not None:
        yield own
        return
    for child in routes.named_children[:MAX_ROUTES]:
        value = child.child_by_field_name("value") if child.type == "pair" else None
        if value is None:
            continue
        inner = options.literal_of(reader, value, "object")
        target = options.member(reader, inner, "target") if inner is not None else value
        if target is not None and target.type not in NO_ADDRESS:
            yield target
