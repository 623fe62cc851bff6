"""The settings of a scan, from `scaleaudit.toml` or `[tool.scaleaudit]`, typed and checked."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from scaleaudit.file_marks import LIMIT, MAX_FILE_BYTES
from scaleaudit.findings import Confidence, Severity
from scaleaudit.ignore_patterns import fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "scaleaudit.toml"
MAX_CONFIG_BYTES = 1 << 20


class ConfigError(Exception):
    """A setting is wrong; the message is one line with file, line, key and the nearest name."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a repository may say about its own scan. Paths are relative to the scanned root."""

    include: tuple[str, ...] = ()
    """Read only files that match one of these gitignore-style patterns."""
    exclude: tuple[str, ...] = ()
    """Never read files that match one of these gitignore-style patterns."""
    max_file_size: Annotated[int, msgspec.Meta(ge=1, le=MAX_FILE_BYTES)] = LIMIT
    """Bytes above which a file is skipped. 1 MiB: hand-written source files are smaller.

    Dumps of SQL may have 16 MiB, unless this is set below its default."""
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


def settings_files(root: Path) -> tuple[Path, Path]:
    """Where `find_config` looks."""
    return root / FILE_NAME, root / "pyproject.toml"


def find_config(root: Path) -> Path | None:
    """`scaleaudit.toml` in the root, else a `pyproject.toml` there with `[tool.scaleaudit]`.

    Raises `ConfigError` for one that cannot be read or lies elsewhere.
    """
    own, project = settings_files(root)
    if own.is_file():
        if not _inside(root, own):
            raise ConfigError(f"{FILE_NAME}: a link out of the scanned folder is not followed")
        return own
    if project.is_file() and _inside(root, project) and _has_our_table(_read(project)):
        return project
    return None


def _has_our_table(text: str) -> bool:
    """Whether a `pyproject.toml` holds settings of ours, however TOML lets them be written."""
    if "scaleaudit" not in text:
        return False
    import tomllib

    try:
        tool = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError):
        return "[tool.scaleaudit" in text
    return isinstance(tool, dict) and "scaleaudit" in tool


def _inside(root: Path, path: Path) -> bool:
    """Whether a file stands below the root once links are followed."""
    return path.resolve().is_relative_to(os.path.realpath(root))


def load_config(path: Path | None) -> Config:
    """The settings of a file, the defaults when there is none; raises `ConfigError`."""
    if path is None:
        return Config()
    text = _read(path)
    table: Any = _parsed(path, text)
    text = own_part(path, text)
    if path.name == "pyproject.toml":
        tool = table.get("tool")
        table = tool.get("scaleaudit", {}) if isinstance(tool, dict) else {}
        _need_table(path, text, "scaleaudit", "tool.scaleaudit", table)
    rules = table.get("rules")
    for key, value in rules.items() if isinstance(rules, dict) else ():
        _need_table(path, text, key, f"rules.{key}", value)
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(str(path), text, str(error), keys_of(Config))) from error
    for key, patterns in (("include", config.include), ("exclude", config.exclude)):
        wrong = fault(patterns)
        if wrong:
            raise ConfigError(f"{path}:{line_of(text, key)}: {key}: {wrong}")
    return config


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        said, _, where = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", where)
        number = int(line[1]) if line else text.rstrip().count("\n") + 1
        raise ConfigError(f"{path}:{number}: not valid TOML: {said}") from error


def _need_table(path: Path, text: str, key: str, name: str, value: object) -> None:
    if not isinstance(value, dict):
        wrong = f"expected a table, got `{type(value).__name__}`"
        raise ConfigError(f"{path}:{line_of(text, key)}: {name}: {wrong}")


def own_part(path: Path, text: str) -> str:
    """The text with the tables of other tools blanked, so that keys are found in our own."""
    if path.name != "pyproject.toml":
        return text
    kept, ours = [], False
    for line in text.splitlines():
        if re.match(r"""\s*\[+\s*["'\w]""", line):
            ours = bool(re.match(r"""\s*\[\s*["']?tool["']?\s*\.\s*["']?scaleaudit\b""", line))
        kept.append(line if ours else "")
    return "\n".join(kept) if any(kept) else text


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
    import difflib

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
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > MAX_CONFIG_BYTES:
        raise ConfigError(f"{path}: larger than 1 MiB")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8") from error
