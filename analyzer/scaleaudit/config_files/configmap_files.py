"""Whole files inside a ConfigMap: those that hold settings are read for their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.go_templates import templated
from scaleaudit.config_files.interpolation import KUBERNETES, MAX_TEXT, plain_text
from scaleaudit.config_files.log_shippers import pipeline_facts
from scaleaudit.config_files.monitoring import monitoring_facts
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import text_lines
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.shipping import shipping_facts
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import Text

MAX_ENTRIES = 2_000
_ENTRY = regex(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)")


def settings_in_file(name: str, content: Text, group: str) -> Iterator[SettingDefined]:
    """The entries of a properties, dotenv or YAML file; another file is one unknown text."""
    entries: Iterator[tuple[str, str, int]] = iter(())
    for fact in _of_programs(name, content):
        yield structs.replace(fact, at=Span(content.line + fact.at.line))
    if name.endswith((".yml", ".yaml")):
        entries = _yaml_entries(content)
    elif name.endswith((".properties", "env")):
        entries = _line_entries(content)
    else:
        lines = content.rstrip("\n").count("\n") + 1
        yield SettingDefined(
            content.at, name, Unknown(f"a file of {lines} lines"), "configmap", group
        )
    for count, (key, text, line) in enumerate(entries):
        if count >= MAX_ENTRIES:
            break
        name = plain_text(key, KUBERNETES)
        value = templated(text, spring_value) if len(text) <= MAX_TEXT else Unknown("too long")
        yield SettingDefined(
            Span(content.line + line), name, without_secrets(name, value), "configmap", group
        )


def _of_programs(name: str, content: str) -> Iterator[SettingDefined]:
    """Whom programs that watch or ship logs reach, where it is their file."""
    if name.endswith((".yml", ".yaml")):
        for document in read_yaml(content.encode("utf-8", "replace")).maps:
            yield from monitoring_facts(document)
            yield from shipping_facts(document)
    elif name.endswith((".conf", ".config")) and (
        "=>" in content or "<match" in content or "[OUTPUT]" in content
    ):
        yield from pipeline_facts(content)


def _yaml_entries(content: str) -> Iterator[tuple[str, str, int]]:
    for document in read_yaml(content.encode("utf-8", "replace")).maps:
        for key, text, at in flat(document):
            yield key, text, at.line


def _line_entries(content: str) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(text_lines(content), 1):
        found = _ENTRY.fullmatch(line)
        if found is not None:
            yield found[1], found[2].strip(), number
