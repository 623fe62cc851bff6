"""GraphQL schemas: the operations of the root types, and where a supergraph finds its parts."""

from __future__ import annotations

from itertools import islice

from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.graphql_types import GATEWAY, operations
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

MAX_SUBGRAPHS = 200
SUBGRAPH = regex(r"@join__graph\(\s*name:\s*\"([^\"\n]*)\"\s*,?\s*url:\s*\"([^\"\n]+)\"\s*\)")


def extract(content: bytes) -> FileFacts:
    """Operations of `type Query`, `extend type Mutation`; documents of clients define none.

    What a supergraph offers its subgraphs define: of it only their addresses are kept.
    """
    text = content.decode(errors="replace")
    lines = text.count("\n") + 1
    subgraphs = tuple(
        SettingDefined(
            Span(text.count("\n", 0, match.start()) + 1),
            f"subgraph:{match[1]}",
            Literal(match[2]),
            GATEWAY,
        )
        for match in islice(SUBGRAPH.finditer(text), MAX_SUBGRAPHS)
    )
    return FileFacts(subgraphs or tuple(operations(text)), lines=lines)
