"""Code that a browser loads as one bundle, told by the package that it stands in.

What is made for devices, desktops or the command line is no bundle: its modules are loaded one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleaudit.api import Architecture

PAGES = frozenset(
    """
    react-dom vue svelte @angular/core preact solid-js lit ember-source alpinejs
    """.split()  # noqa: SIM905 - a table to be read
)
# Beside these, a process loads the modules of the package too.
LOADERS = frozenset(
    """
    express fastify koa @nestjs/core hono @hapi/hapi next nuxt @remix-run/node @remix-run/serve
    @react-router/node @react-router/serve @sveltejs/kit astro electron react-native expo
    """.split()  # noqa: SIM905 - a table to be read
)


def bundles(architecture: Architecture) -> dict[str, bool]:
    """Folder of each npm package -> whether it is made of pages alone."""
    found: dict[str, bool] = {}
    for site in architecture.packages:
        if site.fact.ecosystem == "npm":
            names = {name for name, _ in site.fact.dependencies}
            folder = site.at.path.rpartition("/")[0]
            found[folder] = bool(names & PAGES) and not names & LOADERS
    return found


def in_bundle(folders: dict[str, bool], path: str) -> bool:
    """By the nearest package above."""
    folder = path.rpartition("/")[0]
    while folder not in folders and folder:
        folder = folder.rpartition("/")[0]
    return folders.get(folder, False)
