"""The history of each database, with models that migrations name in place of tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import MigrationStep, TableChanged, TableDefined
from scaleaudit.linking.components.roles import main_process
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.models.migrated import named_models, table_of
from scaleaudit.schemas.history import histories
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.architecture import Migration
    from scaleaudit.facts import FileFacts
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.models import Models


def migrations(
    facts: Mapping[str, FileFacts], index: FactsIndex, components: Components, models: Models
) -> list[Migration]:
    """All migrations, those of one database together in their order."""
    kinds = (TableDefined, TableChanged, MigrationStep)
    paths = {path for kind in kinds for path, _ in index.of(kind)}
    wanted = sorted(p for p in paths if index.role(p) in (Role.SOURCE, Role.MIGRATION))

    @cache
    def application(path: str) -> str:
        owner = main_process(components.owning(path))
        return owner.application if owner is not None else ""

    found = histories(((path, facts[path]) for path in wanted), application)
    if not any(isinstance(s, TableChanged) and s.model for each in found for s in each.steps):
        return found
    named = named_models(models)
    return [
        msgspec.structs.replace(
            each,
            steps=tuple(
                on_table(step, each.path, named)
                if isinstance(step, TableChanged) and step.model
                else step
                for step in each.steps
            ),
        )
        for each in found
    ]


def on_table(
    step: TableChanged, path: str, named: Mapping[str, list[tuple[str, str]]]
) -> TableChanged:
    """The step, said of the model's table; a class renamed over a table of its own renames none."""
    table = table_of(path, step.model, named)
    if step.action != "rename":
        return msgspec.structs.replace(step, table=table)
    new = table_of(path, step.name, named)
    label = folder_of(folder_of(path)).rpartition("/")[2]
    if new != f"{label}_{step.name}".lower():
        table = new
    return msgspec.structs.replace(step, table=table, name=new)
