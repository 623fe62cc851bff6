"""Programs without a framework: what their first file compares the requested address with.

`switch ($uri) { case '/items': ... }`, `if ($uri === '/health')`, `match ($path) { '/x' => ... }`,
where the variable is made of `$_SERVER['REQUEST_URI']`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import HTTP_METHODS
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader

ASKED = regex(
    rb"\$(\w{1,60})\s*=[^;=]{0,200}\$_SERVER\[\s*['\"](?:REQUEST_URI|PATH_INFO|REDIRECT_URL)['\"]"
)
# With the method in front where that is a part of what is compared: `'GET /items' => ...`.
CASE = regex(r"case\s+(['\"])(?:([A-Z]{3,7})[ :]?)?(/[^'\"\n]{0,200})\1\s*:")
ARM = regex(r"(['\"])(?:([A-Z]{3,7})[ :]?)?(/[^'\"\n]{0,200})\1\s*(?:,|=>)")
METHOD = regex(r"['\"](GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)['\"]")
PATTERN = regex(r"^\^?(/.*?)/?\$?$")
PLACE = regex(r"\((?:\?P?<(\w+)>)?[^()]*\)")
MAX_NAMES = 4
MAX_FOUND = 200
SWITCHES = {"switch_statement", "match_expression"}


def routes(reader: PhpReader) -> Iterator[Fact]:
    names = list(dict.fromkeys(m[1] for m in ASKED.finditer(reader.content)))[:MAX_NAMES]
    for name in names:
        variable = re.escape(name)
        compared = rb"\$" + variable + rb"\s*={2,3}\s*(['\"])(/[^'\"\n]{0,200})\1"
        for number, match in enumerate(re.finditer(compared, reader.content)):
            node = _at(reader, match.start())
            if number < MAX_FOUND and node is not None:
                path = match[2].decode("utf-8", "replace")
                yield _served(reader, node, path, _verb(reader, node))
        chosen = rb"(?:switch|match)\s*\(\s*\$" + variable + rb"\s*\)"
        for number, match in enumerate(re.finditer(chosen, reader.content)):
            node = _at(reader, match.start())
            if number < MAX_FOUND and node is not None:
                yield from _cases(reader, node)
        fitting = (
            rb"preg_match\(\s*(['\"])([#~@/])(\^.{1,200}?)\2\w*\1\s*,\s*\$" + variable + rb"\b"
        )
        for number, match in enumerate(re.finditer(fitting, reader.content)):
            node = _at(reader, match.start())
            if number < MAX_FOUND and node is not None:
                path = _of_pattern(match[3].decode("utf-8", "replace"))
                if path:
                    yield _served(reader, node, path, _verb(reader, node))


def _at(reader: PhpReader, offset: int) -> Node | None:
    node = reader.root.descendant_for_byte_range(offset, offset + 1)
    return None if node is None or node.type in ("comment", "string_content", "text") else node


def _cases(reader: PhpReader, node: Node) -> Iterator[Fact]:
    at: Node | None = node
    for _ in range(4):
        if at is None or at.type in SWITCHES:
            break
        at = at.parent
    if at is None or at.type not in SWITCHES:
        return
    body = at.child_by_field_name("body")
    form = CASE if at.type == "switch_statement" else ARM
    kinds = ("case_statement", "match_conditional_expression")
    for number, each in enumerate(body.named_children if body is not None else ()):
        text = reader.text(each)[:300] if each.type in kinds else ""
        match = form.match(text)
        if match is not None and number < MAX_FOUND:
            verb = match[2] if match[2] in HTTP_METHODS else "*"
            yield _served(reader, each, match[3], verb)


def _served(reader: PhpReader, node: Node, path: str, verb: str) -> EndpointServed:
    return EndpointServed(
        reader.span(node), verb, Literal(path.partition("?")[0]), reader.scope(node)
    )


def _verb(reader: PhpReader, node: Node) -> str:
    """The method that the same condition asks for."""
    condition = node
    for above in reader.ancestors(node):
        if above.type != "binary_expression" and above.type != "parenthesized_expression":
            if above.type in ("variable_name", "arguments", "argument", "function_call_expression"):
                continue
            break
        condition = above
    found = METHOD.findall(reader.text(condition)[:500])
    return found[0] if len(found) == 1 and found[0] in HTTP_METHODS else "*"


def _of_pattern(pattern: str) -> str:
    """`^/items/(\\d+)$` as `/items/{1}`; empty for what is more than that."""
    match = PATTERN.match(pattern.replace("\\/", "/"))
    if match is None:
        return ""
    numbers = iter(range(1, 20))
    path = PLACE.sub(lambda m: "{" + (m[1] or str(next(numbers, 20))) + "}", match[1])
    return path if not re.search(r"[\\\[\]|*+?^$]", path) else ""
