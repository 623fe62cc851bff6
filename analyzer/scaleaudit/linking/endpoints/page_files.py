"""Pages that Next.js serves: one for each file at certain places, which nothing in it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Endpoint
from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.components.roles import main_process
from scaleaudit.linking.endpoints.paths import normal
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.regex import regex
from scaleaudit.source import Location, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components import Components
    from scaleaudit.linking.facts_index import FactsIndex

FRAMEWORK = "next"
# `pages/orders/[id].tsx`, `app/(shop)/orders/page.tsx`; what begins with `_` only stands around.
BY_NAME = regex(
    r"(?:src/)?pages/(?!api/)((?:[^/]+/)*(?!_|404\.|500\.|middleware\.)(?:\[[^/]+\]|[^/.]+))"
    r"\.(?:[jt]sx?|mdx?)"
)
BY_FOLDER = regex(r"(?:src/)?app/((?:[^/]+/)*)page\.(?:[jt]sx?|mdx?)")
PARAMETER = regex(r"\[{1,2}(?:\.\.\.)?([\w-]+)\]{1,2}")
MAX_PAGES = 2_000  # of one program


def page_endpoints(index: FactsIndex, components: Components) -> Iterator[Endpoint]:
    """A GET for each page of a program that has the framework among its own dependencies."""
    for where, package in index.of(PackageDeclared):
        names = {name for name, _ in package.dependencies}
        if package.ecosystem != "npm" or FRAMEWORK not in names:
            continue
        root = folder_of(where)
        start = f"{root}/" if root else ""
        owner = main_process(components.owning(where))
        if owner is None or owner.technology != FRAMEWORK:
            continue
        pages = (path for path in sorted(index.files) if path.startswith(start))
        found = ((path, page_path(path[len(start) :])) for path in pages)
        served = [
            (path, page)
            for path, page in found
            if page is not None and index.role(path) is Role.SOURCE
        ]
        for path, page in served[:MAX_PAGES]:
            yield Endpoint(owner.id, "GET", page, Location(path, 1))


def page_path(file: str) -> str | None:
    """`app/(shop)/orders/[id]/page.tsx` -> `/orders/{id}`; None for what is no page."""
    by_name = BY_NAME.fullmatch(file)
    if by_name is not None:
        parts = by_name[1].split("/")
        parts = parts[:-1] if parts[-1] == "index" else parts
    else:
        by_folder = BY_FOLDER.fullmatch(file)
        if by_folder is None:
            return None
        parts = [part for part in by_folder[1].split("/") if part]
        if any(part.startswith(("_", "(.")) for part in parts):
            return None  # kept apart, or shown in place of another
        parts = [part for part in parts if not part.startswith(("(", "@"))]
    return normal(PARAMETER.sub(r"{\1}", "/".join(parts)))
