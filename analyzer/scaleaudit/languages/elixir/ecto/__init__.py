"""Ecto: what its migrations, schemas and queries say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.ecto.migrations import migrations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.elixir.reader import ElixirReader


def ecto_facts(reader: ElixirReader) -> Iterator[Fact]:
    steps = list(migrations(reader))
    if steps:
        reader.schema_told = True
        yield from steps
