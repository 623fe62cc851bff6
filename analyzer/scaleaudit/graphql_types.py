"""GraphQL's schema language: the fields of the root types, which are what a server offers."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import ServiceDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# The source of the settings that say where a gateway finds its parts: `subgraph:cart`.
GATEWAY = "graphql-gateway"
MAX_FIELDS = 2_000
MAX_BODY = 200_000  # characters of one type
MAX_TYPES = 200
TOKEN = regex(r"\"\"\".*?(?:\"\"\"|\Z)|\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*", re.DOTALL)
# not a type of TypeScript (`type Query = {`) or Go (`type Query struct {`)
ROOT = regex(
    r"\btype\s+(Query|Mutation|Subscription)\b(?!\s+(?:struct|interface)\b)[^{}=]{0,400}\{"
)
PUNCTUATION = regex(r"[(){}\[\]:]|@?\w+")
OF_FEDERATION = {"_service", "_entities"}


def operations(text: str, first_line: int = 1) -> Iterator[ServiceDefined]:
    """The fields of the root types; `first_line` is where the text begins in its file."""
    plain = TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    found = list(islice(ROOT.finditer(plain), MAX_TYPES))
    ends = [match.start() for match in found[1:]] + [len(plain)]
    for match, end in zip(found, ends, strict=False):
        body = plain[match.end() : min(end, match.end() + MAX_BODY)]
        names = tuple(islice(fields(body), MAX_FIELDS))
        if names:
            line = plain.count("\n", 0, match.start()) + first_line
            yield ServiceDefined(Span(line), "graphql", match[1], names)


def fields(body: str) -> Iterator[str]:
    """The names of the fields up to the brace that closes the type."""
    depth, before = 0, ""
    for match in PUNCTUATION.finditer(body):
        word = match[0]
        if word in "([{":
            if word == "(" and depth == 0 and before and before not in OF_FEDERATION:
                yield before
            depth += 1
            before = ""
        elif word in ")]}":
            if word == "}" and depth == 0:
                return
            depth -= 1
        elif depth == 0 and word == ":":
            if before and before not in OF_FEDERATION:
                yield before
            before = ":"
        elif depth == 0:
            # after a colon comes the type, after the type the next field
            before = "" if before == ":" or word.startswith("@") else word
