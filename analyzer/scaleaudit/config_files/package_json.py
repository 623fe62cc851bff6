"""`package.json`: name, run-time dependencies, workspaces, scripts; `lerna.json`: its packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import first, items, members, read_json, text_at
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.config_files.secret_values import masked
from scaleaudit.facts import DEV_PROXY, PackageDeclared, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.config_files.json_entries import JsonEntry
    from scaleaudit.facts import FileFacts

# Scripts that start the program itself; `dev` and `watch` are for the desk.
_START = regex(r"(?:start|serve)(?::(?:prod|production|server|api|web|worker|app))?\Z")
# A start script of these serves files to the one who edits them, or runs other packages.
_DESK = regex(
    r"^(?:[^\s=]+=\S* )*(?:npx )?(?:vite(?! preview)|ng serve|react-scripts start|vue-cli-service serve"
    r"|start-storybook|storybook dev|webpack-dev-server|webpack serve|parcel|gatsby develop"
    r"|docusaurus start|turbo|lerna|nx)\b|--watch\b"
)
# A script for the desk that runs the program's own file with Node all the same.
RUN_AT_DESK = regex(
    r"^(?:[^\s=]+=\S* )*(?:npx )?(?:nodemon|ts-node-dev|ts-node|tsx(?: watch)?|node --watch|bun(?: run)?(?: --watch)?)"
    r"\b[^&|]*\.[cm]?[jt]s\s*\Z"
)
_SERVER_MAIN = regex(r"(?:^|/)(?:server|app|index\.server|worker)\.[cm]?[jt]s\Z")
ENTRY_KEYS = ("source", "exports", "module", "main")
SCRIPTS = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx")
MAX_ENTRIES = 100  # of one package
_SERVERS = frozenset({
    "express", "fastify", "koa", "@hapi/hapi", "@nestjs/core", "restify", "polka", "hono",
    "@feathersjs/express", "@adonisjs/core", "sails", "next", "nuxt", "@remix-run/serve",
    "@medusajs/medusa", "@strapi/strapi", "apollo-server", "@apollo/server", "moleculer",
})  # fmt: skip
_BROKERS = frozenset({"amqplib", "kafkajs", "bullmq", "bull", "nats", "mqtt"})

# What makes the program itself, and is told with the tools that build it: its own generators do so.
_BUILT_WITH = frozenset({"@sveltejs/kit", "nuxt"})


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _package)


def _package(text: str) -> Iterator[PackageDeclared | SettingDefined]:
    entries, problem = read_json(text)
    packages = first(entries, "packages")  # of a lerna.json
    if packages is not None and not first(entries, "name"):
        yield PackageDeclared(Span(packages.line), "", "npm", members=items(entries, "packages"))
    elif entries and entries[0].opens == "{":
        yield _declared(entries)
        passed_on = first(entries, "proxy")  # of Create React App's server for developers
        if passed_on is not None and passed_on.value and "://" in passed_on.value:
            at = Span(passed_on.line)
            yield SettingDefined(at, DEV_PROXY, Literal(masked(passed_on.value)), DEV_PROXY)
    if problem:
        raise NotUnderstoodError(problem)


def _declared(entries: Sequence[JsonEntry]) -> PackageDeclared:
    name = first(entries, "name")
    dependencies = dict(members(entries, "dependencies"))
    dependencies |= dict(members(entries, "optionalDependencies"))
    if first(entries, "exports") is None:  # no library with an example of pages beside it
        for library, version in members(entries, "devDependencies"):
            if library in _BUILT_WITH:
                dependencies.setdefault(library, version)
    scripts = members(entries, "scripts")
    return PackageDeclared(
        at=Span(name.line if name else 1),
        name=(name.value or "") if name else "",
        ecosystem="npm",
        dependencies=tuple(dependencies.items()),
        members=items(entries, "workspaces") or items(entries, "workspaces", "packages"),
        scripts=tuple((key, masked(script)) for key, script in scripts),
        runnable=_runs(entries, scripts, dependencies),
        entries=tuple(dict.fromkeys(_entries(entries)))[:MAX_ENTRIES],
    )


def _entries(entries: Sequence[JsonEntry]) -> Iterator[tuple[str, str]]:
    """`source`, `exports` under any condition, and `main`, in the order in which they tell most."""
    found: list[tuple[int, str, str]] = []
    for entry in entries:
        first_part = entry.path[0] if entry.path else ""
        if not entry.value or first_part not in ENTRY_KEYS:
            continue
        below = entry.path[1] if len(entry.path) > 1 and entry.path[1].startswith(".") else "."
        if entry.value.endswith(SCRIPTS):
            name = below.removeprefix(".").removeprefix("/")
            found.append((ENTRY_KEYS.index(first_part), name, entry.value))
    for _, name, target in sorted(found, key=lambda each: each[0]):
        yield name, target


def _runs(
    entries: Sequence[JsonEntry], scripts: Sequence[tuple[str, str]], dependencies: dict[str, str]
) -> bool:
    if any(_START.match(name) and not _DESK.search(script) for name, script in scripts):
        return True
    if any(name == "dev" and RUN_AT_DESK.match(script) for name, script in scripts):
        return not (_SERVERS | _BROKERS).isdisjoint(dependencies)
    started = first(entries, "bin") or _SERVER_MAIN.search(text_at(entries, "main"))
    return bool(started) and not _SERVERS.isdisjoint(dependencies)
