"""Settings files of a program's own making: `config.yaml`, `settings.toml`, `config.json`, `.ini`.

No framework fixes what their keys mean: only entries that may be addresses, or stand before routes,
are kept, for the code that asks for them by their key.
"""

from __future__ import annotations

import configparser
import tomllib
from typing import TYPE_CHECKING, Any

from scaleaudit.config_files import helm, yaml_file
from scaleaudit.config_files.dropwizard import dropwizard_facts
from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import text_of
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.yaml_documents import line_count, read_yaml
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "file"
MAX_ENTRIES = 2_000
MAX_TEXT = 500
MAX_DEPTH = 8
MANIFEST = regex(
    rb"(?m)^[ \t{\"'-]*(?:apiVersion|services|scrape_configs|datasources|exporters|metrics_generator)\b"
)
ADDRESS = regex(r"^[\w+.-]*://|^[\w.-]+:\d{2,5}(/|$)|^\$\{")
KEY = regex(r"(?i)(ur[il]|host(name)?|addr(ess)?|endpoint|server|uri|dsn|brokers?)s?(\[\d+\])?$")
PATH_KEY = regex(r"(?i)(path|prefix)$")  # before the routes of a program
PATH = regex(r"(?:/[\w.{}:-]+){1,12}/?")
HOST = regex(r"[A-Za-z][\w.-]{1,120}")
# The first part of a key that says for which environment the entry is.
ENVIRONMENTS = frozenset({"default", "production", "prod", "shared", "global"})
OTHERS = frozenset({"development", "dev", "test", "testing", "local", "ci"})
Entry = tuple[str, str, Span]


def extract(content: bytes) -> FileFacts:
    """The addresses of one file, by its form; a manifest is read as what it is."""
    text = text_of(content)
    start = text.lstrip()[:1]
    lines = line_count(content)
    facts: list[SettingDefined] = []
    if start == "{":
        entries, _ = read_json(text)
        found: Iterator[Entry] = (
            (".".join(e.path), e.value, Span(e.line)) for e in entries if e.value and e.path
        )
    elif start == "[" or TOML.search(text):
        found = _sections(text)
    elif MANIFEST.search(content):
        of_chart = b"{{" in content and b".Values" in content  # `templates/config-map.yaml`
        return helm.extract(content) if of_chart else yaml_file.extract(content)
    else:
        documents = read_yaml(content).maps
        facts = [fact for document in documents for fact in dropwizard_facts(document)]
        found = (entry for document in documents for entry in flat(document))
    for number, (key, written, at) in enumerate(found):
        if number >= MAX_ENTRIES:
            break
        first, dot, rest = key.partition(".")
        if first.lower() in OTHERS:
            continue
        environment = first.lower() if dot and first.lower() in ENVIRONMENTS else ""
        name = rest if environment else key
        if name and may_be_address(name, written):
            value = without_secrets(name, spring_value(written))
            facts.append(SettingDefined(at, name, value, SOURCE, environment))
    return FileFacts(tuple(facts), lines=lines)


TOML = regex(r"(?m)^\s*[\w.\"-]+\s*=\s*\S")


def may_be_address(key: str, text: str) -> bool:
    if not text or len(text) > MAX_TEXT:
        return False
    if ADDRESS.search(text) or (PATH_KEY.search(key) and PATH.fullmatch(text)):
        return True
    return KEY.search(key) is not None and HOST.fullmatch(text) is not None


def _sections(text: str) -> Iterator[Entry]:
    """TOML, and what is no TOML as an INI file."""
    lines = {line.partition("=")[0].strip(): n for n, line in enumerate(text.split("\n"), 1)}
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError):
        yield from _flat_ini(text, lines)
    else:
        yield from _flat_toml(table, lines)


def _flat_ini(text: str, lines: dict[str, int]) -> Iterator[Entry]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return
    for section in parser.sections():
        for key, value in parser.items(section):
            yield f"{section}.{key}", (value or "").strip("\"'"), Span(lines.get(key, 1))


def _flat_toml(table: dict[str, Any], lines: dict[str, int]) -> Iterator[Entry]:
    waiting: list[tuple[str, Any, int]] = [("", table, 0)]
    while waiting:
        prefix, at, depth = waiting.pop()
        for key, value in at.items():
            name = f"{prefix}.{key}" if prefix else str(key)
            if isinstance(value, dict):
                if depth < MAX_DEPTH:
                    waiting.append((name, value, depth + 1))
            elif isinstance(value, str):
                yield name, value, Span(lines.get(str(key), 1))
