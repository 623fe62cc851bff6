"""Code that a browser loads as one bundle, told by the package that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import PackageDeclared

if TYPE_CHECKING:
    from scaleaudit.api import Architecture

PAGES = frozenset(
    "react-dom vue svelte @angular/core preact solid-js lit ember-source alpinejs".split()  # noqa: SIM905
)
# Beside these the same package also serves: its modules are loaded by a process of their own.
SERVERS = frozenset(
    "express fastify koa @nestjs/core hono @hapi/hapi next nuxt @remix-run/node @remix-run/serve"  # noqa: SIM905
    " @react-router/node @react-router/serve @sveltejs/kit astro electron react-native expo".split()
)


def bundles(architecture: Architecture) -> dict[str, bool]:
    """Folder of each npm package -> whether it is made of pages alone."""
    found: dict[str, bool] = {}
    for site in architecture.sites(PackageDeclared):
        if site.fact.ecosystem == "npm":
            names = {name for name, _ in site.fact.dependencies}
            folder = site.at.path.rpartition("/")[0]
            found[folder] = bool(names & PAGES) and not names & SERVERS
    return found


def in_bundle(folders: dict[str, bool], path: str) -> bool:
    """By the nearest package above."""
    folder = path.rpartition("/")[0]
    while folder not in folders and folder:
        folder = folder.rpartition("/")[0]
    return folders.get(folder, False)
