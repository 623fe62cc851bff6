"""Models as Django's migrations name them: by the class, in the application whose migration it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.facts_index import folder_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.linking.models.models import Models

DJANGO = "django"


def named_models(models: Models) -> dict[str, list[tuple[str, str]]]:
    """(file, table) of the models of each name, in lower case."""
    named: dict[str, list[tuple[str, str]]] = {}
    for model in models.all:
        if model.framework == DJANGO:
            named.setdefault(model.name.lower(), []).append((model.path, model.table))
    return named


def table_of(path: str, model: str, named: Mapping[str, list[tuple[str, str]]]) -> str:
    """The table of a class of the application whose migration this is."""
    folder = folder_of(folder_of(path))
    own = [table for where, table in named.get(model, ()) if where.startswith(f"{folder}/")]
    if own:
        return own[0]
    others = named.get(model, [])
    label = folder.rpartition("/")[2]
    return others[0][1] if len(others) == 1 else f"{label}_{model}".lower()
