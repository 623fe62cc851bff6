"""Protocol buffers: the services of a `.proto` file, their methods, and the HTTP routes of these."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts, ServiceDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SERVICES = 500  # of one file
MAX_METHODS = 1_000  # of one service, and as many routes
MAX_TOKENS = 500_000
TOKEN = regex(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[\w.]+|\S", re.DOTALL
)
VERBS = {"get", "put", "post", "delete", "patch"}
HTTP_RULE = "google.api.http"
PARAMETER = regex(r"\{([\w.]+)=[^{}]*\}")  # `{name=shelves/*}`


def extract(content: bytes) -> FileFacts:
    """One fact for each service; messages say nothing here."""
    text = content.decode(errors="replace")
    found = tuple(islice(services(text), MAX_SERVICES))
    return FileFacts(found, lines=text.count("\n") + 1)


def services(text: str) -> Iterator[ServiceDefined]:
    words = tokens(text)
    package, depth, before = "", 0, ""
    for word, at in words:
        if word == "{":
            depth += 1
        elif word == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and before == "package":
            package = word
        elif depth == 0 and before == "service":
            name = f"{package}.{word}" if package else word
            line = text.count("\n", 0, at) + 1
            methods, routes = body(words)
            yield ServiceDefined(Span(line), "grpc", name, methods, routes)
            before = ""
            continue
        before = word


def tokens(text: str) -> Iterator[tuple[str, int]]:
    for match in islice(TOKEN.finditer(text), MAX_TOKENS):
        if not match[0].startswith(("//", "/*")):
            yield match[0], match.start()


def body(
    words: Iterator[tuple[str, int]],
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """The methods between the braces that come next, and what `google.api.http` says of them."""
    methods: list[str] = []
    routes: list[tuple[str, str, str]] = []
    depth, before, verb, of_http = 0, "", "", False
    for word, _ in words:
        if word == "{":
            depth += 1
        elif word == "}":
            depth -= 1
            of_http = of_http and depth > 2
            if depth <= 0:
                break
        elif depth == 1 and before == "rpc" and len(methods) < MAX_METHODS:
            methods.append(word)
        elif word == HTTP_RULE:
            of_http = True
        elif of_http and word.lstrip(".") in VERBS:
            verb = word.lstrip(".").upper()
        elif of_http and verb and word[0] in "\"'" and before in (":", "="):
            if methods and len(routes) < MAX_METHODS:
                routes.append((verb, PARAMETER.sub(r"{\1}", word[1:-1]), methods[-1]))
            verb = ""
        before = word
    return tuple(methods), tuple(routes)
