"""Pages that frameworks serve: one for each file at certain places, which nothing in it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.facts import EndpointServed, PackageDeclared
from scaleaudit.linking.components.roles import main_process
from scaleaudit.linking.endpoints.page_names import PAGES
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.source import Location, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.endpoints.base_paths import BasePaths
    from scaleaudit.linking.facts_index import FactsIndex

WITHOUT_PAGE = (".ts", ".js")  # of Remix: they answer whatever they are asked
MAX_PAGES = 2_000  # of one program
LISTED = "app/routes.ts"  # of React Router, where they do not go by the files' names


def page_endpoints(
    index: FactsIndex, components: Components, base_paths: BasePaths
) -> Iterator[Endpoint]:
    """A GET for each page of a program that has the framework among its own dependencies."""
    for where, package in index.of(PackageDeclared):
        if package.ecosystem != "npm":
            continue
        root = folder_of(where)
        start = f"{root}/" if root else ""
        owner = main_process(components.owning(where))
        page_of = PAGES.get(owner.technology) if owner is not None else None
        if owner is None or page_of is None:
            continue
        if next(iter(index.facts_of(f"{start}{LISTED}", EndpointServed)), None) is not None:
            continue
        pages = (path for path in sorted(index.files) if path.startswith(start))
        found = ((path, page_of(path[len(start) :])) for path in pages)
        served = [
            (path, page)
            for path, page in found
            if page is not None and index.role(path) is Role.SOURCE
        ]
        base = base_paths.of(owner.technology, owner)
        for path, page in served[:MAX_PAGES]:
            plain = owner.technology == "remix" and path.endswith(WITHOUT_PAGE)
            full = f"{base}{page}".rstrip("/") if base else page
            yield Endpoint(owner.id, "*" if plain else "GET", full, Location(path, 1))
