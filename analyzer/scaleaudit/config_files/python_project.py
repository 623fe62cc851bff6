"""`pyproject.toml`: a Python project after PEP 621 or Poetry, and uv's workspace."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scaleaudit.config_files.python_requirements import requirement
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.config_files.toml_text import parsed, table, text_of
from scaleaudit.facts import PackageDeclared
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _project)


def _project(text: str) -> Iterator[PackageDeclared]:
    """Nothing for a file that only holds the settings of tools."""
    document = parsed(text)
    project, tool = table(document, "project"), table(document, "tool")
    poetry, members = table(tool, "poetry"), table(tool, "uv", "workspace").get("members")
    groups = table(document, "dependency-groups")
    if not (project or poetry or members or groups or "build-system" in document):
        return
    scripts = _pairs(table(project, "scripts")) or _pairs(table(poetry, "scripts"))
    yield PackageDeclared(
        at=Span(_name_line(text)),
        name=text_of(project.get("name")) or text_of(poetry.get("name")),
        ecosystem="pypi",
        dependencies=tuple(
            dict((*_grouped(groups), *_required(project), *_poetry_required(poetry))).items()
        ),
        members=tuple(m for m in members if isinstance(m, str))
        if isinstance(members, list)
        else (),
        scripts=scripts,
        runnable=bool(scripts),
    )


def _pairs(table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Poetry's scripts may be tables with the function under `callable` or `reference`."""
    found = []
    for name, value in table.items():
        if isinstance(value, dict):
            value = value.get("callable") or value.get("reference")
        if isinstance(value, str):
            found.append((name, value))
    return tuple(found)


def _required(project: dict[str, Any]) -> Iterator[tuple[str, str]]:
    listed = project.get("dependencies")
    for text in listed if isinstance(listed, list) else ():
        found = requirement(text) if isinstance(text, str) else None
        if found:
            yield found


def _grouped(groups: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Groups of PEP 735 that the program needs to run; those of its developers say nothing."""
    for name in ("main", "default", "prod", "production", "runtime"):
        yield from _required({"dependencies": groups.get(name)})


def _poetry_required(poetry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table(poetry, "dependencies").items():
        if name != "python":
            yield name, version_of(value)


def version_of(value: object) -> str:
    """The version in a Poetry or Pipfile entry: a text, or a table that may name one."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("version")
    return text_of(value)


def _name_line(text: str) -> int:
    """The line of the project's name, else of the first table."""
    table, begin = "", 0
    for number, line in enumerate(text_lines(text), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table, begin = stripped.strip("[] "), begin or number
        elif table in ("project", "tool.poetry") and re.match(r"name\s*=", stripped):
            return number
    return begin or 1
