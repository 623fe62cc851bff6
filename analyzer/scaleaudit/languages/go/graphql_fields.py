"""gqlgen: the methods that answer a field of each object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.graphql_fields import functions_at, resolved
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader

METHOD = regex(rb"^func \(\w* ?\*(\w+)Resolver\) (\w+)\(ctx context\.Context, obj \*", re.MULTILINE)


def fields_resolved(reader: GoReader) -> Iterator[Fact]:
    """`func (r *orderResolver) Customer(ctx context.Context, obj *model.Order)`."""
    for match, function in functions_at(reader, METHOD) if b"Resolver)" in reader.content else ():
        owner, name = (part.decode("utf-8", "replace") for part in match.groups())
        yield from resolved(reader, function, owner[:1].upper() + owner[1:], name)
