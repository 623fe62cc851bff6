"""Procfile: one process type a line, as Heroku, Dokku, foreman and honcho read it.

Processes that build assets while a developer works are left out: they are no part of the system.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import SHELL, words
from scaleaudit.config_files.reading import text_lines, text_of
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import EnvEntry, FileFacts, WorkloadDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, join

if TYPE_CHECKING:
    from scaleaudit.values import Value

MAX_PROCESSES = 1_000
_LINE = regex(r"([A-Za-z0-9_-]+):\s*(\S.*)")
_ASSIGNMENT = regex(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
# What rebuilds stylesheets and bundles while a developer types, or starts another Procfile.
_ASSETS = regex(
    r"\w:watch\b|-dev-server\b|\bguard\b|\bforeman start\b"
    r"|^(?:yarn|npm|pnpm|bun)\s+(?:run\s+)?(?:build|watch|tailwind|css|sass|assets)[^&;|]*$"
    r"|\b(?:vite|webpack|webpacker|shakapacker|esbuild|tailwindcss|sass|rollup|parcel)\b.*(?:\bdev\b|--watch\b)"
)


def extract(content: bytes) -> FileFacts:
    facts: list[WorkloadDeclared] = []
    lines = text_lines(text_of(content))
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line)
        if found is not None and found[1] != "web" and _ASSETS.search(found[2].rstrip()):
            continue
        if found is not None and len(facts) < MAX_PROCESSES:
            facts.append(_process(number, found[1], found[2].rstrip()))
    return FileFacts(tuple(facts), "", "", len(lines))


def _process(number: int, name: str, text: str) -> WorkloadDeclared:
    environment, command = assignments(words(text, SHELL), Span(number))
    return WorkloadDeclared(
        Span(number),
        name,
        "procfile",
        kind="job" if name == "release" else "service",  # runs once, before each new version
        command=command,
        environment=environment,
        published=name == "web",  # the router of the platform knows this process type alone
    )


def assignments(
    command: tuple[Value, ...], at: Span
) -> tuple[tuple[EnvEntry, ...], tuple[Value, ...]]:
    """The variables set in front of a command (`PORT=3000 rails s`), and the rest of it."""
    entries: list[EnvEntry] = []
    start = 1 if command[:1] == (Literal("env"),) else 0
    for position in range(start, len(command)):
        word = command[position]
        first = word.parts[0] if isinstance(word, Join) else word
        found = _ASSIGNMENT.match(first.text) if isinstance(first, Literal) else None
        if found is None:
            break
        rest = word.parts[1:] if isinstance(word, Join) else ()
        value = without_secrets(found[1], join(Literal(found[2]), *rest))
        entries.append(EnvEntry(found[1], value, at))
    return tuple(entries), command[start + len(entries) :] if entries else command
