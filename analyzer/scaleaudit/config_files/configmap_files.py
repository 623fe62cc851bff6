"""Whole files inside a ConfigMap: those that hold settings are read for their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.go_templates import templated
from scaleaudit.config_files.interpolation import KUBERNETES, MAX_TEXT, plain_text
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.proxies import proxy_facts
from scaleaudit.config_files.reading import text_lines
from scaleaudit.config_files.secret_values import without_secrets
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
    if name.endswith((".yml", ".yaml")):
        entries = _yaml_entries(content)
    elif name.endswith((".properties", "env")):
        entries = _line_entries(content)
    elif proxied := list(_proxied(content, group)):
        yield from proxied
        return
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


def _proxied(content: Text, group: str) -> Iterator[SettingDefined]:
    """What the configuration of a proxy says, under the ConfigMap's name."""
    if "_pass" in content or "Proxy" in content or "proxy" in content or "server" in content:
        for fact in proxy_facts(content):
            at = Span(content.line + fact.at.line)
            yield SettingDefined(at, fact.key, fact.value, fact.source, group)


def _yaml_entries(content: str) -> Iterator[tuple[str, str, int]]:
    for document in read_yaml(content.encode("utf-8", "replace")).maps:
        for key, text, at in flat(document):
            yield key, text, at.line


def _line_entries(content: str) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(text_lines(content), 1):
        found = _ENTRY.fullmatch(line)
        if found is not None:
            yield found[1], found[2].strip(), number
