"""Ecto: what its migrations, schemas and queries say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.elixir.ecto.migrations import migrations
from scaleaudit.languages.elixir.ecto.prepared import prepared
from scaleaudit.languages.elixir.ecto.queries import queries
from scaleaudit.languages.elixir.ecto.schemas import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.elixir.reader import ElixirReader


def ecto_facts(reader: ElixirReader) -> Iterator[Fact]:
    steps = list(migrations(reader))
    if steps:
        reader.schema_told = True
        yield from written_with("ecto", steps)
        return
    models = list(schemas(reader))
    yield from models
    yield from queries(reader, {model.name for model in models})
    yield from prepared(reader)
