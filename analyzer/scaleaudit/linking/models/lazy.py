"""Relations that are loaded once for each row of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    LazyLoad,
    PackageDeclared,
    RowsVisited,
    SettingDefined,
)
from scaleaudit.linking.models.scopes import Scopes
from scaleaudit.linking.models.templates import Templates
from scaleaudit.linking.models.walk import Walk, one_of, source_of
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.models import Models

# Libraries by which the first row that reads a relation loads it for the whole list.
LOADING = {
    "goldiloader": "activerecord",
    "jit_preloader": "activerecord",
    "django-auto-prefetch": "django",
}

BATCHED = ("default_batch_fetch_size", "default-batch-fetch-size")  # of Hibernate


def lazy_loads(
    index: FactsIndex, modules: Modules, models: Models, links: Links
) -> Iterator[tuple[str, LazyLoad]]:
    """(path, what is loaded): of loops in code, and of lists that templates show."""
    if not models:
        return
    scopes = Scopes(index, models)
    loading = self_loading(index)
    walk = Walk(models, links)
    for path, visit in index.of(RowsVisited):
        if index.role(path) is not Role.SOURCE or visit.rows.framework in loading:
            continue
        rows = source_of(models, links, scopes, path, visit.rows, visit.scope)
        for read in visit.reads if rows is not None else ():
            assert rows is not None
            walk.follow(one_of(rows), read.path.split("."), path, read.at)
    Templates(index, modules, models, links, scopes, walk).render()
    yield from (each for each in walk.found.values() if each[1].library not in loading)


def self_loading(index: FactsIndex) -> set[str]:
    """Mappers that a library or a setting makes load a relation for many rows at once."""
    found = {
        LOADING[name]
        for _, package in index.of(PackageDeclared)
        for name, _ in package.dependencies
        if name in LOADING
    }
    if any(each.key.lower().endswith(BATCHED) for _, each in index.of(SettingDefined)):
        found.add("jpa")
    return found
