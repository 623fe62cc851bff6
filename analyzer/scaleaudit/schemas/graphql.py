"""GraphQL schemas: the operations of the root types, and where a supergraph finds its parts."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts, RemoteCall, ServiceDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FIELDS = 2_000
MAX_BODY = 200_000  # characters of one type
MAX_TYPES = 200
TOKEN = regex(r"\"\"\".*?(?:\"\"\"|\Z)|\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*", re.DOTALL)
ROOT = regex(r"\btype\s+(Query|Mutation|Subscription)\b[^{}]{0,2000}\{")
PUNCTUATION = regex(r"[(){}\[\]:]|@?\w+")
SUBGRAPH = regex(r"@join__graph\(\s*name:\s*\"([^\"\n]*)\"\s*,\s*url:\s*\"([^\"\n]+)\"\s*\)")
OF_FEDERATION = {"_service", "_entities"}


def extract(content: bytes) -> FileFacts:
    """Operations of `type Query`, `extend type Mutation`; documents of clients define none."""
    text = content.decode(errors="replace")
    facts: list[ServiceDefined | RemoteCall] = list(operations(text))
    for match in islice(SUBGRAPH.finditer(text), MAX_TYPES):
        line = text.count("\n", 0, match.start()) + 1
        facts.append(
            RemoteCall(Span(line), "apollo-federation", Literal(match[2]), protocol="graphql")
        )
    if any(isinstance(fact, RemoteCall) for fact in facts):
        # what a supergraph offers its subgraphs define
        facts = [fact for fact in facts if isinstance(fact, RemoteCall)]
    return FileFacts(tuple(facts), lines=text.count("\n") + 1)


def operations(text: str, first_line: int = 1) -> Iterator[ServiceDefined]:
    """The fields of the root types; `first_line` is where the text begins in its file."""
    plain = TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in islice(ROOT.finditer(plain), MAX_TYPES):
        names = tuple(islice(fields(plain[match.end() : match.end() + MAX_BODY]), MAX_FIELDS))
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
