"""Which packages are made for browsers, devices or the command line."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.loading import loaded
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.linking.facts_index import FactsIndex

# What a program for browsers or devices is made of, and what makes a server of it after all.
CLIENTS = {"react-dom", "vue", "svelte", "@angular/core", "preact", "solid-js", "react-native"} | {
    "electron",
    "@tauri-apps/api",
    "phaser",
    "three",
    "ember-source",
    "commander",
    "yargs",
    "oclif",
    "@oclif/core",
}
SERVERS = {"express", "fastify", "koa", "@nestjs/core", "next", "nuxt", "hono", "@hapi/hapi"} | {
    "@sveltejs/kit",
    "astro",
    "@apollo/server",
    "apollo-server",
    "graphql-yoga",
    "@remix-run/node",
    "@react-router/node",
    "polka",
    "socket.io",
    "bullmq",
    "kafkajs",
    "kafka-node",
    "node-rdkafka",
    "pg",
    "mongoose",
    "mongodb",
    "mysql2",
    "knex",
    "typeorm",
    "sequelize",
    "@prisma/client",
}

# Their routes stand in code; beside what a page is made of, without any, they hand out its files.
WITH_ROUTES = {"express", "fastify", "koa", "hono", "@hapi/hapi", "polka"}


# What a program for Android is built from, and the folder of its module above the sources.
ANDROID = ("android.app.", "android.content.", "android.database.", "android.os.", "androidx.")
OF_MODULE = regex(r"^(?:.*/)?(?=src/(?:main|\w+)/(?:java|kotlin)/)")


# What packs a program for desktops, as a script of its package.
PACKS = regex(r"\belectron-(?:builder|forge|packager|vite)\b")

# What .NET projects refer to whose pages run in browsers, or that are programs for devices.
DOTNET_CLIENTS = {"Microsoft.AspNetCore.Components.WebAssembly", "Microsoft.Maui.Controls"}

# What the script of a page imports to draw it; a server that draws pages imports another part.
DRAWS = {"react-dom/client", "@angular/platform-browser", "@angular/platform-browser-dynamic"}
DRAWN_WITH = {"vue", "svelte"}  # these two in the file that begins the page
BEGINS = regex(r"(?:^|/)(?:main|index)\.[jt]sx?$")
BY_SERVERS = {"react-dom/server", "@vue/server-renderer", "vue/server-renderer", "svelte/server"}


def on_devices(index: FactsIndex) -> tuple[str, ...]:
    """Folders of what runs on people's devices: modules of the JVM for Android, programs for desktops,
    pages in C#.

    Each has a database and a clock of its own, and whatever it serves it serves to itself.
    """
    found = {
        module[0]
        for path, _ in index.importing(lambda name: name.startswith(ANDROID))
        if (module := OF_MODULE.match(path)) is not None
    }
    found |= {
        f"{folder_of(path)}/"
        for path, package in index.of(PackageDeclared)
        if any(PACKS.search(script) for _, script in package.scripts)
        and SERVERS.isdisjoint(name for name, _ in package.dependencies)
    }
    found |= {
        f"{folder_of(path)}/"
        for path, package in index.of(PackageDeclared)
        if package.ecosystem == "nuget" and DOTNET_CLIENTS.intersection(dict(package.dependencies))
    }
    return tuple(sorted(found - {"", "/"}))


def scripts_of_pages(
    index: FactsIndex, imports: Mapping[str, list[str]], busy: Iterable[str]
) -> set[str]:
    """Files that only the script of a page loads, also in a package that a server is made of too.

    `busy`: the files from which a server starts to load.
    """
    entries = {
        path
        for path, fact in index.importing(lambda name: name in DRAWS | DRAWN_WITH)
        if fact.module in DRAWS or BEGINS.search(path) is not None
    }
    if not entries:
        return set()
    drawing = {path for path, _ in index.importing(lambda name: name in BY_SERVERS)}
    return loaded(entries, imports) - loaded({*busy, *drawing}, imports)


def client_packages(index: FactsIndex) -> tuple[dict[str, bool], set[str]]:
    """Folders of npm packages, and whether each is such a program; those that run in both worlds.

    `tsconfig.app.json` marks an application of a workspace that has one list of dependencies: what
    its own files import says what it is made of.
    """
    client: dict[str, bool] = {}
    drawn: set[str] = set()
    marked: dict[str, set[str]] = {}
    for path, package in index.of(PackageDeclared):
        folder = folder_of(path)
        if package.ecosystem != "npm":
            continue
        if not package.name and not package.dependencies:
            marked.setdefault(folder, set())
            continue
        names = {name for name, _ in package.dependencies}
        client[folder] = bool(names & CLIENTS) and not names & (SERVERS - WITH_ROUTES)
        if "nuxt" in names and not names & (SERVERS - {"nuxt"}):
            drawn.add(folder)
    for folder in client:
        marked.pop(folder, None)
    if not marked:
        return client, drawn

    @cache
    def names_around(path: str) -> set[str] | None:
        """Of the nearest such package, where it is gathered what its files load."""
        folder = folder_of(path)
        while folder and folder not in marked:
            folder = folder_of(folder)
        return marked.get(folder) if index.role(path) is not Role.TEST else None

    for path, fact in index.importing(tells):
        if not fact.type_only and fact.module[:1] not in "./":
            around = names_around(path)
            if around is not None:
                around.add(package_of(fact.module))
    for folder, names in marked.items():
        if names & CLIENTS and not names & SERVERS:
            client[folder] = True
    return client, drawn


def tells(module: str) -> bool:
    """Its package makes a program one for browsers, or a server."""
    return package_of(module) in CLIENTS | SERVERS


def package_of(module: str) -> str:
    """`react-dom/client` is a part of `react-dom`."""
    return "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
