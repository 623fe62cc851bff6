"""What getters read of an object: `order.getCustomer().getName()` reads `customer.name`."""

from __future__ import annotations

import re
from itertools import islice

from scaleaudit.facts import EACH, WHOLE, AttributeRead
from scaleaudit.regex import regex
from scaleaudit.source import Span

CHAIN = (
    rb"(?<![\w.])%s((?:\s*\.\s*(?:get|is)[A-Z]\w*\(\))+)(\s*\.\s*(?!get[A-Z]|is[A-Z])\w+(?=\s*\())?"
)
GETTER = regex(rb"(?:get|is)([A-Z]\w*)\(\)")
MADE_OF = regex(rb"\bnew\s+\w+\s*\(\s*\Z")
STREAMED = regex(rb"\bStream\s*\.\s*ofNullable\s*\(\s*\Z")
MAX_READS = 60  # of one piece
BEFORE = 80  # bytes


def reads_of(content: bytes, item: str, within: tuple[int, int]) -> tuple[AttributeRead, ...]:
    """Dotted paths, each once.

    A getter alone only hands on what is behind it, unless a loop goes over it or an object is made
    of it; the key of an object is known without loading it.
    """
    found: dict[str, AttributeRead] = {}
    form = re.compile(CHAIN % re.escape(item.encode()))
    for match in islice(form.finditer(content, *within), MAX_READS):
        parts = [decapitalized(name.decode()) for name in GETTER.findall(match[1])]
        before = content[max(within[0], match.start() - BEFORE) : match.start()]
        if match[2]:
            parts.append(match[2].decode().strip(" .\n\t\r"))
        elif looped(before, content[match.end() : match.end() + BEFORE]):
            parts.append(EACH)
        elif MADE_OF.search(before) is not None and content[match.end() : match.end() + 1] == b")":
            parts.append(WHOLE)
        if len(parts) > 1 and parts[-1] == "id":
            parts[-2:] = [f"{parts[-2]}Id"]
        if len(parts) > 1:
            line = content.count(b"\n", 0, match.start()) + 1
            found.setdefault(".".join(parts), AttributeRead(".".join(parts), Span(line)))
    return tuple(found.values())


def looped(before: bytes, after: bytes) -> bool:
    """The whole of what another loop or stream goes over."""
    return STREAMED.search(before) is not None or (
        before.rstrip().endswith(b":") and after.lstrip().startswith(b")")
    )


def decapitalized(name: str) -> str:
    return name if name[:2].isupper() and len(name) > 1 else name[:1].lower() + name[1:]
