"""Whole files inside a ConfigMap: those that hold settings are read for their entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import KUBERNETES, text_value
from scaleaudit.config_files.yaml_documents import Text, YamlMap, YamlValue, as_list, read_yaml
from scaleaudit.facts import SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ENTRIES = 2_000
_ENTRY = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)")
_LINES = (".properties", ".env", ".ini", ".conf", "env")
_YAML = (".yml", ".yaml")


def settings_in_file(name: str, content: Text, group: str) -> Iterator[SettingDefined]:
    """The entries of a properties, dotenv or YAML file; another file is one unknown text."""
    if name.endswith(_YAML):
        for document in read_yaml(content.encode("utf-8", "replace")).maps:
            for key, value in flat_settings(document):
                at = Span(content.line + value.line)
                yield SettingDefined(at, key, text_value(value, KUBERNETES, key), "configmap", group)
    elif name.endswith(_LINES) and not name.endswith("nginx.conf"):
        for number, line in enumerate(content.splitlines()[:MAX_ENTRIES], 1):
            found = _ENTRY.fullmatch(line)
            if found is not None:
                value = text_value(found[2].strip(), KUBERNETES, found[1])
                yield SettingDefined(Span(content.line + number), found[1], value, "configmap", group)
    else:
        lines = content.count("\n") + 1
        yield SettingDefined(content.at, name, Unknown(f"a file of {lines} lines"), "configmap", group)


def flat_settings(document: YamlMap) -> Iterator[tuple[str, Text]]:
    """Every scalar under its dotted key; the items of a list have their index as key."""
    todo: list[tuple[str, YamlValue]] = [("", document)]
    count = 0
    while todo and count < MAX_ENTRIES:
        prefix, value = todo.pop()
        if isinstance(value, Text):
            count += 1
            yield prefix.removesuffix("."), value
        elif isinstance(value, YamlMap):
            todo.extend((f"{prefix}{key}.", item) for key, item in reversed(value.items()))
        else:
            items = list(enumerate(as_list(value)))
            todo.extend((f"{prefix}{index}.", item) for index, item in reversed(items))
