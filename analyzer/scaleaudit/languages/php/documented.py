"""Routes in comments, as Symfony had them before PHP had attributes: `@Route("/x")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.regex import regex
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader

ROUTE = regex(rb"\*\s*@(?:\w+\\)*Route\(\s*(?:path\s*=\s*)?\"([^\"\n]{0,300})\"([^\n]{0,400})")
METHODS = regex(r"methods\s*=\s*\{?([^})]*)")
MAX_ROUTES = 500


def routes(reader: PhpReader) -> Iterator[Fact]:
    prefixes: dict[int, str] = {}
    if b"@Route(" not in reader.content and b"\\Route(" not in reader.content:
        return
    for number, match in enumerate(ROUTE.finditer(reader.content)):
        comment = reader.root.descendant_for_byte_range(match.start(), match.end())
        target = comment.next_named_sibling if comment is not None else None
        if number >= MAX_ROUTES or comment is None or comment.type != "comment" or target is None:
            continue
        path = match[1].decode("utf-8", "replace")
        if target.type == "class_declaration":
            prefixes[target.id] = path
            itself = _invoked(reader, target)
            if itself is not None:  # the class is its own handler
                rest = match[2].decode("utf-8", "replace")
                yield from _served(reader, itself, path, rest, {})
        elif target.type == "method_declaration":
            yield from _served(reader, target, path, match[2].decode("utf-8", "replace"), prefixes)


def _invoked(reader: PhpReader, own: Node) -> Node | None:
    body = own.child_by_field_name("body")
    members = body.named_children if body is not None else []
    return next((m for m in members if reader.definition_name(m) == "__invoke"), None)


def _served(
    reader: PhpReader, method: Node, path: str, rest: str, prefixes: dict[int, str]
) -> Iterator[Fact]:
    own = reader.class_around(method)
    prefix = prefixes.get(own.id, "") if own is not None else ""
    full = join(Literal(prefix), Literal("/"), Literal(path)) if prefix else Literal(path)
    written = METHODS.search(rest)
    words = re.findall(r"[A-Za-z]+", written[1]) if written is not None else []
    outer = reader.definition_name(own) if own is not None else ""
    for verb in [word.upper() for word in words if word.upper() in HTTP_METHODS] or ["*"]:
        yield EndpointServed(
            at=reader.span(method),
            method=verb,
            path=full,
            handler=f"{outer}.{reader.definition_name(method)}",
        )
