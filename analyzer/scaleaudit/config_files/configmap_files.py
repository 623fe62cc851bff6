"""Whole files inside a ConfigMap: those that hold settings are read for their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.gateway_documents import gateway_facts
from scaleaudit.config_files.go_templates import templated
from scaleaudit.config_files.interpolation import KUBERNETES, MAX_TEXT, plain_text
from scaleaudit.config_files.log_shippers import is_pipeline, pipeline_facts
from scaleaudit.config_files.monitoring import monitoring_facts
from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.proxies import proxy_facts
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

    from scaleaudit.config_files.yaml_values import Text, YamlMap

MAX_ENTRIES = 2_000
_ENTRY = regex(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)")
_OF_PROXIES = ("_pass", "Proxy", "proxy", "server")


def settings_in_file(name: str, content: Text, group: str) -> Iterator[SettingDefined]:
    """The entries of a properties, dotenv or YAML file, the servers behind a proxy; another file
    is one unknown text."""
    entries: Iterator[tuple[str, str, int]] = iter(())
    if name.endswith((".yml", ".yaml", ".json")):
        documents = read_yaml(content.encode("utf-8", "replace")).maps
        passed = [fact for document in documents for fact in gateway_facts(document)]
        watched = [fact for each in documents for fact in _of_programs(each)]
        if not passed and not name.endswith(".json"):
            entries = _yaml_entries(documents)
    elif name.endswith((".properties", "env")):
        passed, watched = [], []
        entries = _line_entries(content)
    else:
        passed = list(_passed(content))
        watched = list(pipeline_facts(content)) if is_pipeline(name, content) else []
    for fact in (*passed, *watched):
        yield SettingDefined(
            Span(content.line + fact.at.line), fact.key, fact.value, fact.source, group
        )
    if not passed and not name.endswith((".yml", ".yaml", ".properties", "env")):
        lines = content.rstrip("\n").count("\n") + 1
        yield SettingDefined(
            content.at, name, Unknown(f"a file of {lines} lines"), "configmap", group
        )
    for count, (key, text, line) in enumerate(entries):
        if count >= MAX_ENTRIES:
            break
        entry = plain_text(key, KUBERNETES)
        value = templated(text, spring_value) if len(text) <= MAX_TEXT else Unknown("too long")
        yield SettingDefined(
            Span(content.line + line),
            entry,
            without_secrets(entry, value),
            "configmap",
            group,
            name,
        )


def _of_programs(document: YamlMap) -> Iterator[SettingDefined]:
    """Whom programs that watch or ship logs reach, where it is their file."""
    yield from monitoring_facts(document)
    yield from shipping_facts(document)


def _passed(content: str) -> Iterator[SettingDefined]:
    return proxy_facts(content) if any(word in content for word in _OF_PROXIES) else iter(())


def _yaml_entries(documents: list[YamlMap]) -> Iterator[tuple[str, str, int]]:
    for document in documents:
        for key, text, at in flat(document):
            yield key, text, at.line


def _line_entries(content: str) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(text_lines(content), 1):
        found = _ENTRY.fullmatch(line)
        if found is not None:
            yield found[1], found[2].strip(), number
