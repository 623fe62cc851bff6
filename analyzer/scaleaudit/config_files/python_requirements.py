"""`requirements.txt`, `Pipfile` and `setup.cfg`: what a Python program installs."""

from __future__ import annotations

import configparser
import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import NotUnderstoodError, facts_in, text_lines
from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

MAX_LINE = 1_000  # characters of one requirement
MAX_SETUP = 128 * 1024  # characters

_REQUIREMENT = regex(
    r"\s*(?P<name>[A-Za-z0-9][\w.\-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*(?P<version>[^;@#)]*?)\s*\)?\s*"
    r"(?:@[^;#]*)?(?:;.*|\s\#.*)?\Z"
)
_SPECIFIER = regex(r"(?:(?:[<>=!~]=|===|[<>])\s*[\w.*+!\-]+\s*,?\s*)*\Z")
_INLINE_TABLE_VERSION = regex(r"version\s*=\s*[\"']([^\"']*)[\"']")


def extract(content: bytes) -> FileFacts:
    """The three forms are told apart by their sections; `requirements.txt` has none."""
    return facts_in(content, _package)


def requirement(text: str) -> tuple[str, str] | None:
    """Name and version specifier of a PEP 508 line, None when it is something else."""
    found = _REQUIREMENT.match(" ".join(text.split())) if len(text) <= MAX_LINE else None
    if not found or not _SPECIFIER.match(found["version"]):
        return None
    return found["name"], found["version"]


def _package(text: str) -> Iterator[PackageDeclared]:
    sections = set(re.findall(r"(?m)^\[([\w\-.:]+)\]\s*(?:#.*)?$", text))
    if "packages" in sections or "dev-packages" in sections:
        yield from _pipfile(text)
    elif sections:
        yield from _setup_cfg(text)
    else:
        yield from _requirements(text)


def _requirements(text: str) -> Iterator[PackageDeclared]:
    found: dict[str, str] = {}
    begin = 0
    joined = ""
    for number, line in enumerate(text_lines(text), 1):
        joined += line.partition("#")[0] if line.lstrip().startswith("#") else line
        if joined.endswith("\\") and len(joined) < MAX_LINE:
            joined = joined[:-1]
            continue
        # Options of a requirement (`--hash=...`) follow it after a blank.
        parsed = requirement(re.split(r"\s--", joined, maxsplit=1)[0])
        joined = ""
        if parsed:
            begin = begin or number
            found[parsed[0]] = parsed[1]
    if found:
        yield PackageDeclared(Span(begin), "", "pypi", tuple(found.items()))


def _pipfile(text: str) -> Iterator[PackageDeclared]:
    """Read by line, for only one flat table of it matters."""
    found: dict[str, str] = {}
    section, begin = "", 1
    for number, line in enumerate(text_lines(text), 1):
        if header := re.match(r"\[([\w\-]+)\]", line):
            section = header[1]
            begin = number if section == "packages" else begin
        elif section == "packages":
            entry = re.match(r"[\"']?([\w.\-]+)[\"']?\s*=\s*(.+)", line)
            if entry:
                quoted = re.match(r"[\"']([^\"']*)[\"']", entry[2])
                version = quoted or _INLINE_TABLE_VERSION.search(entry[2])
                found[entry[1]] = version[1] if version else ""
    yield PackageDeclared(Span(begin), "", "pypi", tuple(found.items()))


def _setup_cfg(text: str) -> Iterator[PackageDeclared]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    if len(text) > MAX_SETUP or re.search(r"[^\n]{500}", text):
        raise NotUnderstoodError("too long for a setup.cfg")  # its parser is slow on long lines
    try:
        parser.read_string(text)
    except (configparser.Error, AttributeError) as error:  # AttributeError: a value went astray
        raise NotUnderstoodError(f"no valid ini file: {type(error).__name__}") from None
    name = parser.get("metadata", "name", fallback="") or ""
    required = parser.get("options", "install_requires", fallback="") or ""
    scripts = parser.get("options.entry_points", "console_scripts", fallback="") or ""
    if not (name or required or scripts):
        return  # settings of tools alone
    found = [requirement(line) for line in required.splitlines() if line.strip()]
    pairs = [line.partition("=") for line in scripts.splitlines() if "=" in line]
    line = next((n for n, t in enumerate(text_lines(text), 1) if re.match(r"name\s*=", t)), 1)
    yield PackageDeclared(
        at=Span(line),
        name=name,
        ecosystem="pypi",
        dependencies=tuple(dict(f for f in found if f).items()),
        scripts=tuple((left.strip(), right.strip()) for left, _, right in pairs),
        runnable=bool(pairs),
    )
