"""Thrift: the services of an interface definition and their methods."""

from __future__ import annotations

import re
from itertools import islice

from scaleaudit.facts import FileFacts, ServiceDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

MAX_SERVICES = 500
MAX_METHODS = 1_000
MAX_BODY = 200_000  # characters
COMMENT = regex(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)|\"[^\"\n]*\"|'[^'\n]*'", re.DOTALL)
SERVICE = regex(r"\bservice\s+(\w+)(?:\s+extends\s+[\w.]+)?\s*\{")
METHOD = regex(r"\b(\w+)\s*\((?=[^()]*\))")
THROWS = "throws"


def extract(content: bytes) -> FileFacts:
    """One fact for each service; structs say nothing here."""
    text = content.decode(errors="replace")
    plain = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    facts = []
    found = list(islice(SERVICE.finditer(plain), MAX_SERVICES))
    ends = [match.start() for match in found[1:]] + [len(plain)]
    for match, end in zip(found, ends, strict=False):
        inside = plain[match.end() : min(end, match.end() + MAX_BODY)].partition("}")[0]
        names = (m[1] for m in METHOD.finditer(inside))
        methods = tuple(islice((name for name in names if name != THROWS), MAX_METHODS))
        line = plain.count("\n", 0, match.start()) + 1
        facts.append(ServiceDefined(Span(line), "thrift", match[1], methods))
    return FileFacts(tuple(facts), lines=text.count("\n") + 1)
