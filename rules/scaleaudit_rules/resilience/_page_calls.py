"""Calls that only a page in a browser can make, wherever their files lie."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.api import RemoteCall, regex

if TYPE_CHECKING:
    from scaleaudit.api import Architecture, Reach, Site

# Without a host it is the page's own server that is asked: no other program can resolve it.
IN_PAGE = regex(r"/(?!/)")
CLIENTS = {"axios", "fetch", "ky", "superagent", "cross-fetch", "isomorphic-fetch"}
SEVERAL = 5  # such calls, for a package to be made for pages
MOST = 0.9  # of its calls to a known place


def calls_of_pages(architecture: Architecture) -> list[Site[RemoteCall]]:
    """By their address, or in a package whose other calls are of that kind and which serves nobody."""
    places = {reach.at for reach in architecture.reaches if is_in_page(reach)}
    if not places:
        return []
    packages = packages_of_pages(architecture)
    return [
        site
        for site in architecture.sites(RemoteCall)
        if site.fact.library in CLIENTS
        and (site.at in places or package_of(architecture, site.at.path) in packages)
    ]


def is_in_page(reach: Reach) -> bool:
    return reach.library in CLIENTS and IN_PAGE.match(reach.address) is not None


def packages_of_pages(architecture: Architecture) -> set[str]:
    asked: dict[str, list[bool]] = {}
    for reach in architecture.reaches:
        if reach.library in CLIENTS and (reach.host or is_in_page(reach)):
            package = package_of(architecture, reach.at.path)
            asked.setdefault(package, []).append(is_in_page(reach))
    serving = {package_of(architecture, each.at.path) for each in architecture.endpoints}
    return {
        package
        for package, known in asked.items()
        if package not in serving and sum(known) >= SEVERAL and sum(known) > MOST * len(known)
    }


def package_of(architecture: Architecture, path: str) -> str:
    """The folder of the nearest package around a file; empty for that of the whole repository."""
    folders = packages_in(architecture)
    folder = path.rpartition("/")[0]
    while folder and folder not in folders:
        folder = folder.rpartition("/")[0]
    return folder


@lru_cache(maxsize=1)
def packages_in(architecture: Architecture) -> frozenset[str]:
    return frozenset(
        site.at.path.rpartition("/")[0]
        for site in architecture.packages
        if site.fact.ecosystem == "npm"
    )
