"""Eloquent, Doctrine and Phinx: migrations, models and queries, where a file has marks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.php import new_rows, phinx
from scaleaudit.languages.php.doctrine import entities, lookups, static_mapping
from scaleaudit.languages.php.doctrine import migrations as doctrine_migrations
from scaleaudit.languages.php.doctrine import queries as doctrine_queries
from scaleaudit.languages.php.eloquent import migrations, models, queries, unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader


MIGRATIONS = {"doctrine-migrations": doctrine_migrations, "laravel": migrations, "phinx": phinx}


def facts(reader: PhpReader) -> Iterator[Fact]:
    for tool, each in MIGRATIONS.items():
        if each.is_migration(reader):
            reader.schema_told = True
            yield from written_with(tool, each.steps(reader))
            return
    if b"->addMissing" in reader.content:
        yield from doctrine_migrations.optional_indexes(reader)
    yield from migrations.engine(reader)
    yield from written_with("laravel", migrations.installed(reader))
    if entities.may_hold(reader):
        yield from entities.entities(reader)
    yield from static_mapping.mapped_by_builders(reader)
    if models.may_hold(reader):
        yield from models.models(reader)
    laravel = b"Illuminate\\" in reader.content
    if not laravel:
        yield from doctrine_queries.facts(reader)
        yield from lookups.facts(reader)
    if laravel or b"Doctrine\\" not in reader.content:
        yield from queries.facts(reader)
        yield from unsaid.facts(reader)
    yield from new_rows.rows(reader)
