"""`pyproject.toml`: a Python project after PEP 621 or Poetry, and uv's workspace."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from scaleaudit.config_files.python_requirements import requirement
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in, text_lines
from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

MAX_TEXT = 512 * 1024  # characters; tomllib is pure Python
# The time that tomllib takes for a key grows with the square of its parts.
_LONG_KEY = regex(r"(?<![\w\-\"'])(?:[\w\-\"']++[ \t]*+\.[ \t]*+){64}")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _project)


def _project(text: str) -> Iterator[PackageDeclared]:
    """Nothing for a file that only holds the settings of tools."""
    document = _parsed(text)
    project, tool = _table(document, "project"), _table(document, "tool")
    poetry, members = _table(tool, "poetry"), _table(tool, "uv", "workspace").get("members")
    groups = _table(document, "dependency-groups")
    if not (project or poetry or members or groups or "build-system" in document):
        return
    scripts = _pairs(_table(project, "scripts")) or _pairs(_table(poetry, "scripts"))
    yield PackageDeclared(
        at=Span(_name_line(text)),
        name=_text(project.get("name")) or _text(poetry.get("name")),
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


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_TEXT:
        raise NotUnderstoodError(f"longer than {MAX_TEXT} characters")
    if _LONG_KEY.search(text):
        raise NotUnderstoodError("nested too deeply")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotUnderstoodError(f"no valid TOML: {error}"[:200]) from None
    except ValueError:  # a number of thousands of digits
        raise NotUnderstoodError("no valid TOML") from None


def _table(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        found = table.get(key)
        if not isinstance(found, dict):
            return {}
        table = found
    return table


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


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
    for name, value in _table(poetry, "dependencies").items():
        if name != "python":
            yield name, version_of(value)


def version_of(value: object) -> str:
    """The version in a Poetry or Pipfile entry: a text, or a table that may name one."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("version")
    return _text(value)


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
