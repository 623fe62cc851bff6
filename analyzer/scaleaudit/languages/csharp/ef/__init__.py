"""Entity Framework: classes that are tables, what a context says of them, and LINQ queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.csharp.ef.classes import entities
from scaleaudit.languages.csharp.ef.configuration import configured
from scaleaudit.languages.csharp.ef.extensions import extensions
from scaleaudit.languages.csharp.ef.migrations import UP, migrations
from scaleaudit.languages.csharp.ef.queries import queries
from scaleaudit.languages.csharp.ef.query_filters import query_filters
from scaleaudit.languages.csharp.ef.snapshots import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.csharp.syntax import CSharpSyntax


def mapped(reader: CSharpSyntax) -> Iterator[Fact]:
    """Entities, their configuration, and queries of the file."""
    if b"ModelSnapshot" in reader.content:
        yield from snapshot(reader)
        return
    if b"MigrationBuilder" in reader.content and UP.search(reader.content) is not None:
        reader.schema_told = True
        yield from written_with("ef", migrations(reader))
        return
    yield from entities(reader)
    yield from configured(reader)
    yield from query_filters(reader)
    yield from extensions(reader)
    yield from queries(reader)
