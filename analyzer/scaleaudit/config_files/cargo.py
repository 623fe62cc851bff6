"""`Cargo.toml`: a Rust package with its programs, and the members of a workspace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.config_files.toml_text import parsed, table, text_of, texts_of
from scaleaudit.facts import PackageDeclared
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _package)


def _package(text: str) -> Iterator[PackageDeclared]:
    """Programs that are named stand under `scripts`, with their files.

    What a dependency is built with follows its name in brackets, as an entry of its own:
    `sqlx[postgres]`.
    """
    document = parsed(text)
    package, members = table(document, "package"), table(document, "workspace").get("members")
    if not package and not members:
        return
    binaries = document.get("bin")
    programs = {
        text_of(each.get("name")): text_of(each.get("path"))
        for each in (binaries if isinstance(binaries, list) else ())
        if isinstance(each, dict) and text_of(each.get("name"))
    }
    yield PackageDeclared(
        Span(_line(text, "name" if package else "members")),
        text_of(package.get("name")),
        "cargo",
        tuple(dict(_dependencies(document)).items()),
        texts_of(members),
        tuple(programs.items()),
        runnable=bool(programs),
    )


def _dependencies(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Under the name of the package, where it is given another one here."""
    for name, given in table(document, "dependencies").items():
        if not isinstance(given, dict):
            yield name, text_of(given)
            continue
        known = text_of(given.get("package")) or name
        yield known, text_of(given.get("version"))
        for feature in texts_of(given.get("features")):
            yield f"{known}[{feature}]", ""


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text_lines(text), 1):
        if re.match(rf"\s*{key}\s*=", line):
            return number
    return 1
