"""Which endpoint a query is asked by: the one whose handler it stands in."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scaleaudit.api import regex

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Endpoint, QueryFound, Site

PARTS = regex(r"[#./:\\]+")
CONTROLLER = regex(r"[a-z0-9_/]+")
# Names of files that say nothing of what is in them.
COMMON = {
    "views",
    "view",
    "index",
    "handlers",
    "handler",
    "routes",
    "api",
    "",
    "app",
    "main",
    "server",
}
ONE = ("}", ">", "}/", ">/")  # paths of single things
READ = {"GET", "*", "ANY", "ALL", ""}


class Handlers:
    """The endpoints that read, by the names of what serves them."""

    def __init__(self, architecture: Architecture) -> None:
        self._by_name: dict[str, list[Endpoint]] = {}
        self._in_file: dict[str, list[Endpoint]] = {}
        for endpoint in architecture.endpoints:
            if endpoint.protocol != "http":
                continue
            self._in_file.setdefault(endpoint.at.path, []).append(endpoint)
            if endpoint.method in READ:
                self._by_name.setdefault(words(endpoint.handler)[-1], []).append(endpoint)
        for several in self._in_file.values():
            several.sort(key=lambda endpoint: endpoint.at)

    def of(self, site: Site[QueryFound]) -> Endpoint | None:
        """The endpoint in whose handler the query stands; None when that cannot be told."""
        scope = words(site.fact.scope)
        if not site.fact.scope:
            return self._around(site)
        stem = plain(PurePosixPath(site.at.path).name.partition(".")[0])
        fitting: list[Endpoint] = []
        for endpoint in self._by_name.get(scope[-1], ()):
            handler = words(endpoint.handler)
            if len(handler) == 1:
                if endpoint.at.path == site.at.path:
                    return endpoint
            elif elsewhere(endpoint.handler, site.at.path):
                continue
            elif handler[-2] in scope[-2:-1] or (
                handler[-2] == stem and (stem not in COMMON or beside(endpoint, site))
            ):
                fitting.append(endpoint)
        return max(fitting, key=lambda each: each.handler.count("/"), default=None)

    def of_class(self, site: Site[QueryFound]) -> Endpoint | None:
        """The list of a class whose lists its framework answers; None where two have its name."""
        name = site.fact.scope.rpartition(".")[2]
        served = [
            endpoint
            for endpoint in self._by_name.get(plain(name), ())
            if PARTS.split(endpoint.handler)[-1] == name and not endpoint.path.endswith(ONE)
        ]
        return min(served, key=lambda endpoint: endpoint.at, default=None)

    def _around(self, site: Site[QueryFound]) -> Endpoint | None:
        """A function without a name stands where its route does."""
        before = [e for e in self._in_file.get(site.at.path, ()) if e.at.line <= site.at.line]
        last = before[-1] if before else None
        return last if last is not None and last.method in READ and last.method else None


def elsewhere(handler: str, path: str) -> bool:
    """Whether Rails loads `api/v1/orders#index` from another file than the one of that class name.

    A part of a namespace that is not read (an engine's, a `scope` in a variable) may stand before.
    """
    controller, mark, _ = handler.partition("#")
    _, folder, file = path.rpartition("controllers/")
    if not mark or not folder or not CONTROLLER.fullmatch(controller):
        return False
    return not f"/{file}".endswith(f"/{controller}_controller.rb")


def beside(endpoint: Endpoint, site: Site[QueryFound]) -> bool:
    """In the folder of the routes, or below."""
    folder = str(PurePosixPath(endpoint.at.path).parent)
    return folder == "." or site.at.path.startswith(f"{folder}/")


def words(name: str) -> list[str]:
    return [plain(part) for part in PARTS.split(name) if part] or [""]


def plain(word: str) -> str:
    """`CommentsController`, `comments_controller`, `comments`: one and the same."""
    return word.lower().replace("_", "").removesuffix("controller")
