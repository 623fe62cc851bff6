"""The settings of a scan, from `scaleaudit.toml` or `[tool.scaleaudit]`, typed and checked."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from scaleaudit.findings import Confidence, Severity
from scaleaudit.ignore_patterns import fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "scaleaudit.toml"
MAX_CONFIG_BYTES = 1 << 20
MAX_FILE_BYTES = 16 << 20  # a parsed file needs many times its size in memory


class ConfigError(Exception):
    """A setting is wrong; the message is one line with file, line, key and the nearest name."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a repository may say about its own scan. Paths are relative to the scanned root."""

    include: tuple[str, ...] = ()
    """Read only files that match one of these gitignore-style patterns."""
    exclude: tuple[str, ...] = ()
    """Never read files that match one of these gitignore-style patterns."""
    max_file_size: Annotated[int, msgspec.Meta(ge=1, le=MAX_FILE_BYTES)] = 1 << 20
    """Bytes above which a file is skipped. 1 MiB: hand-written source files are smaller."""
    include_tests: bool = False
    """Also read test code; its calls and queries are then part of the graph."""
    select: tuple[str, ...] = ()
    """Rules, families, dimensions or phases to run; all when empty."""
    ignore: tuple[str, ...] = ()
    """Rules, families, dimensions or phases to leave out."""
    min_severity: Severity = Severity.INFO
    """Findings below it are not shown."""
    min_confidence: Confidence = Confidence.LOW
    """Findings below it are not shown."""
    fail_on: Severity = Severity.HIGH
    """Findings at or above it make the exit code 1."""
    local_rules: str = ""
    """A folder of own rules; loaded only when the command line allows it."""
    rules: dict[str, dict[str, Any]] = {}
    """Options of single rules, by rule id."""


CHOICES: dict[str, tuple[str, ...]] = {
    "min-severity": tuple(Severity),
    "min-confidence": tuple(Confidence),
    "fail-on": tuple(Severity),
}


def find_config(root: Path) -> Path | None:
    """`scaleaudit.toml` in the root, else a `pyproject.toml` there with `[tool.scaleaudit]`.

    Raises `ConfigError` for one that cannot be read or lies elsewhere.
    """
    own = root / FILE_NAME
    if own.is_file():
        if not _inside(root, own):
            raise ConfigError(f"{FILE_NAME}: a link out of the scanned folder is not followed")
        return own
    project = root / "pyproject.toml"
    if project.is_file() and _inside(root, project) and "[tool.scaleaudit" in _read(project):
        return project
    return None


def _inside(root: Path, path: Path) -> bool:
    """Whether a file stands below the root once links are followed."""
    return path.resolve().is_relative_to(os.path.realpath(root))


def load_config(path: Path | None) -> Config:
    """The settings of a file, the defaults when there is none; raises `ConfigError`."""
    if path is None:
        return Config()
    text = _read(path)
    try:
        table: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}") from error
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("scaleaudit", {})
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(path.name, text, str(error), keys_of(Config))) from error
    for key, patterns in (("include", config.include), ("exclude", config.exclude)):
        wrong = fault(patterns)
        if wrong:
            raise ConfigError(f"{path.name}:{line_of(text, key)}: {key}: {wrong}")
    return config


def keys_of(struct: type[msgspec.Struct]) -> list[str]:
    """The names of a struct's fields as a file spells them."""
    return [field.encode_name for field in msgspec.structs.fields(struct)]


def explain(file: str, text: str, error: str, names: Iterable[str]) -> str:
    """msgspec's complaint as one line: `file:line: key: what is wrong (nearest valid name)`."""
    unknown = re.search(r"unknown field `([^`]*)`", error)
    where = re.search(r"at `\$\.?([^`]*)`", error)
    parents = [part for part in re.split(r"[.\[]", where[1]) if part] if where else []
    if unknown:
        key = unknown[1]
        near = nearest(key, names)
        said = f"unknown key{f', did you mean `{near}`?' if near else ''}"
    else:
        key = parents[0] if parents else ""
        said = error.partition(" - at ")[0].replace("Expected", "expected", 1)
        said = said.replace("`object`", "a table").replace("`array`", "a list")
        word = re.search(r"Invalid enum value '([^']*)'", said)
        if word:
            said = not_one_of(word[1], CHOICES.get(key, ()))
    return f"{file}:{line_of(text, key)}: {key}: {said}"


def not_one_of(word: str, choices: Iterable[str]) -> str:
    """`'hgh' is not one of low, high, did you mean `high`?`"""
    names = list(choices)
    near = nearest(word, names)
    hint = f", did you mean `{near}`?" if near else ""
    return f"'{word}' is not one of {', '.join(names)}{hint}"


def nearest(word: str, names: Iterable[str]) -> str:
    """The valid name that looks most like the word, empty when none does."""
    return next(iter(difflib.get_close_matches(word, list(names), n=1, cutoff=0.5)), "")


def line_of(text: str, key: str) -> int:
    """The line on which a TOML key stands, 1 when it cannot be told."""
    wanted = re.compile(rf"""^\s*(\[[^\]]*\b)?["']?{re.escape(key)}["']?\s*[\].=]""")
    for number, line in enumerate(text.splitlines(), 1):
        if key and wanted.match(line):
            return number
    return 1


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CONFIG_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path.name}: cannot be read: {error.strerror}") from error
    if len(content) > MAX_CONFIG_BYTES:
        raise ConfigError(f"{path.name}: larger than 1 MiB")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name}: not UTF-8") from error
